//! What is recorded and how recordings are kept, as rows.

use std::time::Duration;

use rusqlite::{Connection, params};

use crate::office::call_recording::{CallRecording, RecordingRules};
use crate::store::error::StoreError;
use crate::store::rows::each;
use crate::store::word::{to_word, word};

/// # Errors
/// When the disk fails.
pub(crate) fn save_recording(
    connection: &Connection,
    recording: &CallRecording,
) -> Result<(), StoreError> {
    connection.execute_batch("DELETE FROM recorded_numbers; DELETE FROM recording_rules;")?;
    let mut insert = connection.prepare_cached("INSERT INTO recorded_numbers VALUES (?1)")?;
    for number in &recording.numbers {
        insert.execute([number.as_str()])?;
    }
    let rules = &recording.rules;
    connection.execute(
        "INSERT INTO recording_rules VALUES (1, ?1, ?2, ?3, ?4)",
        params![
            to_word(&rules.format)?,
            rules.keep.map(|keep| keep.as_secs()).map(whole),
            whole(rules.free_disk),
            whole(rules.limit.as_secs())
        ],
    )?;
    Ok(())
}

/// # Errors
/// When the file cannot be read, or a row holds what no office can.
pub(crate) fn load_recording(connection: &Connection) -> Result<CallRecording, StoreError> {
    let mut recording = CallRecording::default();
    each(connection, "SELECT * FROM recorded_numbers", |row| {
        recording.numbers.insert(word(row, "number")?);
        Ok(())
    })?;
    each(connection, "SELECT * FROM recording_rules", |row| {
        let seconds = |seconds: i64| Duration::from_secs(seconds.unsigned_abs());
        recording.rules = RecordingRules {
            format: word(row, "format")?,
            keep: row.get::<_, Option<i64>>("keep_s")?.map(seconds),
            free_disk: row.get::<_, i64>("free_disk_mb")?.unsigned_abs(),
            limit: seconds(row.get("limit_s")?),
        };
        Ok(())
    })?;
    Ok(recording)
}

fn whole(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
