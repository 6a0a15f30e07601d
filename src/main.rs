//! Picks a command.

use std::env;
use std::process::ExitCode;

use naru::cli::failure::Failure;
use naru::cli::run::{Picked, end, run};
use naru::cli::terminal::Terminal;
use naru::config::settings::Config;
use naru::console;
use naru::daemon;
use naru::locale::Speech;
use naru::words::Words;

/// The system's own keeps what a burst has used; this one gives it back within seconds.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    let (config, file) = match run(env::args_os()) {
        Picked::Done(status) => return status,
        Picked::Console { config, speech, may_write } => {
            return sit(&config, speech, may_write);
        }
        Picked::Serve { config, file } => (config, file),
    };
    match daemon::run(*config, || Ok(Config::load(&file)?)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let terminal = Terminal::here(Speech::of_environment());
            let message = Words::new(
                format!("naru가 멈췄습니다: {error:#}"),
                format!("naru has stopped: {error:#}"),
            );
            end(&terminal, &Failure::failed(message))
        }
    }
}

fn sit(config: &Config, speech: Speech, may_write: bool) -> ExitCode {
    match console::run::run(config, speech, may_write) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let message = Words::new(
                format!("콘솔을 열 수 없습니다. 터미널이 필요합니다: {error}"),
                format!("the console cannot be opened; it wants a terminal: {error}"),
            );
            end(&Terminal::here(speech), &Failure::failed(message))
        }
    }
}
