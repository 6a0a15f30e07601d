//! What can be typed after `naru numbers` and `naru simulate`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

#[derive(Debug, Args)]
pub struct NumbersArguments {
    /// As JSON
    #[arg(long)]
    pub json: bool,
    #[command(subcommand)]
    pub action: Option<NumbersAction>,
}

#[derive(Debug, Subcommand)]
pub enum NumbersAction {
    /// Numbers of the trunks' blocks that can be claimed
    Free(FreeArguments),
    /// Take a free number into use, live for the next call
    Claim(ClaimArguments),
    /// Give a number back
    Release(ReleaseArguments),
    /// The document kept with a number, such as the proof of subscription
    Document(DocumentArguments),
}

#[derive(Debug, Args)]
pub struct DocumentArguments {
    #[command(subcommand)]
    pub action: DocumentAction,
}

#[derive(Debug, Subcommand)]
pub enum DocumentAction {
    /// List them, also those of numbers that were given back
    List(DocumentListArguments),
    /// Keep a file with a number, in the place of the one there was
    Set(DocumentFileArguments),
    /// Write it into a file
    Get(DocumentFileArguments),
    /// Remove it for good
    Remove(DocumentNumberArguments),
}

#[derive(Debug, Args)]
pub struct DocumentListArguments {
    /// As JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct DocumentFileArguments {
    /// The number
    #[arg(value_name = "NUMBER")]
    pub number: String,
    /// The file; - writes to standard output
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
}

#[derive(Debug, Args)]
pub struct DocumentNumberArguments {
    /// The number
    #[arg(value_name = "NUMBER")]
    pub number: String,
}

#[derive(Debug, Args)]
pub struct FreeArguments {
    /// Digits that the number holds
    #[arg(value_name = "DIGITS")]
    pub find: Option<String>,
}

#[derive(Debug, Args)]
pub struct ClaimArguments {
    /// The number
    #[arg(value_name = "NUMBER")]
    pub number: String,
    /// Whose direct line it is: an extension
    #[arg(long, value_name = "EXTENSION", conflicts_with = "team")]
    pub agent: Option<String>,
    /// The team that its calls go to
    #[arg(long, value_name = "NAME")]
    pub team: Option<String>,
    /// The operating hours that it keeps
    #[arg(long, value_name = "NAME")]
    pub hours: Option<String>,
    /// The number that is shown instead of it
    #[arg(long, value_name = "NUMBER")]
    pub presented: Option<String>,
    /// Make it the default number
    #[arg(long)]
    pub default: bool,
}

#[derive(Debug, Args)]
pub struct ReleaseArguments {
    /// The number
    #[arg(value_name = "NUMBER")]
    pub number: String,
    /// The number that becomes the default instead
    #[arg(long, value_name = "NUMBER")]
    pub default: Option<String>,
}

#[derive(Debug, Args)]
pub struct SimulateArguments {
    /// What is dialled
    #[arg(long)]
    pub number: String,
    /// Who calls; nothing: withheld
    #[arg(long, default_value = "")]
    pub caller: String,
    /// When, by the clock of the number's hours: 2026-11-25T18:42, or with an offset; now unless given
    #[arg(long, value_name = "TIME")]
    pub at: Option<String>,
    /// Keys that the caller presses, such as 1,2
    #[arg(long, value_name = "KEYS", value_delimiter = ',')]
    pub keys: Vec<String>,
    /// As JSON
    #[arg(long)]
    pub json: bool,
}

/// Korean help by command and argument, as in `cli/arguments`.
pub(crate) const KOREAN: &[(&str, &str, &str)] = &[
    ("numbers", "", "번호를 보고, 새로 쓰고, 반납합니다"),
    ("numbers", "json", "JSON으로"),
    ("numbers free", "", "회선의 번호 블록에서 쓸 수 있는 번호"),
    ("numbers free", "find", "번호에 들어 있는 숫자"),
    ("numbers claim", "", "빈 번호를 씁니다. 다음 통화부터 받습니다"),
    ("numbers claim", "number", "번호"),
    ("numbers claim", "agent", "직통으로 받을 내선"),
    ("numbers claim", "team", "전화를 받을 팀"),
    ("numbers claim", "hours", "따를 운영시간"),
    ("numbers claim", "presented", "대신 표시할 발신 번호"),
    ("numbers claim", "default", "기본 번호로 정합니다"),
    ("numbers release", "", "번호를 반납합니다"),
    ("numbers release", "number", "번호"),
    ("numbers release", "default", "대신 기본 번호가 될 번호"),
    ("numbers document", "", "번호와 함께 보관하는 서류(가입증명원 등)"),
    ("numbers document list", "", "반납한 번호의 서류까지 모두 봅니다"),
    ("numbers document list", "json", "JSON으로"),
    ("numbers document set", "", "번호에 서류를 보관합니다. 있던 서류는 바뀝니다"),
    ("numbers document set", "number", "번호"),
    ("numbers document set", "file", "파일"),
    ("numbers document get", "", "서류를 파일로 씁니다"),
    ("numbers document get", "number", "번호"),
    ("numbers document get", "file", "파일. -이면 표준 출력으로"),
    ("numbers document remove", "", "서류를 아주 지웁니다"),
    ("numbers document remove", "number", "번호"),
    ("simulate", "", "그런 전화가 오면 어떻게 될지, 실제 통화와 같은 코드로 알려 줍니다"),
    ("simulate", "number", "건 번호"),
    ("simulate", "caller", "건 사람의 번호. 없으면 번호 숨김"),
    (
        "simulate",
        "at",
        "언제(번호의 운영시간이 쓰는 시간대로): 2026-11-25T18:42, 또는 시차 포함. 없으면 지금",
    ),
    ("simulate", "keys", "고객이 누를 키. 예: 1,2"),
    ("simulate", "json", "JSON으로"),
];
