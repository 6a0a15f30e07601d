//! `naru demo-call`: two built-in phones and an outside line place a call through the daemon.

use tokio::runtime;

use crate::cli::arguments::system::DemoArguments;
use crate::cli::failure::Failure;
use crate::cli::terminal::{Terminal, text};
use crate::locale::Speech;
use crate::testphone::demo;
use crate::testphone::report::Tongue;
use crate::words::Words;

/// # Errors
/// When the call does not come about, or the caller does not hear what is to be heard.
pub(crate) fn demo(terminal: &Terminal, arguments: &DemoArguments) -> Result<(), Failure> {
    let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
    let called = runtime.block_on(demo::run(arguments.server, arguments.trunk));
    let report = called.map_err(|error| {
        Failure::failed(Words::new(
            format!("통화가 이루어지지 않았습니다: {error:#}"),
            format!("the call did not come about: {error:#}"),
        ))
    })?;
    let tongue = match terminal.speech {
        Speech::Korean => Tongue::Korean,
        Speech::English => Tongue::English,
    };
    text(&report.in_words(tongue))?;
    if report.is_good() {
        return Ok(());
    }
    Err(Failure::failed(Words::new(
        "들려야 할 소리가 들리지 않았습니다",
        "not all was heard that had to be",
    )))
}
