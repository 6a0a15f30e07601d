//! What can be typed after `naru agents` and `workflows`.

use clap::{Args, ValueEnum};

use crate::duty::Activity;

#[derive(Debug, Args)]
pub struct AgentArguments {
    /// The extension of one agent; everybody unless given
    #[arg(value_name = "EXTENSION")]
    pub agent: Option<String>,
    /// In their seat: customers' calls may be given to them
    #[arg(long, value_name = "on|off")]
    pub seat: Option<Switch>,
    /// available, eat, rest, in_meeting, education, other_work, off or vacation
    #[arg(long, value_name = "WORD")]
    pub activity: Option<Activity>,
    /// Calls may be theirs, but no phone of theirs rings; for a time like 2h or 90d, until a moment
    /// like "2026-12-24 18:00", or on until it is switched off
    #[arg(long, value_name = "on|off|TIME")]
    pub do_not_disturb: Option<String>,
    /// The work after the last call is done
    #[arg(long)]
    pub end_wrap_up: bool,
    /// The office's number that their calls to the outside show; auto: by the numbers' routes
    #[arg(long, value_name = "NUMBER|auto")]
    pub number: Option<String>,
    /// As JSON
    #[arg(long, conflicts_with = "csv")]
    pub json: bool,
    /// As CSV that spreadsheets open with Hangul intact
    #[arg(long)]
    pub csv: bool,
}

#[derive(Debug, Args)]
pub struct WorkflowArguments {
    /// The steps of this workflow: how often each was come to, left and answered with which key
    pub name: Option<String>,
    /// As JSON, with every version
    #[arg(long, conflicts_with = "csv")]
    pub json: bool,
    /// As CSV: how often each version was run, by how it ended; with a name, its steps
    #[arg(long)]
    pub csv: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Switch {
    On,
    Off,
}

impl Switch {
    #[must_use]
    pub fn is_on(self) -> bool {
        matches!(self, Self::On)
    }
}

pub const KOREAN: &[(&str, &str, &str)] = &[
    ("agents", "", "매니저들의 상태를 보여 주거나 한 사람의 상태를 바꿉니다"),
    ("agents", "agent", "매니저 한 사람의 내선. 없으면 모두"),
    ("agents", "seat", "상담 자리: on이면 고객 전화를 배정받습니다"),
    (
        "agents",
        "activity",
        "available, eat, rest, in_meeting, education, other_work, off, vacation 중 하나",
    ),
    (
        "agents",
        "do_not_disturb",
        "방해 금지: 배정은 되지만 벨이 울리지 않습니다. on(끌 때까지), off, 2h나 90d 같은 시간, \"2026-12-24 18:00\" 같은 때",
    ),
    ("agents", "end_wrap_up", "마지막 통화의 후처리를 끝냅니다"),
    ("agents", "number", "밖으로 걸 때 보일 사무실 번호. auto면 번호의 라우팅에 따릅니다"),
    ("agents", "json", "JSON으로"),
    ("agents", "csv", "스프레드시트에서 한글이 깨지지 않는 CSV로"),
    ("workflows", "", "워크플로우와, 고객이 어디로 가고 어디서 끊는지 보여 줍니다"),
    ("workflows", "name", "이 워크플로우의 단계마다 도달, 이탈, 누른 키"),
    ("workflows", "json", "JSON으로, 모든 버전과 함께"),
    ("workflows", "csv", "CSV로: 버전마다 어떻게 끝났는지와 횟수. 이름을 적으면 그 단계들"),
];
