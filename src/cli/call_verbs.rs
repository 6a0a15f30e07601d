//! `naru calls priority`, `assign`, `invite`, `mute`, `hold` and `end`.

use bytes::Bytes;
use serde_json::json;

use crate::cli::arguments::call_verbs::CallVerb;
use crate::cli::daemon_or_store::ask_well;
use crate::cli::failure::Failure;
use crate::cli::terminal::Terminal;
use crate::config::settings::Config;
use crate::words::Words;

/// # Errors
/// When no daemon answers, or the call would not do it.
pub(crate) fn act(terminal: &Terminal, config: &Config, verb: &CallVerb) -> Result<(), Failure> {
    let post = |call: u64, what: &str, body: &serde_json::Value| {
        let path = format!("/v1/calls/{call}/{what}");
        ask_well(config, "POST", &path, body.to_string().into()).map(drop)
    };
    let done = match verb {
        CallVerb::Priority(asked) => {
            post(asked.call, "priority", &json!({"priority": asked.priority}))?;
            Words::new(
                format!("통화 {}의 우선순위를 바꿨습니다", asked.call),
                format!("call {} has another priority", asked.call),
            )
        }
        CallVerb::Assign(asked) => {
            post(asked.call, "assign", &json!({"agent": asked.agent}))?;
            Words::new(
                format!("통화 {}을(를) {}에게 연결합니다", asked.call, asked.agent),
                format!("call {} rings at {}", asked.call, asked.agent),
            )
        }
        CallVerb::Invite(invite) => {
            post(invite.call, "invite", &json!({"extension": invite.extension}))?;
            Words::new(
                format!("{} 번 전화기가 울립니다", invite.extension),
                format!("the phone of {} rings", invite.extension),
            )
        }
        CallVerb::Mute(mute) => {
            let muted = mute.switch.is_on();
            post(mute.call, "mute", &json!({"extension": mute.extension, "muted": muted}))?;
            let extension = &mute.extension;
            if muted {
                Words::new(
                    format!("{extension} 번의 목소리를 껐습니다"),
                    format!("{extension} is muted"),
                )
            } else {
                Words::new(
                    format!("{extension} 번의 목소리를 다시 켰습니다"),
                    format!("{extension} can be heard again"),
                )
            }
        }
        CallVerb::Hold(hold) => {
            let held = hold.switch.is_on();
            post(hold.call, "hold", &json!({"held": held}))?;
            if held {
                Words::new("고객이 대기 음악을 듣습니다", "the customer hears music")
            } else {
                Words::new("보류를 풀었습니다", "the call is taken back")
            }
        }
        CallVerb::End(end) => {
            ask_well(config, "DELETE", &format!("/v1/calls/{}", end.call), Bytes::new())?;
            Words::new("모두의 통화를 끝냅니다", "the call is being ended for everybody")
        }
    };
    Ok(terminal.say(&done)?)
}
