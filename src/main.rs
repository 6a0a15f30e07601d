//! Picks a command.

use std::env;
use std::process::ExitCode;

use naru::cli::failure::Failure;
use naru::cli::run::{Picked, end, run};
use naru::cli::terminal::Terminal;
use naru::cli::words::Speech;
use naru::message::Message;

fn main() -> ExitCode {
    match run(env::args_os()) {
        Picked::Done(status) => status,
        Picked::Serve { .. } => {
            let terminal = Terminal { speech: Speech::of_environment() };
            let message = Message::new(
                "이 빌드에는 데몬이 들어 있지 않습니다",
                "this build does not contain the daemon",
            );
            end(&terminal, &Failure::failed(message))
        }
    }
}
