//! Workflows, and the numbers that lead to them, as rows.

use std::sync::Arc;

use rusqlite::{Connection, params};

use crate::office::phone_number::PhoneNumber;
use crate::office::route::Route;
use crate::office::snapshot::Office;
use crate::office::workflow::name::WorkflowName;
use crate::office::workflow::workflow::Workflow;
use crate::store::error::StoreError;
use crate::store::rows::each;
use crate::store::word::{to_word, word};

/// Call it when the numbers are saved.
///
/// # Errors
/// When the disk fails.
pub(crate) fn save_workflows(connection: &Connection, office: &Office) -> Result<(), StoreError> {
    connection.execute_batch("DELETE FROM number_workflows; DELETE FROM workflows;")?;
    let mut insert = connection.prepare_cached("INSERT INTO workflows VALUES (?1, ?2, ?3)")?;
    for (position, workflow) in (0_i64..).zip(&office.workflows) {
        insert.execute(params![position, workflow.name.0, to_word(workflow)?])?;
    }
    let mut insert = connection.prepare_cached("INSERT INTO number_workflows VALUES (?1, ?2)")?;
    for number in office.numbers.values() {
        if let Route::Workflow(name) = &number.route {
            insert.execute(params![number.number.as_str(), name.0])?;
        }
    }
    Ok(())
}

/// Call it when the numbers are loaded.
///
/// # Errors
/// When the file cannot be read, or a row holds what no office can.
pub(crate) fn load_workflows(
    connection: &Connection,
    office: &mut Office,
) -> Result<(), StoreError> {
    each(connection, "SELECT definition FROM workflows ORDER BY position", |row| {
        office.workflows.push(Arc::new(word::<Workflow>(row, "definition")?));
        Ok(())
    })?;
    each(connection, "SELECT number, workflow FROM number_workflows", |row| {
        let number: PhoneNumber = word(row, "number")?;
        if let Some(number) = office.numbers.get_mut(&number) {
            number.route = Route::Workflow(WorkflowName(row.get("workflow")?));
        }
        Ok(())
    })
}
