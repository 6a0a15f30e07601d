//! What can be typed after `naru conversations`.

use clap::{Args, Subcommand};

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct ConversationArguments {
    #[command(subcommand)]
    pub verb: Option<ConversationVerb>,
    /// Only missed ones: the list of whom to call back
    #[arg(long, conflicts_with = "state")]
    pub missed: bool,
    /// initial, queued, opened, snoozed, missed or closed
    #[arg(long)]
    pub state: Option<String>,
    /// Part of the customer's number or name
    #[arg(long, value_name = "TEXT")]
    pub party: Option<String>,
    /// The office's own number
    #[arg(long)]
    pub number: Option<String>,
    /// The extension of who is responsible
    #[arg(long, value_name = "EXTENSION")]
    pub assignee: Option<String>,
    /// The team that is responsible
    #[arg(long)]
    pub team: Option<String>,
    /// Only those with this tag
    #[arg(long)]
    pub tag: Option<String>,
    /// The cases: each cycle from opening to close, with how long it took
    #[arg(long, conflicts_with_all = ["missed", "state", "party"])]
    pub cases: bool,
    /// Cases opened at that time or later: 2026-11-25, "2026-11-25 09:00"
    #[arg(long, value_name = "TIME", requires = "cases")]
    pub from: Option<String>,
    /// Cases opened before that time
    #[arg(long, value_name = "TIME", requires = "cases")]
    pub to: Option<String>,
    /// At most so many
    #[arg(long, default_value_t = 100)]
    pub limit: usize,
    /// As JSON
    #[arg(long, conflicts_with = "csv")]
    pub json: bool,
    /// As CSV that spreadsheets open with Hangul intact
    #[arg(long)]
    pub csv: bool,
}

#[derive(Debug, Subcommand)]
pub enum ConversationVerb {
    /// Tell what happened in a conversation
    Show(OneConversation),
    /// Nothing is left to do, in one or in many
    Close(ConversationClose),
    /// Open it again
    Open(OneConversation),
    /// Put it away for a time
    Snooze(ConversationSnooze),
    /// Write a note for colleagues
    Note(ConversationNote),
    /// Set all its tags
    Tag(ConversationTags),
    /// Say who is responsible
    Assign(ConversationAssign),
    /// Call the customer back
    Callback(ConversationCallback),
    /// Take the customer off the list of those who are called in turn
    CancelCallback(OneConversation),
}

#[derive(Debug, Args)]
pub struct OneConversation {
    /// The number of the conversation, as the list shows it
    #[arg(value_name = "ID")]
    pub id: u64,
}

#[derive(Debug, Args)]
pub struct ConversationClose {
    /// The numbers of the conversations, as the list shows them
    #[arg(value_name = "ID", required_unless_present = "state", conflicts_with = "state")]
    pub ids: Vec<u64>,
    /// All that are missed, opened or snoozed, up to 1000
    #[arg(long)]
    pub state: Option<String>,
    /// Of these, part of the customer's number or name
    #[arg(long, value_name = "TEXT", requires = "state")]
    pub party: Option<String>,
    /// Of these, those of this number of the office
    #[arg(long, requires = "state")]
    pub number: Option<String>,
    /// Of these, those of this team
    #[arg(long, requires = "state")]
    pub team: Option<String>,
    /// Of these, those with this tag
    #[arg(long, requires = "state")]
    pub tag: Option<String>,
    /// As this agent, who must be in their seat
    #[arg(long, value_name = "EXTENSION")]
    pub agent: Option<String>,
}

#[derive(Debug, Args)]
pub struct ConversationSnooze {
    /// The number of the conversation, as the list shows it
    #[arg(value_name = "ID")]
    pub id: u64,
    /// 10m, 3h, 30d: 1 minute to 180 days
    #[arg(value_name = "TIME")]
    pub time: String,
}

#[derive(Debug, Args)]
pub struct ConversationNote {
    /// The number of the conversation, as the list shows it
    #[arg(value_name = "ID")]
    pub id: u64,
    /// What colleagues shall know
    #[arg(value_name = "TEXT")]
    pub text: String,
}

#[derive(Debug, Args)]
pub struct ConversationTags {
    /// The number of the conversation, as the list shows it
    #[arg(value_name = "ID")]
    pub id: u64,
    /// At most 8; none takes all away
    #[arg(value_name = "TAG")]
    pub tags: Vec<String>,
}

