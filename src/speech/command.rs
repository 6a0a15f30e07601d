//! A program that reads a text on its standard input and writes a sound file to its standard output.

use std::env;
use std::path::Path;
use std::process::Stdio;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::Command;

use crate::speech::error::SpeechError;

/// What of a program's complaint is worth repeating, in bytes.
const COMPLAINT: u64 = 400;

/// Runs it without a shell. `{voice}`, `{language}` and `{text}` in `argv` are replaced; the text also
/// comes on standard input. At most `limit` bytes are taken.
///
/// # Errors
/// When it cannot be started, fails or says too much.
pub(crate) async fn run(
    argv: &[String],
    (language, voice, text): (&str, &str, &str),
    limit: u64,
) -> Result<Vec<u8>, SpeechError> {
    let fill = |part: &String| match part.as_str() {
        "{text}" => text.to_owned(),
        part => part.replace("{voice}", voice).replace("{language}", language),
    };
    let mut words = argv.iter().map(fill);
    let program = words.next().unwrap_or_default();
    let failed = |why: String| SpeechError::Failed { who: program.clone(), why };
    let mut child = Command::new(&program)
        .args(words)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .map_err(|error| SpeechError::NoProgram {
            program: program.clone(),
            why: error.to_string(),
        })?;
    let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    let (mut sound, mut complaint) = (Vec::new(), Vec::new());
    let give = async {
        // A program that takes its text from its arguments may close this at once.
        let Some(mut stdin) = stdin else { return };
        drop(stdin.write_all(text.as_bytes()).await);
    };
    let take = async {
        let Some(stdout) = stdout else { return Ok(0) };
        stdout.take(limit + 1).read_to_end(&mut sound).await
    };
    let listen = async {
        let Some(mut stderr) = stderr else { return };
        drop((&mut stderr).take(COMPLAINT).read_to_end(&mut complaint).await);
        // The rest must not stop it from going on.
        drop(tokio::io::copy(&mut stderr, &mut tokio::io::sink()).await);
    };
    let ((), taken, ()) = tokio::join!(give, take, listen);
    taken.map_err(|error| failed(error.to_string()))?;
    if sound.len() as u64 > limit {
        return Err(SpeechError::TooMuch(program));
    }
    let status = child.wait().await.map_err(|error| failed(error.to_string()))?;
    if !status.success() || sound.is_empty() {
        let complaint = String::from_utf8_lossy(&complaint);
        let first = complaint.lines().next().unwrap_or_default().trim();
        return Err(failed(if first.is_empty() { status.to_string() } else { first.to_owned() }));
    }
    Ok(sound)
}

/// Whether the program is there.
pub(crate) fn exists(program: &str) -> bool {
    if program.contains('/') {
        return Path::new(program).is_file();
    }
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path).any(|folder| folder.join(program).is_file())
}
