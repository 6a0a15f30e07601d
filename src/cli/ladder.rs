//! `naru trail CALL --sip`: the messages of a call, drawn as a ladder.

use crate::api::ladder;
use crate::api::schema::sip::CallSip;
use crate::cli::daemon_or_store::{ask_if_up, read};
use crate::cli::failure::Failure;
use crate::cli::terminal;
use crate::cli::terminal::Terminal;
use crate::config::settings::Config;
use crate::words::Words;

/// # Errors
/// When there is no such call, or no daemon: the messages are in its memory alone.
pub(crate) fn ladder(terminal: &Terminal, config: &Config, call: u64) -> Result<(), Failure> {
    let path = format!("/v1/calls/{call}/sip");
    let Some(answer) = ask_if_up(terminal, config, ("GET", &path), "".into())? else {
        return Err(Failure::failed(Words::new(
            "SIP 메시지는 실행 중인 naru만 기억합니다. 먼저 naru를 시작하세요",
            "only a running naru remembers SIP messages; start it first",
        )));
    };
    let sip: CallSip = read(&answer)?;
    if sip.steps.is_empty() {
        terminal.say(&Words::new(
            "이 통화의 SIP 메시지는 더 이상 남아 있지 않습니다",
            "the SIP messages of this call are no longer kept",
        ))?;
        return Ok(());
    }
    for line in ladder::lines(&sip, &terminal.zone) {
        terminal::line(&line)?;
    }
    let left_out: u64 = sip.parties.iter().map(|party| party.left_out).sum();
    if left_out > 0 {
        terminal.say(&Words::new(
            format!("뒤의 메시지 {left_out}개는 남기지 않았습니다"),
            format!("{left_out} later messages were not kept"),
        ))?;
    }
    Ok(())
}
