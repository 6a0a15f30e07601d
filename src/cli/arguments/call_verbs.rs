//! What can be typed after `naru calls` to change one that goes on.

use clap::{Args, Subcommand};

use crate::cli::arguments::people::Switch;

#[derive(Debug, Subcommand)]
pub enum CallVerb {
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
pub struct CallInvite {
    /// As naru api GET /v1/live shows it
    #[arg(value_name = "CALL_ID")]
    pub call: u64,
    /// Whose phones ring
    #[arg(value_name = "EXTENSION")]
    pub extension: String,
}

#[derive(Debug, Args)]
pub struct CallMute {
    /// As naru api GET /v1/live shows it
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
    /// As naru api GET /v1/live shows it
    #[arg(value_name = "CALL_ID")]
    pub call: u64,
    /// on, or off
    #[arg(value_name = "SWITCH", default_value = "on")]
    pub switch: Switch,
}

#[derive(Debug, Args)]
pub struct CallEnd {
    /// As naru api GET /v1/live shows it
    #[arg(value_name = "CALL_ID")]
    pub call: u64,
}

pub const KOREAN: &[(&str, &str, &str)] = &[
    ("calls invite", "", "동료의 전화기를 울려 통화에 부릅니다. 한 통화에 10명까지 함께합니다"),
    ("calls invite", "call", "naru api GET /v1/live가 보여 주는 통화 번호"),
    ("calls invite", "extension", "전화기를 울릴 내선 번호"),
    ("calls mute", "", "매니저의 목소리가 다른 사람에게 들리지 않게 하거나 다시 들리게 합니다"),
    ("calls mute", "call", "naru api GET /v1/live가 보여 주는 통화 번호"),
    ("calls mute", "extension", "목소리를 끌 매니저의 내선 번호"),
    ("calls mute", "switch", "on 또는 off"),
    ("calls hold", "", "매니저끼리 이야기하는 동안 고객에게 대기 음악을 들려주거나, 보류를 풉니다"),
    ("calls hold", "call", "naru api GET /v1/live가 보여 주는 통화 번호"),
    ("calls hold", "switch", "on 또는 off"),
    ("calls end", "", "모두의 통화를 끝냅니다"),
    ("calls end", "call", "naru api GET /v1/live가 보여 주는 통화 번호"),
];
