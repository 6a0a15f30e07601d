//! What can be typed after `naru voicemail`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct VoicemailArguments {
    #[command(subcommand)]
    pub verb: Option<VoicemailVerb>,
    /// Those that this extension hears at *97
    #[arg(long, value_name = "EXTENSION")]
    pub agent: Option<String>,
    /// Those left for this team
    #[arg(long)]
    pub team: Option<String>,
    /// Only those that nobody has heard
    #[arg(long)]
    pub new: bool,
    /// As JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Subcommand)]
pub enum VoicemailVerb {
    /// Write the sound of a message to a file
    Fetch(VoicemailFetch),
    /// Somebody has heard it
    Heard(OneMessage),
    /// It shall count as new again
    Unheard(OneMessage),
    /// Delete a message for good
    Delete(OneMessage),
}

#[derive(Debug, Args)]
pub struct OneMessage {
    /// As the list shows it
    #[arg(value_name = "NAME")]
    pub name: String,
}

#[derive(Debug, Args)]
pub struct VoicemailFetch {
    /// As the list shows it
    #[arg(value_name = "NAME")]
    pub name: String,
    /// Where to [default: a file of that name here]
    #[arg(value_name = "FILE")]
    pub file: Option<PathBuf>,
}

pub(crate) const KOREAN: &[(&str, &str, &str)] = &[
    ("voicemail", "", "고객이 남긴 음성 메시지를 보여 주고 처리합니다"),
    ("voicemail", "agent", "이 내선이 *97에서 듣는 메시지"),
    ("voicemail", "team", "이 팀에 남긴 메시지"),
    ("voicemail", "new", "아직 아무도 듣지 않은 것만"),
    ("voicemail", "json", "JSON으로"),
    ("voicemail fetch", "", "메시지의 소리를 파일로 저장합니다"),
    ("voicemail fetch", "name", "목록에 보이는 이름"),
    ("voicemail fetch", "file", "저장할 파일 [기본값: 여기에 같은 이름으로]"),
    ("voicemail heard", "", "들은 것으로 합니다"),
    ("voicemail heard", "name", "목록에 보이는 이름"),
    ("voicemail unheard", "", "다시 새 메시지로 합니다"),
    ("voicemail unheard", "name", "목록에 보이는 이름"),
    ("voicemail delete", "", "메시지를 완전히 지웁니다"),
    ("voicemail delete", "name", "목록에 보이는 이름"),
];
