//! What can be typed after `naru`, with its help in both languages.

use std::path::PathBuf;

use clap::{Command, CommandFactory, Parser, Subcommand};

use crate::cli::arguments::calls::{CallArguments, StatsArguments, TrailArguments};
use crate::cli::arguments::conversations::ConversationArguments;
use crate::cli::arguments::customers::CustomerArguments;
use crate::cli::arguments::hours::HoursArguments;
use crate::cli::arguments::numbers::{NumbersArguments, SimulateArguments};
use crate::cli::arguments::office::{ApplyArguments, ExportArguments};
use crate::cli::arguments::people::{AgentArguments, WorkflowArguments};
use crate::cli::arguments::prompts::PromptArguments;
use crate::cli::arguments::system::{
    ApiArguments, BackupArguments, ConsoleArguments, DemoArguments, DoctorArguments,
    GenerateArguments,
};
use crate::cli::arguments::trunks::TrunkArguments;
use crate::cli::arguments::voicemail::VoicemailArguments;
use crate::cli::arguments::webhooks::WebhookArguments;
use crate::cli::arguments::{
    call_verbs, calls, conversations, customers, hours, numbers, office, people, prompts, system,
    trunks, voicemail, webhooks,
};
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
    /// List trunks and how each stands, or test one of them
    Trunks(TrunkArguments),
    /// Tell what would become of a call, without making one
    Simulate(SimulateArguments),
    /// Show operating hours, switch them by hand, bring in holidays
    Hours(HoursArguments),
    /// The office's own sound files
    Prompts(PromptArguments),
    /// List calls, newest first; help callers who wait
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
    /// The key that signs what workflows tell other systems
    Webhooks(WebhookArguments),
    /// List messages that callers have left, and take care of them
    Voicemail(VoicemailArguments),
    /// List and change customers and leads
    Customers(CustomerArguments),
    /// Find what is wrong with the box, and say the fix
    Doctor(DoctorArguments),
    /// Sit at the office's screen: calls, numbers, people, history, undo
    Console(ConsoleArguments),
    /// Send one request to the daemon's API
    Api(ApiArguments),
    /// Write office and history into one file, also while calls go on
    Backup(BackupArguments),
    /// Bring a backup back, also while calls go on
    Restore(BackupArguments),
    /// Place a call through the daemon of the demo office, and tell what was heard
    #[command(hide = true)]
    DemoCall(DemoArguments),
    /// Write man pages or shell completions, for packages
    #[command(hide = true)]
    Generate(GenerateArguments),
}

impl Action {
    /// Whether it shows moments of the office, or reads some that people type.
    #[must_use]
    pub fn tells_times(&self) -> bool {
        match self {
            Self::Numbers(_)
            | Self::Simulate(_)
            | Self::Hours(_)
            | Self::Calls(_)
            | Self::Stats(_)
            | Self::Trail(_)
            | Self::Agents(_)
            | Self::Workflows(_)
            | Self::Conversations(_)
            | Self::Voicemail(_)
            | Self::Customers(_) => true,
            Self::Serve
            | Self::Check
            | Self::Apply(_)
            | Self::Export(_)
            | Self::Trunks(_)
            | Self::Prompts(_)
            | Self::Webhooks(_)
            | Self::Doctor(_)
            | Self::Console(_)
            | Self::Api(_)
            | Self::Backup(_)
            | Self::Restore(_)
            | Self::DemoCall(_)
            | Self::Generate(_) => false,
        }
    }
}

/// Korean help by command and argument; what is missing here stays English, which a test forbids.
const KOREAN: &[(&str, &str, &str)] = &[
    ("naru", "", "작은 사무실을 위한 전화 시스템"),
    ("naru", "config", "데몬 설정 파일 [기본값: /etc/naru/config.yaml, 없으면 ./config.yaml]"),
    ("serve", "", "데몬을 포그라운드로 실행합니다"),
    ("check", "", "설정 파일이 맞는지 확인합니다"),
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
    let parts = [
        call_verbs::KOREAN,
        calls::KOREAN,
        conversations::KOREAN,
        customers::KOREAN,
        hours::KOREAN,
        numbers::KOREAN,
        office::KOREAN,
        people::KOREAN,
        prompts::KOREAN,
        system::KOREAN,
        trunks::KOREAN,
        voicemail::KOREAN,
        webhooks::KOREAN,
    ];
    KOREAN.iter().chain(parts.into_iter().flatten())
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
