//! Reads the command line and does what it says.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::FromArgMatches;

use crate::cli::arguments::command::{Action, Arguments, command};
use crate::cli::daemon_or_store::office_zone;
use crate::cli::failure::Failure;
use crate::cli::terminal::Terminal;
use crate::cli::{
    agents, api, backup, calls, check, conversations, customers, demo, doctor, generate, hours,
    numbers, office, prompts, stats, trunks, voicemail, webhooks, workflows,
};
use crate::clock;
use crate::config::settings::Config;
use crate::locale::Speech;

/// What `main` is left with.
#[derive(Debug)]
pub enum Picked {
    /// Run the daemon; `file` is where SIGHUP finds the settings again.
    Serve { config: Box<Config>, file: PathBuf },
    /// Sit at the screen.
    Console { config: Box<Config>, speech: Speech, may_write: bool },
    /// The command is done.
    Done(ExitCode),
}

/// Does the command, unless it is the daemon.
pub fn run(typed: impl IntoIterator<Item = OsString>) -> Picked {
    let mut terminal = Terminal::here(Speech::of_environment());
    let parsed = command(terminal.speech)
        .try_get_matches_from(typed)
        .and_then(|matches| Arguments::from_arg_matches(&matches));
    let arguments = match parsed {
        Ok(arguments) => arguments,
        Err(error) => {
            // Also --help and --version; nobody is left to tell when they cannot be printed.
            drop(error.print());
            return Picked::Done(ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2)));
        }
    };
    match act(&mut terminal, &arguments) {
        Ok(picked) => picked,
        Err(failure) => Picked::Done(end(&terminal, &failure)),
    }
}

/// Says why on stderr.
#[must_use]
pub fn end(terminal: &Terminal, failure: &Failure) -> ExitCode {
    if let Some(message) = &failure.message {
        terminal.note(message);
    }
    ExitCode::from(failure.status)
}

fn act(terminal: &mut Terminal, arguments: &Arguments) -> Result<Picked, Failure> {
    if let Action::Generate(generated) = &arguments.command {
        generate::generate(generated)?;
        return Ok(Picked::Done(ExitCode::SUCCESS));
    }
    if let Action::DemoCall(call) = &arguments.command {
        demo::demo(terminal, call)?;
        return Ok(Picked::Done(ExitCode::SUCCESS));
    }
    let file = check::find(arguments.config.as_deref())?;
    if matches!(arguments.command, Action::Check) {
        check::check(terminal, &file)?;
        return Ok(Picked::Done(ExitCode::SUCCESS));
    }
    let config = Config::load(&file)?;
    if arguments.command.tells_times() {
        // Who cannot be asked for the clock is asked for more by the command itself, and then it is told.
        terminal.zone = office_zone(&config).unwrap_or_else(|_| clock::zone());
    }
    act_on(terminal, &arguments.command, config, &file)
}

fn act_on(
    terminal: &Terminal,
    action: &Action,
    config: Config,
    file: &Path,
) -> Result<Picked, Failure> {
    match action {
        Action::Serve => {
            return Ok(Picked::Serve { config: Box::new(config), file: file.to_owned() });
        }
        Action::Console(arguments) => {
            let speech = match arguments.language.as_deref() {
                Some("ko") => Speech::Korean,
                Some(_) => Speech::English,
                None => terminal.speech,
            };
            let may_write = !arguments.read_only;
            return Ok(Picked::Console { config: Box::new(config), speech, may_write });
        }
        Action::Apply(arguments) => office::apply(terminal, &config, arguments)?,
        Action::Export(arguments) => office::export(terminal, &config, arguments)?,
        Action::Numbers(arguments) => numbers::numbers(terminal, &config, arguments)?,
        Action::Trunks(arguments) => trunks::trunks(terminal, &config, arguments)?,
        Action::Simulate(arguments) => numbers::simulate(terminal, &config, arguments)?,
        Action::Hours(arguments) => hours::hours(terminal, &config, arguments)?,
        Action::Prompts(arguments) => prompts::prompts(terminal, &config, &arguments.action)?,
        Action::Calls(arguments) => calls::calls(terminal, &config, arguments)?,
        Action::Stats(arguments) => stats::stats(terminal, &config, arguments)?,
        Action::Trail(arguments) => calls::trail(terminal, &config, arguments)?,
        Action::Agents(arguments) => agents::agents(terminal, &config, arguments)?,
        Action::Workflows(arguments) => workflows::workflows(terminal, &config, arguments)?,
        Action::Conversations(arguments) => {
            conversations::conversations(terminal, &config, arguments)?;
        }
        Action::Voicemail(arguments) => voicemail::voicemail(terminal, &config, arguments)?,
        Action::Webhooks(arguments) => webhooks::webhooks(terminal, &config, arguments)?,
        Action::Customers(arguments) => customers::customers(terminal, &config, arguments)?,
        Action::Doctor(arguments) => doctor::doctor(terminal, &config, arguments)?,
        Action::Api(arguments) => api::api(&config, arguments)?,
        Action::Backup(arguments) => backup::backup(terminal, &config, arguments)?,
        Action::Restore(arguments) => backup::restore(terminal, &config, arguments)?,
        // Done before a config was read.
        Action::Check | Action::Generate(_) | Action::DemoCall(_) => {}
    }
    Ok(Picked::Done(ExitCode::SUCCESS))
}
