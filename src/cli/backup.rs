//! `naru backup` and `naru restore`.

use std::fs;
use std::path::{Path, PathBuf, absolute};

use serde_json::json;

use crate::cli::arguments::system::BackupArguments;
use crate::cli::daemon_or_store::ask_if_up;
use crate::cli::failure::Failure;
use crate::cli::terminal::Terminal;
use crate::config::settings::Config;
use crate::store::archived::{self, BroughtBack, Recordings};
use crate::store::file::{FILE, put_in_place, with_suffix};
use crate::store::open;
use crate::words::Words;

/// Of the data folder.
const RECORDINGS: &str = "recordings";
/// What the office's part of a backup may take beside the database: it is written twice.
const MARGIN: u64 = 64 << 20;

/// # Errors
/// When the file cannot be written, or the disk has no room for it.
pub(crate) fn backup(
    terminal: &Terminal,
    config: &Config,
    arguments: &BackupArguments,
) -> Result<(), Failure> {
    let file = whole_path(&arguments.file)?;
    let folder = config.data_dir.join(RECORDINGS);
    if !arguments.with_recordings {
        write_office(terminal, config, &file)?;
        written(terminal, &file)?;
        if let Some(left_out) = archived::in_folder(&folder).ok().and_then(left_out) {
            terminal.note(&left_out);
        }
        return Ok(());
    }
    let database = fs::metadata(config.data_dir.join(FILE)).map_or(0, |about| about.len());
    let needed = archived::in_folder(&folder)?.octets + 2 * database + MARGIN;
    check_room(file.parent().unwrap_or(&file), needed)?;
    let unfinished = with_suffix(&file, ".unfinished");
    let whole = write_office(terminal, config, &unfinished)
        .and_then(|()| Ok(archived::append(&unfinished, &folder)?))
        .and_then(|recordings| Ok((recordings, put_in_place(&unfinished, &file)?)));
    let (recordings, ()) = whole.inspect_err(|_| {
        // It is good for nothing, and may not even be there.
        let _gone = fs::remove_file(&unfinished);
    })?;
    written(terminal, &file)?;
    let (count, size) = (recordings.count, megabytes(recordings.octets));
    terminal.note(&Words::new(
        format!("녹음과 음성 메시지 {count}개({size} MB)도 들어 있습니다"),
        format!("with {} ({size} MB)", counted(count)),
    ));
    Ok(())
}

fn write_office(terminal: &Terminal, config: &Config, file: &Path) -> Result<(), Failure> {
    if ask_if_up(terminal, config, ("POST", "/v1/backup"), body(file)?)?.is_none() {
        open::back_up(&config.data_dir, file)?;
    }
    Ok(())
}

fn written(terminal: &Terminal, file: &Path) -> Result<(), Failure> {
    let name = file.display();
    terminal.say(&Words::new(format!("{name}에 저장했습니다"), format!("written to {name}")))?;
    Ok(())
}

/// Recordings may be a thousand times as large as all the rest.
fn left_out(recordings: Recordings) -> Option<Words> {
    let (count, size) = (recordings.count, megabytes(recordings.octets));
    (count > 0).then(|| {
        Words::new(
            format!(
                "녹음과 음성 메시지 {count}개({size} MB)는 들어 있지 않습니다. 함께 저장하려면 --with-recordings를 쓰세요"
            ),
            format!("{} ({size} MB) left out; --with-recordings takes them in", counted(count)),
        )
    })
}

/// # Errors
/// When the file is no good backup, or the disk has no room for the recordings in it; nothing has
/// changed then.
pub(crate) fn restore(
    terminal: &Terminal,
    config: &Config,
    arguments: &BackupArguments,
) -> Result<(), Failure> {
    let file = whole_path(&arguments.file)?;
    let held = archived::in_archive(&file, arguments.with_recordings)?;
    if arguments.with_recordings {
        check_room(&config.data_dir, held.octets + MARGIN)?;
    }
    if ask_if_up(terminal, config, ("POST", "/v1/restore"), body(&file)?)?.is_none() {
        open::restore(&config.data_dir, &file)?;
    }
    let name = file.display();
    terminal.say(&Words::new(
        format!("{name}에서 되돌렸습니다. 바로 전 상태는 데이터 폴더의 naru.db.before-restore에 있습니다"),
        format!("restored from {name}; what was before is in naru.db.before-restore of the data folder"),
    ))?;
    if arguments.with_recordings {
        let brought = archived::bring_back(&file, &config.data_dir.join(RECORDINGS))?;
        brought_back(terminal, brought);
    } else if held.count > 0 {
        let (count, size) = (held.count, megabytes(held.octets));
        terminal.note(&Words::new(
            format!(
                "백업에 있는 녹음과 음성 메시지 {count}개({size} MB)는 되돌리지 않았습니다. --with-recordings를 쓰면 함께 되돌립니다"
            ),
            format!(
                "{} ({size} MB) in it not brought back; --with-recordings brings them, too",
                counted(count)
            ),
        ));
    }
    Ok(())
}

fn brought_back(terminal: &Terminal, brought: BroughtBack) {
    let (count, size) = (brought.all.count, megabytes(brought.all.octets));
    terminal.note(&Words::new(
        format!("녹음과 음성 메시지 {count}개({size} MB)를 되돌렸습니다"),
        format!("{} ({size} MB) brought back", counted(count)),
    ));
    let aside = brought.set_aside;
    if aside > 0 {
        terminal.note(&Words::new(
            format!(
                "같은 이름의 다른 녹음 {aside}개는 이름 뒤에 .before-restore를 붙여 두었습니다"
            ),
            format!("{aside} other of the same name now end in .before-restore"),
        ));
    }
}

fn check_room(folder: &Path, needed: u64) -> Result<(), Failure> {
    let free = archived::free(folder)?;
    if free >= needed {
        return Ok(());
    }
    let (folder, needed, free) = (folder.display(), megabytes(needed), free / 1_000_000);
    Err(Failure::failed(Words::new(
        format!(
            "{folder}의 디스크에 {needed} MB가 필요한데 {free} MB만 비어 있습니다. 아무것도 바꾸지 않았습니다"
        ),
        format!(
            "the disk of {folder} has {free} MB free and {needed} MB are needed; nothing was changed"
        ),
    )))
}

fn megabytes(octets: u64) -> u64 {
    octets.div_ceil(1_000_000)
}

fn counted(count: u64) -> String {
    if count == 1 {
        "1 recording or message".to_owned()
    } else {
        format!("{count} recordings and messages")
    }
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
