//! What can be typed after `naru`, with its help in both languages.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Command, CommandFactory, Parser, Subcommand, ValueEnum};

use crate::cli::arguments_hours::HoursArguments;
use crate::cli::arguments_numbers::{NumbersArguments, SimulateArguments};
use crate::cli::{arguments_hours, arguments_numbers};
use crate::duty::Activity;
use crate::locale::Speech;

#[derive(Debug, Parser)]
#[command(name = "naru", version, about = "A phone system for a small office")]
pub struct Arguments {
    /// The daemon's settings [default: /etc/naru/config.yaml, else ./config.yaml]
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    #[command(subcommand)]
    pub command: Action,
}

#[derive(Debug, Subcommand)]
pub enum Action {
    /// Run the daemon in the foreground
    Serve,
    /// See whether the config file is right
    Check,
    /// Make the office as a file says
    Apply(ApplyArguments),
    /// Print the office as such a file
    Export(ExportArguments),
    /// List numbers, claim and release them
    Numbers(NumbersArguments),
    /// Tell what would become of a call, without making one
    Simulate(SimulateArguments),
    /// Show operating hours, switch them by hand, bring in holidays
    Hours(HoursArguments),
    /// The office's own sound files
    Prompts(PromptArguments),
    /// List calls, newest first
    Calls(CallArguments),
    /// Figures of calls, conversations and cases; today unless told otherwise
    Stats(StatsArguments),
    /// Tell why a call did what it did
    Trail(TrailArguments),
    /// List agents and how each stands, or change that for one of them
    Agents(AgentArguments),
    /// List workflows, and where callers go and leave
    Workflows(WorkflowArguments),
    /// List conversations, and take care of them
    Conversations(ConversationArguments),
    /// List and change customers and leads
    Customers(CustomerArguments),
    /// Find what is wrong with the box, and say the fix
    Doctor(DoctorArguments),
    /// Sit at the office's screen: calls, numbers, people, history, undo
    Console(ConsoleArguments),
    /// Send one request to the daemon's API
    Api(ApiArguments),
    /// Write office and history into one file, also while calls go on
    Backup(FileArguments),
    /// Bring a backup back, also while calls go on
    Restore(FileArguments),
    /// Place a call through the daemon of the demo office, and tell what was heard
    #[command(hide = true)]
    DemoCall(DemoArguments),
    /// Write man pages or shell completions, for packages
    #[command(hide = true)]
    Generate(GenerateArguments),
}

#[derive(Debug, Args)]
pub struct DemoArguments {
    /// Where the daemon's SIP listens, over UDP
    #[arg(long, value_name = "ADDRESS")]
    pub server: SocketAddr,
    /// The address by which the demo office knows its trunk
    #[arg(long, value_name = "ADDRESS")]
    pub trunk: SocketAddr,
}

#[derive(Debug, Args)]
pub struct ApplyArguments {
    /// The office as a YAML file; - reads standard input
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Only print what would change
    #[arg(long)]
    pub dry_run: bool,
}

#[derive(Debug, Args)]
pub struct ExportArguments {
    /// With passwords
    #[arg(long)]
    pub secrets: bool,
    /// Write the sound files it names below this folder too
    #[arg(long, value_name = "DIR")]
    pub sounds: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct PromptArguments {
    #[command(subcommand)]
    pub action: PromptAction,
}

#[derive(Debug, Subcommand)]
pub enum PromptAction {
    /// Bring sound files in; one that the office plays under this name is replaced at once
    Import(PromptImportArguments),
    /// List them
    List(PromptListArguments),
    /// Remove one that the office does not play
    Remove(PromptNameArguments),
}

#[derive(Debug, Args)]
pub struct PromptImportArguments {
    /// mp4, m4a, mp3, amr, flac, wav, ogg or opus
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// What the office's document calls it [default: the file's name]
    #[arg(long)]
    pub name: Option<String>,
}

#[derive(Debug, Args)]
pub struct PromptListArguments {
    /// As JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct PromptNameArguments {
    /// As list shows it
    #[arg(value_name = "NAME")]
    pub name: String,
}

#[derive(Debug, Args)]
pub struct CallArguments {
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

#[derive(Debug, Args)]
pub struct TrailArguments {
    /// The number of the call, as calls lists it
    #[arg(value_name = "CALL_ID")]
    pub call: u64,
}

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
    /// Calls may be theirs, but no phone of theirs rings
    #[arg(long, value_name = "on|off")]
    pub do_not_disturb: Option<Switch>,
    /// The work after the last call is done
    #[arg(long)]
    pub end_wrap_up: bool,
    /// As JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct WorkflowArguments {
    /// The steps of this workflow: how often each was come to, left and answered with which key
    pub name: Option<String>,
    /// As JSON, with every version
    #[arg(long)]
    pub json: bool,
}

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
    /// Nothing is left to do
    Close(OneConversation),
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
}

