//! Documents that are kept with numbers, as rows: one a number.

use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::office::number_document::{HeldDocument, NumberDocument};
use crate::office::phone_number::PhoneNumber;
use crate::store::error::StoreError;
use crate::store::rows::each;
use crate::store::word::word;

/// Takes the place of the one there was.
///
/// # Errors
/// When the disk fails.
pub(crate) fn keep(connection: &Connection, document: &NumberDocument) -> Result<(), StoreError> {
    let held = &document.held;
    connection
        .prepare_cached("INSERT OR REPLACE INTO number_documents VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?
        .execute(params![
            held.number.as_str(),
            held.name.as_str(),
            held.media_type.as_str(),
            document.content,
            held.added,
            held.who
        ])?;
    Ok(())
}

/// False when there is none.
///
/// # Errors
/// When the disk fails.
pub(crate) fn remove(connection: &Connection, number: &PhoneNumber) -> Result<bool, StoreError> {
    let question = "DELETE FROM number_documents WHERE number = ?1";
    Ok(connection.execute(question, [number.as_str()])? > 0)
}

/// Every document, also of numbers that were given back.
///
/// # Errors
/// When the file cannot be read.
pub(crate) fn list(connection: &Connection) -> Result<Vec<HeldDocument>, StoreError> {
    let mut found = Vec::new();
    let question = "SELECT number, name, media_type, length(content) AS octets, added, who
         FROM number_documents ORDER BY number";
    each(connection, question, |row| {
        found.push(held(row)?);
        Ok(())
    })?;
    Ok(found)
}

/// # Errors
/// When the file cannot be read.
pub(crate) fn read(
    connection: &Connection,
    number: &PhoneNumber,
) -> Result<Option<NumberDocument>, StoreError> {
    let question = "SELECT *, length(content) AS octets FROM number_documents WHERE number = ?1";
    let mut statement = connection.prepare_cached(question)?;
    let found = statement.query_row([number.as_str()], |row| {
        let document = held(row).map(|held| row.get("content").map(|content| (held, content)));
        Ok(document)
    });
    let Some(document) = found.optional()? else { return Ok(None) };
    let (held, content) = document??;
    Ok(Some(NumberDocument { held, content }))
}

fn held(row: &Row<'_>) -> Result<HeldDocument, StoreError> {
    Ok(HeldDocument {
        number: word(row, "number")?,
        name: word(row, "name")?,
        media_type: word(row, "media_type")?,
        octets: row.get::<_, i64>("octets")?.unsigned_abs(),
        added: row.get("added")?,
        who: row.get("who")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::office::number_document::{DocumentName, MediaType};
    use crate::store::schema;

    fn document(number: &str, content: &[u8]) -> NumberDocument {
        let held = HeldDocument {
            number: PhoneNumber::parse(number).unwrap(),
            name: DocumentName::parse("가입증명원.pdf").unwrap(),
            media_type: MediaType::parse("application/pdf").unwrap(),
            octets: content.len() as u64,
            added: 7,
            who: "root".to_owned(),
        };
        NumberDocument { held, content: content.to_vec() }
    }

    /// S9
    #[test]
    fn a_number_has_one_document_and_gives_back_what_it_was_given() {
        let connection = Connection::open_in_memory().unwrap();
        schema::at_version(&connection, schema::known());
        let first = document("+827012345678", b"old");
        let second = document("+827012345678", &[0, 255, b'\'', 10]);
        let other = document("+827012345679", b"");
        for kept in [&first, &second, &other] {
            keep(&connection, kept).unwrap();
        }
        assert_eq!(read(&connection, &first.held.number).unwrap(), Some(second.clone()));
        assert_eq!(list(&connection).unwrap(), [second.held.clone(), other.held]);
        assert!(remove(&connection, &second.held.number).unwrap());
        assert!(!remove(&connection, &second.held.number).unwrap());
        assert_eq!(read(&connection, &second.held.number).unwrap(), None);
    }
}
