//! Where phones are, as rows: so that they ring again after a restart.

use rusqlite::{Connection, Row, params};

use crate::binding::{Binding, BindingChange};
use crate::store::error::StoreError;
use crate::store::word::word;
use crate::time::{from_unix_millis, unix_millis};

/// # Errors
/// When the disk fails.
pub(crate) fn save(connection: &Connection, change: &BindingChange) -> Result<(), StoreError> {
    match change {
        BindingChange::Bound(binding) => bind(connection, binding),
        BindingChange::Unbound { device, contact } => {
            connection
                .prepare_cached("DELETE FROM bindings WHERE device = ?1 AND contact = ?2")?
                .execute(params![device.as_str(), contact])?;
            Ok(())
        }
    }
}

fn bind(connection: &Connection, binding: &Binding) -> Result<(), StoreError> {
    let path = serde_json::to_string(&binding.path)
        .map_err(|error| StoreError::Refused(error.to_string()))?;
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO bindings VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        )?
        .execute(params![
            binding.device.as_str(),
            binding.contact,
            path,
            binding.source.to_string(),
            binding.transport.to_string(),
            binding.instance,
            binding.call_id,
            binding.cseq,
            binding.user_agent,
            unix_millis(binding.expires)
        ])?;
    Ok(())
}

/// Every binding, also those that have expired meanwhile: the registrar decides.
///
/// # Errors
/// When the file cannot be read.
pub(crate) fn load(connection: &Connection) -> Result<Vec<Binding>, StoreError> {
    let mut question = connection.prepare("SELECT * FROM bindings ORDER BY device, contact")?;
    let mut rows = question.query([])?;
    let mut bindings = Vec::new();
    while let Some(row) = rows.next()? {
        match read(row) {
            Ok(binding) => bindings.push(binding),
            // The phone will register again; one bad row must not keep the office shut.
            Err(error) => tracing::warn!(%error, "a stored binding cannot be read"),
        }
    }
    Ok(bindings)
}

fn read(row: &Row<'_>) -> Result<Binding, StoreError> {
    let source: String = row.get("source")?;
    let damaged = |what: String| StoreError::Damaged(what);
    Ok(Binding {
        device: word(row, "device")?,
        contact: row.get("contact")?,
        path: serde_json::from_str(&row.get::<_, String>("path")?)
            .map_err(|error| damaged(error.to_string()))?,
        source: source.parse().map_err(|_| damaged(format!("'{source}' is no address")))?,
        transport: word(row, "transport")?,
        instance: row.get("instance")?,
        call_id: row.get("call_id")?,
        cseq: row.get("cseq")?,
        user_agent: row.get("user_agent")?,
        expires: from_unix_millis(row.get("expires")?),
    })
}
