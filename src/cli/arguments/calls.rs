//! What can be typed after `naru calls`, `trail` and `stats`.

use clap::Args;

use crate::cli::arguments::call_verbs::CallVerb;

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct CallArguments {
    #[command(subcommand)]
    pub verb: Option<CallVerb>,
    /// Started at or after: 2026-11-25, 2026-11-25T09:00, or with an offset
    #[arg(long, value_name = "TIME")]
    pub from: Option<String>,
    /// Started before
    #[arg(long, value_name = "TIME")]
    pub to: Option<String>,
    /// The office's own number
    #[arg(long)]
    pub number: Option<String>,
    /// Part of a number or name of either side
    #[arg(long, value_name = "TEXT")]
    pub party: Option<String>,
    /// The extension of the agent who talked
    #[arg(long, value_name = "EXTENSION")]
    pub agent: Option<String>,
    /// inbound, outbound or internal
    #[arg(long)]
    pub direction: Option<String>,
    /// answered, missed, no_answer, busy, cancelled, failed or interrupted
    #[arg(long)]
    pub outcome: Option<String>,
    #[command(flatten)]
    pub hours: HoursArguments,
    /// Only calls before this one
    #[arg(long, value_name = "CALL_ID")]
    pub before: Option<u64>,
    /// At most so many calls
    #[arg(long, default_value_t = 100)]
    pub limit: usize,
    /// As JSON
    #[arg(long, conflicts_with = "csv")]
    pub json: bool,
    /// As CSV that spreadsheets open with Hangul intact
    #[arg(long)]
    pub csv: bool,
}

/// Hours that narrow a list or figures.
#[derive(Debug, Args)]
pub struct HoursArguments {
    /// Only what began while these hours were open, as they stood at that time
    #[arg(long, value_name = "NAME")]
    pub hours: Option<String>,
    /// Only what began between these times of the day: 09:00-12:00
    #[arg(long, value_name = "FROM-TO", conflicts_with = "hours")]
    pub time: Option<String>,
    /// The hours as they are defined today, whatever stood then
    #[arg(long, requires = "hours")]
    pub as_today: bool,
    /// What began outside of the hours or times instead
    #[arg(long)]
    pub outside: bool,
}

#[derive(Debug, Args)]
pub struct TrailArguments {
    /// The number of the call, as calls lists it
    #[arg(value_name = "CALL_ID")]
    pub call: u64,
    /// The SIP messages of a recent call instead, as a ladder
    #[arg(long)]
    pub sip: bool,
}

#[derive(Debug, Args)]
pub struct StatsArguments {
    /// Calls that began at or after: 2026-11-25, 2026-11-25T09:00, or with an offset
    #[arg(long, value_name = "TIME")]
    pub from: Option<String>,
    /// Calls that began before
    #[arg(long, value_name = "TIME")]
    pub to: Option<String>,
    /// Seconds within which an answer is in time
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=3600))]
    pub target: u32,
    /// Calls by this number of the office
    #[arg(long, value_name = "NUMBER")]
    pub number: Option<String>,
    /// Calls of conversations that are this team's
    #[arg(long, value_name = "TEAM")]
    pub team: Option<String>,
    /// Beside the same hours of as many days before
    #[arg(long)]
    pub compare: bool,
    /// Missed calls of these reasons are not counted: userLeft,ringTimeOver
    #[arg(long, value_name = "REASONS")]
    pub without: Option<String>,
    /// Each agent's calls, after-call work and time in each status
    #[arg(long, conflicts_with_all = ["number", "team", "compare", "without"])]
    pub agents: bool,
    /// Calls from customers by hour and day of the week
    #[arg(long, conflicts_with = "agents")]
    pub by_weekday: bool,
    #[command(flatten)]
    pub hours: HoursArguments,
    /// As JSON
    #[arg(long, conflicts_with = "csv")]
    pub json: bool,
    /// As CSV that spreadsheets open with Hangul intact
    #[arg(long)]
    pub csv: bool,
}

/// Korean help by command and argument, as in `cli/arguments/command`.
pub(crate) const KOREAN: &[(&str, &str, &str)] = &[
    ("calls", "", "통화 목록을 최근 것부터 보여 주고, 기다리는 고객을 챙깁니다"),
    ("calls", "from", "이 시각부터: 2026-11-25, 2026-11-25T09:00, 또는 시차 포함"),
    ("calls", "to", "이 시각 전까지"),
    ("calls", "number", "사무실의 번호"),
    ("calls", "party", "양쪽 번호나 이름의 일부"),
    ("calls", "agent", "통화한 매니저의 내선 번호"),
    ("calls", "direction", "inbound(수신), outbound(발신), internal(내선)"),
    (
        "calls",
        "outcome",
        "answered, missed, no_answer, busy, cancelled, failed, interrupted 중 하나",
    ),
    ("calls", "hours", "그때의 이 운영시간 안에 시작한 것만"),
    ("calls", "time", "하루 중 이 시간 안에 시작한 것만: 09:00-12:00"),
    ("calls", "as_today", "그때가 아니라 지금 정의된 운영시간으로"),
    ("calls", "outside", "반대로 그 시간 밖에 시작한 것만"),
    ("calls", "before", "이 통화보다 앞선 것만"),
    ("calls", "limit", "최대 개수"),
    ("calls", "json", "JSON으로"),
    ("calls", "csv", "스프레드시트에서 한글이 깨지지 않는 CSV로"),
    ("trail", "", "통화가 왜 그렇게 되었는지 말해 줍니다"),
    ("trail", "call", "calls가 보여 주는 통화 번호"),
    ("trail", "sip", "대신 최근 통화의 SIP 메시지를 사다리로 그립니다"),
    ("stats", "", "통화, 상담, 케이스의 수치. 따로 말하지 않으면 오늘"),
    ("stats", "from", "이 시각부터 시작한 통화: 2026-11-25, 2026-11-25T09:00, 또는 시차 포함"),
    ("stats", "to", "이 시각 전에 시작한 통화"),
    ("stats", "target", "이 초 안에 받으면 목표 안"),
    ("stats", "number", "사무실의 이 번호로 한 통화만"),
    ("stats", "team", "이 팀의 상담에 속한 통화만"),
    ("stats", "compare", "같은 일수만큼 앞선 때의 같은 시간과 견줍니다"),
    (
        "stats",
        "without",
        "이 사유의 부재중은 세지 않습니다: notInOperation, userLeft, ringTimeOver, noOperator, \
         exceededQueue, abandonedInQueue, workflow 중에서",
    ),
    ("stats", "agents", "매니저마다 통화, 후처리, 상태별 시간"),
    ("stats", "by_weekday", "고객이 건 전화를 요일과 시간별로"),
    ("stats", "hours", "그때의 이 운영시간 안에 시작한 것만"),
    ("stats", "time", "하루 중 이 시간 안에 시작한 것만: 09:00-12:00"),
    ("stats", "as_today", "그때가 아니라 지금 정의된 운영시간으로"),
    ("stats", "outside", "반대로 그 시간 밖에 시작한 것만"),
    ("stats", "json", "JSON으로"),
    ("stats", "csv", "스프레드시트에서 한글이 깨지지 않는 CSV로"),
];
