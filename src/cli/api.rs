//! `naru api`: one request, for scripts and the curious.

use std::io::{self, Read};

use crate::cli::arguments::system::ApiArguments;
use crate::cli::daemon_or_store::ask;
use crate::cli::failure::Failure;
use crate::cli::terminal;
use crate::config::settings::Config;

/// # Errors
/// When the daemon is down or its answer is no success; the answer is printed all the same.
pub(crate) fn api(config: &Config, arguments: &ApiArguments) -> Result<(), Failure> {
    let body = match arguments.body.as_deref() {
        Some("-") => {
            let mut body = Vec::new();
            io::stdin().lock().read_to_end(&mut body)?;
            body
        }
        Some(text) => text.as_bytes().to_vec(),
        None => Vec::new(),
    };
    let method = arguments.method.to_ascii_uppercase();
    let answer = ask(config, &method, &arguments.path, body.into())?;
    terminal::raw(&answer.body)?;
    if !answer.body.is_empty() && !answer.body.ends_with(b"\n") {
        terminal::raw(b"\n")?;
    }
    match answer.status {
        200..=299 => Ok(()),
        400 | 422 => Err(Failure { status: 2, message: None }),
        _ => Err(Failure { status: 1, message: None }),
    }
}