#[derive(Debug, Args)]
pub struct OneConversation {
    /// The number of the conversation, as the list shows it
    #[arg(value_name = "ID")]
    pub id: u64,
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

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct CustomerArguments {
    #[command(subcommand)]
    pub verb: Option<CustomerVerb>,
    /// Part of a number or name
    #[arg(long, value_name = "TEXT")]
    pub party: Option<String>,
    /// customers, leads or blocked
    #[arg(long)]
    pub kind: Option<String>,
    /// At most so many
    #[arg(long, default_value_t = 100)]
    pub limit: u32,
    /// As JSON
    #[arg(long, conflicts_with = "csv")]
    pub json: bool,
    /// As CSV that spreadsheets open with Hangul intact
    #[arg(long)]
    pub csv: bool,
}

#[derive(Debug, Subcommand)]
pub enum CustomerVerb {
    /// Give a number a profile, or change it
    Set(CustomerSet),
    /// Put no call of the customer through any more
    Block(OneCustomer),
    /// Put the customer's calls through again
    Unblock(OneCustomer),
    /// Give a customer the number of a lead as well
    Merge(CustomerMerge),
    /// Take the profile away; the history stays
    Forget(OneCustomer),
}

#[derive(Debug, Args)]
pub struct CustomerSet {
    /// Any of the customer's numbers
    #[arg(value_name = "NUMBER")]
    pub number: String,
    /// As agents see it on their phones
    #[arg(long)]
    pub name: Option<String>,
    /// ko, en, ja, zh or es; empty for the language of the number's country
    #[arg(long)]
    pub language: Option<String>,
    /// All tags of the customer; give it once for each
    #[arg(long = "tag", value_name = "TAG")]
    pub tags: Vec<String>,
}

#[derive(Debug, Args)]
pub struct OneCustomer {
    /// Any of the customer's numbers
    #[arg(value_name = "NUMBER")]
    pub number: String,
}

#[derive(Debug, Args)]
pub struct CustomerMerge {
    /// Any of the customer's numbers
    #[arg(value_name = "NUMBER")]
    pub number: String,
    /// The number that calls have brought
    #[arg(value_name = "LEAD")]
    pub lead: String,
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
    /// As JSON
    #[arg(long, conflicts_with = "csv")]
    pub json: bool,
    /// As CSV that spreadsheets open with Hangul intact
    #[arg(long)]
    pub csv: bool,
}

#[derive(Debug, Args)]
pub struct DoctorArguments {
    /// As JSON
    #[arg(long)]
    pub json: bool,
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

#[derive(Debug, Args)]
pub struct ConsoleArguments {
    /// Look, and change nothing
    #[arg(long)]
    pub read_only: bool,
    /// ko or en; else the terminal's own
    #[arg(long, value_name = "LANGUAGE", value_parser = ["ko", "en"])]
    pub language: Option<String>,
}

#[derive(Debug, Args)]
pub struct ApiArguments {
    /// GET, POST, PUT or DELETE
    #[arg(value_name = "METHOD")]
    pub method: String,
    /// Such as /v1/live
    #[arg(value_name = "PATH")]
    pub path: String,
    /// The body; - reads standard input
    #[arg(value_name = "JSON")]
    pub body: Option<String>,
}

#[derive(Debug, Args)]
pub struct FileArguments {
    /// The backup
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
}

#[derive(Debug, Args)]
pub struct GenerateArguments {
    /// What to write
    pub what: Generated,
    /// Where to
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Generated {
    Man,
    Completions,
}

/// Korean help by command and argument; what is missing here stays English, which a test forbids.
const KOREAN: &[(&str, &str, &str)] = &[
    ("naru", "", "작은 사무실을 위한 전화 시스템"),
    ("naru", "config", "데몬 설정 파일 [기본값: /etc/naru/config.yaml, 없으면 ./config.yaml]"),
    ("serve", "", "데몬을 포그라운드로 실행합니다"),
    ("check", "", "설정 파일이 맞는지 확인합니다"),
    ("apply", "", "사무실을 파일에 적힌 대로 만듭니다"),
    ("apply", "file", "사무실을 적은 YAML 파일. -는 표준 입력"),
    ("apply", "dry_run", "무엇이 바뀔지만 보여 줍니다"),
    ("export", "", "사무실을 그런 파일로 출력합니다"),
    ("export", "secrets", "비밀번호까지 출력합니다"),
    ("export", "sounds", "문서에 나오는 소리 파일도 이 폴더 아래에 씁니다"),
    ("prompts", "", "사무실의 소리 파일"),
    (
        "prompts import",
        "",
        "소리 파일을 넣습니다. 사무실이 같은 이름의 소리를 쓰고 있으면 바로 바뀝니다",
    ),
    ("prompts import", "files", "mp4, m4a, mp3, amr, flac, wav, ogg, opus"),
    ("prompts import", "name", "사무실 문서에서 부를 이름 [기본값: 파일 이름]"),
    ("prompts list", "", "목록을 보여 줍니다"),
    ("prompts list", "json", "JSON으로"),
    ("prompts remove", "", "사무실이 쓰지 않는 소리를 지웁니다"),
    ("prompts remove", "name", "list가 보여 주는 이름"),
    ("calls", "", "통화 목록을 최근 것부터 보여 줍니다"),
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
    ("calls", "before", "이 통화보다 앞선 것만"),
    ("calls", "limit", "최대 개수"),
    ("calls", "json", "JSON으로"),
    ("calls", "csv", "스프레드시트에서 한글이 깨지지 않는 CSV로"),
    ("trail", "", "통화가 왜 그렇게 되었는지 말해 줍니다"),
    ("trail", "call", "calls가 보여 주는 통화 번호"),
    ("agents", "", "매니저들의 상태를 보여 주거나 한 사람의 상태를 바꿉니다"),
    ("agents", "agent", "매니저 한 사람의 내선. 없으면 모두"),
    ("agents", "seat", "상담 자리: on이면 고객 전화를 배정받습니다"),
    (
        "agents",
        "activity",
        "available, eat, rest, in_meeting, education, other_work, off, vacation 중 하나",
    ),
    ("agents", "do_not_disturb", "방해 금지: 배정은 되지만 벨이 울리지 않습니다"),
    ("agents", "end_wrap_up", "마지막 통화의 후처리를 끝냅니다"),
    ("agents", "json", "JSON으로"),
    ("workflows", "", "워크플로우와, 고객이 어디로 가고 어디서 끊는지 보여 줍니다"),
    ("workflows", "name", "이 워크플로우의 단계마다 도달, 이탈, 누른 키"),
    ("workflows", "json", "JSON으로, 모든 버전과 함께"),
    ("conversations", "", "상담 목록을 보여 주고 처리합니다"),
    ("conversations", "missed", "부재중만: 다시 걸어야 할 목록"),
    ("conversations", "state", "initial, queued, opened, snoozed, missed, closed 중 하나"),
    ("conversations", "party", "고객의 번호나 이름의 일부"),
    ("conversations", "number", "사무실의 번호"),
    ("conversations", "assignee", "담당 매니저의 내선 번호"),
    ("conversations", "team", "담당 팀"),
    ("conversations", "tag", "이 태그가 있는 것만"),
    ("conversations", "limit", "최대 개수"),
    ("conversations", "json", "JSON으로"),
    ("conversations", "csv", "스프레드시트에서 한글이 깨지지 않는 CSV로"),
    ("conversations show", "", "상담에서 있었던 일을 말해 줍니다"),
    ("conversations show", "id", "목록에 보이는 상담 번호"),
    ("conversations close", "", "상담을 종료합니다"),
    ("conversations close", "id", "목록에 보이는 상담 번호"),
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
    ("conversations callback", "", "고객에게 다시 겁니다"),
    ("conversations callback", "id", "목록에 보이는 상담 번호"),
    ("conversations callback", "agent", "먼저 울릴 매니저의 내선 번호"),
    ("conversations callback", "again", "이미 다시 건 고객에게도 겁니다"),
    ("customers", "", "고객과 리드를 보여 주고 바꿉니다"),
    ("customers", "party", "번호나 이름의 일부"),
    ("customers", "kind", "customers(고객), leads(리드), blocked(차단) 중 하나"),
    ("customers", "limit", "최대 개수"),
    ("customers", "json", "JSON으로"),
    ("customers", "csv", "스프레드시트에서 한글이 깨지지 않는 CSV로"),
    ("customers set", "", "번호를 고객으로 등록하거나 고객 정보를 바꿉니다"),
    ("customers set", "number", "고객의 번호 중 하나"),
    ("customers set", "name", "매니저 전화기에 보이는 이름"),
    ("customers set", "language", "ko, en, ja, zh, es. 비우면 번호의 국가에 따릅니다"),
    ("customers set", "tags", "고객의 태그 전부. 하나씩 여러 번 적습니다"),
    ("customers block", "", "고객의 전화를 연결하지 않습니다"),
    ("customers block", "number", "고객의 번호 중 하나"),
    ("customers unblock", "", "고객의 전화를 다시 연결합니다"),
    ("customers unblock", "number", "고객의 번호 중 하나"),
    ("customers merge", "", "리드의 번호를 고객에게 합칩니다"),
    ("customers merge", "number", "고객의 번호 중 하나"),
    ("customers merge", "lead", "전화로 알게 된 번호"),
    ("customers forget", "", "고객 정보를 지웁니다. 기록은 남습니다"),
    ("customers forget", "number", "고객의 번호 중 하나"),
    ("stats", "", "통화, 상담, 케이스의 수치. 따로 말하지 않으면 오늘"),
    ("stats", "from", "이 시각부터 시작한 통화: 2026-11-25, 2026-11-25T09:00, 또는 시차 포함"),
    ("stats", "to", "이 시각 전에 시작한 통화"),
    ("stats", "target", "이 초 안에 받으면 목표 안"),
    ("stats", "json", "JSON으로"),
    ("stats", "csv", "스프레드시트에서 한글이 깨지지 않는 CSV로"),
    ("doctor", "", "이 기계와 데몬에 무엇이 잘못되었는지 찾아 고치는 법을 말해 줍니다"),
    ("doctor", "json", "JSON으로"),
    ("console", "", "사무실 화면을 엽니다: 통화, 번호, 사람, 기록, 실행 취소"),
    ("console", "read_only", "보기만 하고 아무것도 바꾸지 않습니다"),
    ("console", "language", "ko나 en. 없으면 터미널의 언어"),
    ("api", "", "데몬의 API에 요청 하나를 보냅니다"),
    ("api", "method", "GET, POST, PUT, DELETE"),
    ("api", "path", "예: /v1/live"),
    ("api", "body", "보낼 내용. -는 표준 입력"),
    ("backup", "", "통화 중에도 사무실과 기록을 파일 하나에 저장합니다"),
    ("backup", "file", "백업 파일"),
    ("restore", "", "통화 중에도 백업을 되돌립니다"),
    ("restore", "file", "백업 파일"),
    ("demo-call", "", "데모 사무실의 데몬으로 전화를 걸어 들린 것을 알려 줍니다"),
    ("demo-call", "server", "데몬의 SIP(UDP) 주소"),
    ("demo-call", "trunk", "데모 사무실이 아는 회선 주소"),
    ("generate", "", "패키지용 man 문서나 셸 자동 완성을 만듭니다"),
    ("generate", "what", "무엇을"),
    ("generate", "folder", "어디에"),
];

/// The command line, with help in the language of whoever types.
#[must_use]
pub fn command(speech: Speech) -> Command {
    let mut command = Arguments::command();
    if speech == Speech::Korean {
        for (part, argument, help) in korean() {
            command = in_korean(command, part, argument, help);
        }
    }
    command
}

fn korean() -> impl Iterator<Item = &'static (&'static str, &'static str, &'static str)> {
    KOREAN.iter().chain(arguments_hours::KOREAN).chain(arguments_numbers::KOREAN)
}

fn in_korean(command: Command, part: &str, argument: &str, help: &'static str) -> Command {
    let change = |command: Command| {
        if argument.is_empty() {
            command.about(help)
        } else {
            command.mut_arg(argument, |arg| arg.help(help))
        }
    };
    match part.split_once(' ') {
        None if part == "naru" => change(command),
        None => command.mut_subcommand(part, change),
        Some((part, rest)) => {
            command.mut_subcommand(part, |command| in_korean(command, rest, argument, help))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        command(Speech::English).debug_assert();
        command(Speech::Korean).debug_assert();
    }

    #[test]
    fn everything_has_korean_help() {
        for part in command(Speech::English).get_subcommands() {
            all_korean(part, part.get_name());
        }
    }

    fn all_korean(part: &Command, name: &str) {
        let has = |argument: &str| korean().any(|(p, a, _)| *p == name && *a == argument);
        assert!(has(""), "{name}");
        for argument in part.get_arguments() {
            let id = argument.get_id().as_str();
            assert!(has(id) || id == "help" || id == "config", "{name} {id}");
        }
        for inner in part.get_subcommands() {
            all_korean(inner, &format!("{name} {}", inner.get_name()));
        }
    }
}
