//! What can be typed after `naru calls` to change a call that goes on.

use clap::{Args, Subcommand};

use crate::cli::arguments::people::Switch;

#[derive(Debug, Subcommand)]
pub enum CallVerb {
    /// Move a caller who waits before or behind the others
    Priority(CallPriority),
    /// Put a caller who waits through to an agent
    Assign(CallAssign),
    /// Ring a colleague, who then talks with the others; ten on a call at most
    Invite(CallInvite),
    /// Let the others on the call not hear an agent, or hear them again
    Mute(CallMute),
    /// Let the customer hear music while agents talk, or take them back
    Hold(CallHold),
    /// End a call for everybody
    End(CallEnd),
}

#[derive(Debug, Args)]
pub struct CallPriority {
    /// The number of the call, as `naru api GET /v1/live` and the console show it
    #[arg(value_name = "CALL_ID")]
    pub call: u64,
    /// high, medium or low
    #[arg(value_name = "PRIORITY")]
    pub priority: String,
}

#[derive(Debug, Args)]
pub struct CallAssign {
    /// The number of the call, as `naru api GET /v1/live` and the console show it
    #[arg(value_name = "CALL_ID")]
    pub call: u64,
    /// Whose phones ring
    #[arg(value_name = "EXTENSION")]
    pub agent: String,
}

#[derive(Debug, Args)]
pub struct CallInvite {
    /// The number of the call, as `naru api GET /v1/live` and the console show it
    #[arg(value_name = "CALL_ID")]
    pub call: u64,
    /// Whose phones ring
    #[arg(value_name = "EXTENSION")]
    pub extension: String,
}

#[derive(Debug, Args)]
pub struct CallMute {
    /// The number of the call, as `naru api GET /v1/live` and the console show it
    #[arg(value_name = "CALL_ID")]
    pub call: u64,
    /// Whom the others shall not hear
    #[arg(value_name = "EXTENSION")]
    pub extension: String,
    /// on, or off
    #[arg(value_name = "SWITCH", default_value = "on")]
    pub switch: Switch,
}

#[derive(Debug, Args)]
pub struct CallHold {
    /// The number of the call, as `naru api GET /v1/live` and the console show it
    #[arg(value_name = "CALL_ID")]
    pub call: u64,
    /// on, or off
    #[arg(value_name = "SWITCH", default_value = "on")]
    pub switch: Switch,
}

#[derive(Debug, Args)]
pub struct CallEnd {
    /// The number of the call, as `naru api GET /v1/live` and the console show it
    #[arg(value_name = "CALL_ID")]
    pub call: u64,
}

pub const KOREAN: &[(&str, &str, &str)] = &[
    ("calls priority", "", "기다리는 고객의 순서를 앞당기거나 늦춥니다"),
    ("calls priority", "call", "naru api GET /v1/live나 콘솔이 보여 주는 통화 번호"),
    ("calls priority", "priority", "high(높음), medium(보통), low(낮음)"),
    ("calls assign", "", "기다리는 고객을 매니저에게 연결합니다"),
    ("calls assign", "call", "naru api GET /v1/live나 콘솔이 보여 주는 통화 번호"),
    ("calls assign", "agent", "벨이 울릴 매니저의 내선 번호"),
    ("calls invite", "", "동료의 전화기를 울려 통화에 부릅니다. 한 통화에 10명까지 함께합니다"),
    ("calls invite", "call", "naru api GET /v1/live나 콘솔이 보여 주는 통화 번호"),
    ("calls invite", "extension", "전화기를 울릴 내선 번호"),
    ("calls mute", "", "매니저의 목소리가 다른 사람에게 들리지 않게 하거나 다시 들리게 합니다"),
    ("calls mute", "call", "naru api GET /v1/live나 콘솔이 보여 주는 통화 번호"),
    ("calls mute", "extension", "목소리를 끌 매니저의 내선 번호"),
    ("calls mute", "switch", "on 또는 off"),
    ("calls hold", "", "매니저끼리 이야기하는 동안 고객에게 대기 음악을 들려주거나, 보류를 풉니다"),
    ("calls hold", "call", "naru api GET /v1/live나 콘솔이 보여 주는 통화 번호"),
    ("calls hold", "switch", "on 또는 off"),
    ("calls end", "", "모두의 통화를 끝냅니다"),
    ("calls end", "call", "naru api GET /v1/live나 콘솔이 보여 주는 통화 번호"),
];
