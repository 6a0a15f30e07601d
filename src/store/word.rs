//! Closed lists as the words they have in documents and in the API.

use rusqlite::Row;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::store::error::StoreError;

/// The word of a fieldless variant, or the JSON of one with data.
///
/// # Errors
/// When the value has no JSON, which a closed list always has.
pub(crate) fn to_word<T: Serialize>(value: &T) -> Result<String, StoreError> {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => Ok(word),
        Ok(other) => Ok(other.to_string()),
        Err(error) => Err(StoreError::Refused(error.to_string())),
    }
}

/// The inverse of [`to_word`].
///
/// # Errors
/// When the word is not in the list: somebody else wrote the row.
pub(crate) fn from_word<T: DeserializeOwned>(word: &str) -> Result<T, StoreError> {
    let value = if word.starts_with(['{', '[']) {
        serde_json::from_str(word)
    } else {
        serde_json::from_value(serde_json::Value::String(word.to_owned()))
    };
    value.map_err(|error| StoreError::Damaged(format!("'{word}': {error}")))
}

/// A column as a word.
pub(crate) fn word<T: DeserializeOwned>(row: &Row<'_>, column: &str) -> Result<T, StoreError> {
    from_word(&row.get::<_, String>(column)?)
}

/// A column as a word, or nothing.
pub(crate) fn optional_word<T: DeserializeOwned>(
    row: &Row<'_>,
    column: &str,
) -> Result<Option<T>, StoreError> {
    row.get::<_, Option<String>>(column)?.as_deref().map(from_word).transpose()
}
