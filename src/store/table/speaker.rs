//! Rings in the room and bells as rows.

use jiff::tz::TimeZone;
use rusqlite::{Connection, Row, params};

use crate::office::bell::Bell;
use crate::office::room_sound::Percent;
use crate::office::speaker::{RoomRing, Rung, Speaker};
use crate::office::team::TeamName;
use crate::store::error::StoreError;
use crate::store::rows::each;
use crate::store::word::{to_word, word};

/// # Errors
/// When the disk fails.
pub(crate) fn save_speaker(connection: &Connection, speaker: &Speaker) -> Result<(), StoreError> {
    connection.execute_batch("DELETE FROM room_rings; DELETE FROM bells;")?;
    let mut insert = connection.prepare_cached("INSERT INTO room_rings VALUES (?1, ?2, ?3, ?4)")?;
    for (rung, ring) in &speaker.rings {
        let (kind, name) = match rung {
            Rung::Number(number) => ("number", number.as_str()),
            Rung::Team(name) => ("team", name.0.as_str()),
            Rung::Agent(extension) => ("agent", extension.as_str()),
        };
        insert.execute(params![kind, name, to_word(&ring.sound)?, ring.volume.get()])?;
    }
    let mut insert =
        connection.prepare_cached("INSERT INTO bells VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?;
    for (position, bell) in (0_i64..).zip(&speaker.bells) {
        insert.execute(params![
            position,
            to_word(&bell.at)?,
            to_word(&bell.days)?,
            bell.timezone.iana_name().unwrap_or("UTC"),
            to_word(&bell.sound)?,
            bell.volume.get()
        ])?;
    }
    Ok(())
}

/// # Errors
/// When the file cannot be read, or a row holds what no office can.
pub(crate) fn load_speaker(connection: &Connection) -> Result<Speaker, StoreError> {
    let mut speaker = Speaker::default();
    each(connection, "SELECT * FROM room_rings", |row| {
        let kind: String = row.get("kind")?;
        let rung = match kind.as_str() {
            "number" => Rung::Number(word(row, "name")?),
            "team" => Rung::Team(TeamName(row.get("name")?)),
            "agent" => Rung::Agent(word(row, "name")?),
            _ => return Err(StoreError::Damaged(format!("'{kind}' does not ring"))),
        };
        let ring = RoomRing { sound: word(row, "sound")?, volume: volume(row)? };
        speaker.rings.insert(rung, ring);
        Ok(())
    })?;
    each(connection, "SELECT * FROM bells ORDER BY position", |row| {
        let zone: String = row.get("timezone")?;
        let timezone = TimeZone::get(&zone)
            .map_err(|_| StoreError::Damaged(format!("'{zone}' is no time zone")))?;
        speaker.bells.push(Bell {
            at: word(row, "at")?,
            days: word(row, "days")?,
            timezone,
            sound: word(row, "sound")?,
            volume: volume(row)?,
        });
        Ok(())
    })?;
    Ok(speaker)
}

fn volume(row: &Row<'_>) -> Result<Percent, StoreError> {
    Percent::new(row.get("volume")?).map_err(|error| StoreError::Damaged(error.to_string()))
}
