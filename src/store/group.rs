//! The records that go to disk in one transaction; one that is refused undoes only itself.

use rusqlite::Connection;
use tracing::error;

use crate::history::call_record::CallRecord;
use crate::history::known_quality::KnownQuality;
use crate::store::error::StoreError;
use crate::store::renumbered::Renumbered;
use crate::store::table::agent_log;
use crate::store::table::bindings;
use crate::store::table::callbacks;
use crate::store::table::calls;
use crate::store::table::conversations;
use crate::store::table::customers;
use crate::store::table::duties;
use crate::store::table::follow_ups;
use crate::store::table::hours;
use crate::store::table::messages;
use crate::store::table::qualities;
use crate::store::table::targets;
use crate::store::table::walks;
use crate::store::table::watchers;
use crate::store::waiting::Batch;

/// What became of one piece of a transaction.
pub(crate) type Saved = Result<(), StoreError>;

/// # Errors
/// The disk's, which concern all of it.
pub(crate) fn save(
    transaction: &Connection,
    batch: &Batch,
    renumbered: &mut Renumbered,
) -> Result<(), StoreError> {
    save_calls(transaction, batch, renumbered)?;
    save_agents(transaction, batch)?;
    save_conversations(transaction, batch)?;
    save_after_calls(transaction, batch, renumbered)?;
    save_messages(transaction, batch)?;
    save_rest(transaction, batch)
}

fn save_calls(
    transaction: &Connection,
    batch: &Batch,
    renumbered: &mut Renumbered,
) -> Result<(), StoreError> {
    for record in &batch.calls {
        let id = renumbered.free(transaction, record);
        let record = if id == record.id { record } else { &CallRecord { id, ..record.clone() } };
        if let Err(error) = apart(transaction, |rows| calls::save(rows, record))? {
            error!(call = %record.id, %error, "a call's record cannot be kept");
        }
    }
    for walk in &batch.walks {
        if let Err(error) = apart(transaction, |rows| walks::count(rows, walk))? {
            error!(%error, "a way through a workflow cannot be counted");
        }
    }
    Ok(())
}

/// Where phones are, and what agents have said.
fn save_agents(transaction: &Connection, batch: &Batch) -> Result<(), StoreError> {
    for change in &batch.bindings {
        if let Err(error) = apart(transaction, |rows| bindings::save(rows, change))? {
            error!(%error, "a binding cannot be kept");
        }
    }
    for change in &batch.watchers {
        if let Err(error) = apart(transaction, |rows| watchers::save(rows, change))? {
            error!(%error, "who watches a box cannot be kept");
        }
    }
    for duty in &batch.duties {
        if let Err(error) = apart(transaction, |rows| duties::save(rows, duty))? {
            error!(agent = %duty.agent, %error, "what an agent has said cannot be kept");
        }
    }
    for alarm in &batch.alarms {
        if let Err(error) = apart(transaction, |rows| targets::save_alarm(rows, alarm))? {
            error!(scope = %alarm.scope, %error, "who was told of a figure cannot be kept");
        }
    }
    for entry in &batch.agent_log {
        if let Err(error) = apart(transaction, |rows| agent_log::save(rows, entry))? {
            error!(%error, "what an agent was cannot be kept");
        }
    }
    Ok(())
}

fn save_rest(transaction: &Connection, batch: &Batch) -> Result<(), StoreError> {
    for lead in &batch.leads {
        if let Err(error) = apart(transaction, |rows| customers::save_lead(rows, lead))? {
            error!(%error, "a lead cannot be kept");
        }
    }
    for switch in &batch.switches {
        if let Err(error) = apart(transaction, |rows| hours::save_switch(rows, switch))? {
            error!(hours = %switch.hours, %error, "a switch of hours cannot be kept");
        }
    }
    Ok(())
}

/// What happened between the office and its customers.
fn save_conversations(transaction: &Connection, batch: &Batch) -> Result<(), StoreError> {
    for kept in &batch.conversations {
        if let Err(error) = apart(transaction, |rows| conversations::save(rows, kept))? {
            error!(conversation = %kept.conversation.id, %error, "a conversation cannot be kept");
        }
    }
    for entry in &batch.log {
        if let Err(error) = apart(transaction, |rows| conversations::save_entry(rows, entry))? {
            error!(conversation = %entry.conversation, %error, "a line cannot be kept");
        }
    }
    Ok(())
}

/// What comes after the end of calls.
fn save_after_calls(
    transaction: &Connection,
    batch: &Batch,
    renumbered: &Renumbered,
) -> Result<(), StoreError> {
    for known in &batch.qualities {
        let call = renumbered.of(known.call);
        let known = KnownQuality { call, ..*known };
        if let Err(error) = apart(transaction, |rows| qualities::save(rows, &known))? {
            error!(%call, %error, "how a leg sounded cannot be kept");
        }
    }
    for (call, entries) in &batch.trails {
        let call = renumbered.of(*call);
        if let Err(error) = apart(transaction, |rows| calls::add_to_trail(rows, call, entries))? {
            error!(%call, %error, "what happened after a call cannot be kept");
        }
    }
    for change in &batch.follow_ups {
        if let Err(error) = apart(transaction, |rows| follow_ups::save(rows, change))? {
            error!(%error, "work after a call cannot be kept");
        }
    }
    Ok(())
}

fn save_messages(transaction: &Connection, batch: &Batch) -> Result<(), StoreError> {
    for (call, callback) in &batch.callbacks {
        let save = |rows: &Connection| callbacks::save(rows, *call, callback.as_ref());
        if let Err(error) = apart(transaction, save)? {
            error!(%call, %error, "what a customer was promised cannot be kept");
        }
    }
    for (name, message) in &batch.messages {
        let save = |rows: &Connection| messages::save(rows, name, message.as_ref());
        if let Err(error) = apart(transaction, save)? {
            error!(%name, %error, "what is known of a message cannot be kept");
        }
    }
    Ok(())
}

/// Does one piece of a transaction so that its refusal undoes only itself. The outer error is the
/// disk's and concerns all.
pub(crate) fn apart(
    connection: &Connection,
    piece: impl FnOnce(&Connection) -> Result<(), StoreError>,
) -> Result<Saved, StoreError> {
    connection.execute_batch("SAVEPOINT piece")?;
    match piece(connection) {
        Ok(()) => {
            connection.execute_batch("RELEASE piece")?;
            Ok(Ok(()))
        }
        Err(error) if error.may_pass() => Err(error),
        Err(error) => {
            connection.execute_batch("ROLLBACK TO piece; RELEASE piece")?;
            Ok(Err(error))
        }
    }
}
