//! A text in the editor of whoever sits here.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::words::Words;

/// Tried in this order where the environment names none.
const KNOWN: [&str; 6] = ["sensible-editor", "nano", "micro", "vim", "vi", "emacs"];

/// A longer text is no workflow.
const LONGEST: u64 = 1_000_000;

/// A text that a screen wants to have written upon.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    pub ticket: u64,
    pub text: String,
}

/// The command of the editor: `VISUAL`, else `EDITOR`, else one that is installed.
#[must_use]
pub fn command() -> Option<String> {
    let named = |name| std::env::var(name).ok().filter(|value| !value.trim().is_empty());
    let folders = std::env::var_os("PATH").unwrap_or_default();
    let is_there =
        |name: &str| std::env::split_paths(&folders).any(|folder| folder.join(name).is_file());
    let known = || KNOWN.into_iter().find(|name| is_there(name)).map(str::to_owned);
    named("VISUAL").or_else(|| named("EDITOR")).or_else(known)
}

/// What is said where there is no editor at all.
#[must_use]
pub fn missing() -> Words {
    Words::new(
        "편집기가 없습니다. nano를 설치하거나 EDITOR를 정하고 콘솔을 다시 여세요. 편집기 없이는: naru export > office.yaml, 고친 뒤 naru apply office.yaml",
        "there is no editor here: install nano, or set EDITOR and open the console again; without one: naru export > office.yaml, change it, naru apply office.yaml",
    )
}

/// Lets the editor have the terminal, and answers what was written.
///
/// # Errors
/// When there is no editor, it does not end well, or what it leaves is no text.
pub fn write(text: &str) -> Result<String, Words> {
    let command = command().ok_or_else(missing)?;
    let sheet = Sheet::new(text).map_err(|error| broken(&error))?;
    // The command may have words of its own: `code --wait`.
    let ended = Command::new("sh")
        .args(["-c", &format!("{command} \"$1\""), "naru"])
        .arg(&sheet.path)
        .status()
        .map_err(|error| broken(&error))?;
    if !ended.success() {
        let name = command.split_whitespace().next().unwrap_or_default().to_owned();
        return Err(Words::new(
            format!("편집기({name})가 오류로 끝났습니다({ended}). 바뀐 것은 없습니다"),
            format!("the editor ({name}) ended with a fault ({ended}); nothing has changed"),
        ));
    }
    sheet.read().map_err(|error| broken(&error))
}

fn broken(error: &io::Error) -> Words {
    Words::new(
        format!("편집기를 쓸 수 없습니다: {error}"),
        format!("the editor cannot be used: {error}"),
    )
}

/// A file for nobody else's eyes, gone when it is done with.
#[derive(Debug)]
struct Sheet {
    path: PathBuf,
}

impl Sheet {
    fn new(text: &str) -> io::Result<Self> {
        let folder = std::env::temp_dir();
        let mut left = 100;
        loop {
            let path = folder.join(format!("naru-{}-{left}.yaml", std::process::id()));
            // A file or link that is there already is not written to.
            let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path);
            left -= 1;
            match file {
                Ok(mut file) => {
                    let sheet = Self { path };
                    file.write_all(text.as_bytes())?;
                    return Ok(sheet);
                }
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists && left > 0 => {}
                Err(error) => return Err(error),
            }
        }
    }

    fn read(&self) -> io::Result<String> {
        let path: &Path = &self.path;
        if File::open(path)?.metadata()?.len() > LONGEST {
            return Err(io::Error::other("> 1 MB"));
        }
        fs::read_to_string(path)
    }
}

impl Drop for Sheet {
    fn drop(&mut self) {
        drop(fs::remove_file(&self.path));
    }
}
