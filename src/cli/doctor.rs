//! `naru doctor`: what is wrong with the box, and the fix.

use bytes::Bytes;

use crate::cli::arguments::system::DoctorArguments;
use crate::cli::daemon_or_store::ask;
use crate::cli::failure::Failure;
use crate::cli::terminal;
use crate::cli::terminal::Terminal;
use crate::config::settings::Config;
use crate::doctor::examination::examine;
use crate::doctor::finding::{Finding, State};
use crate::words::Words;

/// # Errors
/// Exit 1 when something is bad; everything is said before.
pub(crate) fn doctor(
    terminal: &Terminal,
    config: &Config,
    arguments: &DoctorArguments,
) -> Result<(), Failure> {
    let findings = examine(config, |path| ask(config, "GET", path, Bytes::new()));
    if arguments.json {
        terminal::line(&serde_json::json!(findings).to_string())?;
    } else {
        for finding in &findings {
            terminal.say(&told(finding))?;
        }
    }
    if findings.iter().any(|finding| finding.state == State::Bad) {
        return Err(Failure { status: 1, message: None });
    }
    Ok(())
}

/// A sign, what was found, and below it what helps.
fn told(finding: &Finding) -> Words {
    let sign = match finding.state {
        State::Good => "✓",
        State::Doubtful => "!",
        State::Bad => "✗",
    };
    let line = |what: &str, fix: Option<&String>| match fix {
        Some(fix) => format!("{sign} {what}\n  → {fix}"),
        None => format!("{sign} {what}"),
    };
    let fix = finding.fix.as_ref();
    Words::new(
        line(&finding.what.ko, fix.map(|fix| &fix.ko)),
        line(&finding.what.en, fix.map(|fix| &fix.en)),
    )
}
