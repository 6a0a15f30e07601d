//! `naru backup` and `naru restore`.

use std::fs;
use std::path::{Path, PathBuf, absolute};

use serde_json::json;

use crate::cli::daemon_or_store::ask_if_up;
use crate::cli::failure::Failure;
use crate::cli::terminal::Terminal;
use crate::config::Config;
use crate::store::open;
use crate::words::Words;

/// # Errors
/// When the file cannot be written.
pub(crate) fn backup(terminal: &Terminal, config: &Config, file: &Path) -> Result<(), Failure> {
    let file = whole_path(file)?;
    if ask_if_up(terminal, config, ("POST", "/v1/backup"), body(&file)?)?.is_none() {
        open::back_up(&config.data_dir, &file)?;
    }
    let name = file.display();
    terminal.say(&Words::new(format!("{name}에 저장했습니다"), format!("written to {name}")))?;
    if let Some(left_out) = left_out(&config.data_dir.join("recordings")) {
        terminal.note(&left_out);
    }
    Ok(())
}

/// What is no part of a backup, and where it is: recordings may be a thousand times as large as all
/// the rest.
fn left_out(folder: &Path) -> Option<Words> {
    let files = fs::read_dir(folder).ok()?.filter_map(|entry| entry.ok()?.metadata().ok());
    let (count, octets) = files
        .filter(|about| about.is_file())
        .fold((0_u64, 0_u64), |(count, octets), about| (count + 1, octets + about.len()));
    let (megabytes, folder) = (octets.div_ceil(1_000_000), folder.display());
    (count > 0).then(|| {
        Words::new(
            format!(
                "녹음과 음성 메시지 {count}개({megabytes} MB)는 들어 있지 않습니다. {folder}을(를) 따로 복사하세요"
            ),
            format!(
                "{count} recordings and messages ({megabytes} MB) are not in it; copy {folder} as well"
            ),
        )
    })
}

/// # Errors
/// When the file is no good backup; nothing has changed then.
pub(crate) fn restore(terminal: &Terminal, config: &Config, file: &Path) -> Result<(), Failure> {
    let file = whole_path(file)?;
    if ask_if_up(terminal, config, ("POST", "/v1/restore"), body(&file)?)?.is_none() {
        open::restore(&config.data_dir, &file)?;
    }
    let name = file.display();
    terminal.say(&Words::new(
        format!("{name}에서 되돌렸습니다. 바로 전 상태는 데이터 폴더의 naru.db.before-restore에 있습니다"),
        format!("restored from {name}; what was before is in naru.db.before-restore of the data folder"),
    ))?;
    Ok(())
}

/// The daemon runs in another folder.
fn whole_path(file: &Path) -> Result<PathBuf, Failure> {
    absolute(file).map_err(|error| Failure::file(file, &error))
}

fn body(file: &Path) -> Result<bytes::Bytes, Failure> {
    let Some(path) = file.to_str() else {
        let name = file.display();
        return Err(Failure::invalid(Words::new(
            format!("{name}: 파일 이름이 UTF-8이 아닙니다"),
            format!("{name}: the file's name is not UTF-8"),
        )));
    };
    Ok(json!({ "path": path }).to_string().into())
}
