//! Changes of the office as rows, written with the office itself.

use rusqlite::{Connection, params};

use crate::history::office_change::{OfficeChange, Signature};
use crate::office::document::print::print;
use crate::office::snapshot::Office;
use crate::store::error::StoreError;
use crate::store::table::hours::note_versions;
use crate::store::table::office;
use crate::store::table::released::note_released;
use crate::store::table::sounds;

/// Documents beyond it go, the oldest first, however many changes an office makes.
const KEPT_BYTES: i64 = 64 * 1024 * 1024;

/// Replaces the whole office and notes what it was. Call it inside a transaction.
///
/// # Errors
/// When the disk fails, or the office does not fit together.
pub(crate) fn save(
    connection: &Connection,
    office: &Office,
    by: &Signature,
) -> Result<(), StoreError> {
    let before = office::load(connection)?;
    office::save(connection, office)?;
    sounds::name_all(connection, office)?;
    if before == *office {
        return Ok(());
    }
    note_versions(connection, (&before.hours, &office.hours), by.at)?;
    note_released(connection, (&before.numbers, &office.numbers), by.at)?;
    connection.execute(
        "INSERT INTO office_changes (at, who, before, after) VALUES (?1, ?2, ?3, ?4)",
        params![by.at, by.who, print(&before, true), print(office, true)],
    )?;
    forget_oldest(connection, KEPT_BYTES)
}

fn forget_oldest(connection: &Connection, kept: i64) -> Result<(), StoreError> {
    connection.execute(
        "DELETE FROM office_changes WHERE id <= (SELECT max(id) FROM (
             SELECT id, sum(length(before) + length(after)) OVER (ORDER BY id DESC) AS bytes
             FROM office_changes) WHERE bytes > ?1)",
        [kept],
    )?;
    Ok(())
}

/// # Errors
/// When the file cannot be read.
pub(crate) fn list(
    connection: &Connection,
    before: Option<u64>,
    rows: u32,
) -> Result<Vec<OfficeChange>, StoreError> {
    let before = before.and_then(|id| i64::try_from(id).ok()).unwrap_or(i64::MAX);
    let mut statement = connection.prepare_cached(
        "SELECT id, at, who, before, after FROM office_changes
         WHERE id < ?1 ORDER BY id DESC LIMIT ?2",
    )?;
    let found = statement.query_map(params![before, rows], |row| {
        Ok(OfficeChange {
            id: row.get::<_, i64>(0)?.unsigned_abs(),
            signature: Signature { at: row.get(1)?, who: row.get(2)? },
            before: row.get(3)?,
            after: row.get(4)?,
        })
    })?;
    Ok(found.collect::<Result<_, _>>()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::schema;

    fn connection() -> Connection {
        let connection = Connection::open_in_memory().unwrap();
        schema::at_version(&connection, schema::known());
        connection
    }

    fn at_home(code: &str) -> Office {
        let mut office = Office::default();
        office.dial_out.home = code.to_owned();
        office
    }

    fn by(at: i64) -> Signature {
        Signature { who: "minji".to_owned(), at }
    }

    #[test]
    fn a_change_is_kept_with_who_and_when_and_a_save_without_one_is_not() {
        let connection = connection();
        save(&connection, &at_home("81"), &by(5)).unwrap();
        save(&connection, &at_home("81"), &by(6)).unwrap();
        let changes = list(&connection, None, 10).unwrap();
        assert_eq!(changes.len(), 1);
        assert_eq!(changes[0].signature, by(5));
        assert!(changes[0].before.contains("home: \"82\""), "{}", changes[0].before);
        assert!(changes[0].after.contains("home: \"81\""), "{}", changes[0].after);
        assert!(list(&connection, Some(changes[0].id), 10).unwrap().is_empty());
    }

    #[test]
    fn the_oldest_are_forgotten_when_there_are_too_many() {
        let connection = connection();
        for (at, home) in (1..).zip(["81", "44", "49", "82"]) {
            save(&connection, &at_home(home), &by(at)).unwrap();
        }
        let all = list(&connection, None, 10).unwrap();
        let bytes = |changes: &[OfficeChange]| -> usize {
            changes.iter().map(|change| change.before.len() + change.after.len()).sum()
        };
        let kept = i64::try_from(bytes(&all[..2])).unwrap();
        forget_oldest(&connection, kept).unwrap();
        assert_eq!(list(&connection, None, 10).unwrap(), all[..2]);
    }
}