#[derive(Debug, Args)]
pub struct ConversationAssign {
    /// The number of the conversation, as the list shows it
    #[arg(value_name = "ID")]
    pub id: u64,
    /// Their extension
    #[arg(long, value_name = "EXTENSION")]
    pub agent: Option<String>,
    /// The team
    #[arg(long)]
    pub team: Option<String>,
}

#[derive(Debug, Args)]
pub struct ConversationCallback {
    /// The number of the conversation, as the list shows it
    #[arg(value_name = "ID")]
    pub id: u64,
    /// The extension whose phones ring first
    #[arg(long, value_name = "EXTENSION")]
    pub agent: String,
    /// Also when somebody has called back already
    #[arg(long)]
    pub again: bool,
}

pub const KOREAN: &[(&str, &str, &str)] = &[
    ("conversations", "", "상담 목록을 보여 주고 처리합니다"),
    ("conversations", "missed", "부재중만: 다시 걸어야 할 목록"),
    ("conversations", "state", "initial, queued, opened, snoozed, missed, closed 중 하나"),
    ("conversations", "party", "고객의 번호나 이름의 일부"),
    ("conversations", "number", "사무실의 번호"),
    ("conversations", "assignee", "담당 매니저의 내선 번호"),
    ("conversations", "team", "담당 팀"),
    ("conversations", "tag", "이 태그가 있는 것만"),
    ("conversations", "cases", "케이스: 열림부터 종료까지 한 번씩, 걸린 시간과 함께"),
    ("conversations", "from", "이 시각부터 열린 케이스: 2026-11-25, \"2026-11-25 09:00\""),
    ("conversations", "to", "이 시각 전에 열린 케이스"),
    ("conversations", "limit", "최대 개수"),
    ("conversations", "json", "JSON으로"),
    ("conversations", "csv", "스프레드시트에서 한글이 깨지지 않는 CSV로"),
    ("conversations show", "", "상담에서 있었던 일을 말해 줍니다"),
    ("conversations show", "id", "목록에 보이는 상담 번호"),
    ("conversations close", "", "상담을 종료합니다. 여러 개도 됩니다"),
    ("conversations close", "ids", "목록에 보이는 상담 번호들"),
    ("conversations close", "state", "missed, opened, snoozed 가운데 하나인 상담 모두(1000개까지)"),
    ("conversations close", "party", "그 가운데 고객의 번호나 이름의 일부"),
    ("conversations close", "number", "그 가운데 사무실의 이 번호"),
    ("conversations close", "team", "그 가운데 이 팀"),
    ("conversations close", "tag", "그 가운데 이 태그"),
    ("conversations close", "agent", "이 매니저로서. 상담 자리가 켜져 있어야 합니다"),
    ("conversations open", "", "상담을 다시 엽니다"),
    ("conversations open", "id", "목록에 보이는 상담 번호"),
    ("conversations snooze", "", "상담을 보류합니다"),
    ("conversations snooze", "id", "목록에 보이는 상담 번호"),
    ("conversations snooze", "time", "10m, 3h, 30d: 1분부터 180일까지"),
    ("conversations note", "", "동료가 볼 메모를 남깁니다"),
    ("conversations note", "id", "목록에 보이는 상담 번호"),
    ("conversations note", "text", "메모 내용"),
    ("conversations tag", "", "태그를 모두 새로 정합니다"),
    ("conversations tag", "id", "목록에 보이는 상담 번호"),
    ("conversations tag", "tags", "8개까지. 없으면 모두 지웁니다"),
    ("conversations assign", "", "담당을 정합니다"),
    ("conversations assign", "id", "목록에 보이는 상담 번호"),
    ("conversations assign", "agent", "매니저의 내선 번호"),
    ("conversations assign", "team", "팀"),
    ("conversations cancel-callback", "", "차례가 되면 걸기로 한 콜백을 취소합니다"),
    ("conversations cancel-callback", "id", "목록에 보이는 상담 번호"),
    ("conversations callback", "", "고객에게 다시 겁니다"),
    ("conversations callback", "id", "목록에 보이는 상담 번호"),
    ("conversations callback", "agent", "먼저 울릴 매니저의 내선 번호"),
    ("conversations callback", "again", "이미 다시 건 고객에게도 겁니다"),
];
