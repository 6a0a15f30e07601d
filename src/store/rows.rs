//! The rows of a question, one by one.

use rusqlite::{Connection, Row};

use crate::store::error::StoreError;

/// Hands every row of a question without parameters to `take`.
pub(crate) fn each(
    connection: &Connection,
    question: &str,
    mut take: impl FnMut(&Row<'_>) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let mut statement = connection.prepare(question)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        take(row)?;
    }
    Ok(())
}
