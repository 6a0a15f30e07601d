//! `naru check`, and where the config file is.

use std::path::{Path, PathBuf};

use crate::cli::failure::Failure;
use crate::cli::terminal::Terminal;
use crate::config::settings::Config;
use crate::words::Words;

const PLACES: [&str; 2] = ["/etc/naru/config.yaml", "./config.yaml"];

/// The file that was named, else the first that is there.
///
/// # Errors
/// When none is there.
pub(crate) fn find(named: Option<&Path>) -> Result<PathBuf, Failure> {
    if let Some(file) = named {
        return Ok(file.to_owned());
    }
    PLACES.iter().map(PathBuf::from).find(|place| place.exists()).ok_or_else(|| {
        Failure::invalid(Words::new(
            format!("설정 파일이 없습니다({}). --config FILE로 알려 주세요", PLACES.join(", ")),
            format!("there is no config file ({}); name one with --config FILE", PLACES.join(", ")),
        ))
    })
}

/// # Errors
/// Everything that is wrong with the file.
pub(crate) fn check(terminal: &Terminal, file: &Path) -> Result<(), Failure> {
    Config::load(file)?;
    let name = file.display();
    terminal.say(&Words::new(format!("{name}: 맞습니다"), format!("{name}: ok")))?;
    Ok(())
}
