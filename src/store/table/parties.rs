//! Everybody who was ever on the line: each number with each name it had, once, to be found by a
//! part of either.

use rusqlite::{Connection, params};

use crate::office::dial_out::DialOut;
use crate::office::sought::Sought;
use crate::store::error::StoreError;

/// So many and more is a part that many have: whoever looks for it finds some among the newest.
pub(crate) const MANY: usize = 1_000;
/// What the index of words is made of (SQLite, FTS5: the trigram tokenizer).
const TRIGRAM: usize = 3;

/// One whose number or name holds what is looked for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Party {
    pub(crate) number: String,
    pub(crate) is_by_number: bool,
}

/// # Errors
/// When the disk fails.
pub(crate) fn remember(
    connection: &Connection,
    number: &str,
    name: &str,
) -> Result<(), StoreError> {
    let new = connection
        .prepare_cached(
            "INSERT INTO parties (number, name) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
        )?
        .execute([number, name])?;
    if new == 1 {
        connection
            .prepare_cached("INSERT INTO party_words (rowid, number, name) VALUES (?1, ?2, ?3)")?
            .execute(params![connection.last_insert_rowid(), number, name])?;
    }
    Ok(())
}

/// Whose number or name holds what is sought, each number once; `None`: [`MANY`] have.
///
/// # Errors
/// When the file cannot be read.
pub(crate) fn holding(
    connection: &Connection,
    sought: &Sought,
) -> Result<Option<Vec<Party>>, StoreError> {
    let part = sought.typed();
    let has_words = part.chars().count() >= TRIGRAM && !part.contains('\0');
    let question = if has_words {
        "SELECT p.number, p.name FROM party_words JOIN parties p ON p.id = party_words.rowid
         WHERE party_words MATCH ?1"
    } else if part.chars().any(|c| c.is_ascii_digit() || c == '+') {
        "SELECT number, name FROM parties WHERE instr(lower(number), ?1) OR instr(lower(name), ?1)"
    } else {
        // What is not of digits stands in names, and in the few numbers that are words.
        "SELECT number, name FROM parties WHERE name <> '' AND instr(lower(name), ?1) UNION ALL
         SELECT number, name FROM parties
         WHERE number GLOB '*[^0-9+]*' AND instr(lower(number), ?1)"
    };
    let wanted = if has_words { any_of(sought.written()) } else { part.to_owned() };
    let mut statement = connection.prepare_cached(question)?;
    let mut rows = statement.query([wanted])?;
    let mut found = Vec::new();
    let mut seen = 0;
    while let Some(row) = rows.next()? {
        seen += 1;
        if seen >= MANY {
            return Ok(None);
        }
        let (number, name): (String, String) = (row.get(0)?, row.get(1)?);
        // The index folds more letters than lists do.
        let is_by_number = sought.is_in_number(&number);
        if is_by_number || sought.is_in_name(&name) {
            found.push(Party { number, is_by_number });
        }
    }
    found.sort();
    found.dedup_by(|one, kept| one.number == kept.number);
    Ok(Some(found))
}

/// In double quotes everything is text, but for those themselves (FTS5, strings).
fn any_of(written: &[String]) -> String {
    let quoted = |one: &String| format!("\"{}\"", one.replace('"', "\"\""));
    written.iter().map(quoted).collect::<Vec<_>>().join(" OR ")
}

/// The calling code of the office.
///
/// # Errors
/// When the file cannot be read.
pub(crate) fn home(connection: &Connection) -> Result<String, StoreError> {
    let mut question = connection.prepare_cached("SELECT home FROM dial_out")?;
    let home = question.query([])?.next()?.map(|row| row.get(0)).transpose()?;
    Ok(home.unwrap_or_else(|| DialOut::default().home))
}
