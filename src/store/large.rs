//! Sounds and documents: seldom and large, each in a transaction of its own, after the records.

use rusqlite::{Connection, TransactionBehavior};

use crate::store::error::StoreError;
use crate::store::request::{DocumentWrite, SoundWrite, answer};
use crate::store::table::number_documents;
use crate::store::table::sounds;

pub(crate) fn take_sound(connection: &mut Connection, write: SoundWrite) {
    match write {
        SoundWrite::Add { sound, name, reply } => {
            let add = |rows: &Connection| sounds::add(rows, &sound, name.as_ref());
            answer(reply, whole(connection, add));
        }
        SoundWrite::Remove { name, now, reply } => {
            answer(reply, whole(connection, |rows| sounds::remove(rows, &name, now)));
        }
    }
}

pub(crate) fn take_document(connection: &mut Connection, write: DocumentWrite) {
    match write {
        DocumentWrite::Keep { document, reply } => {
            let keep = |rows: &Connection| number_documents::keep(rows, &document);
            answer(reply, whole(connection, keep));
        }
        DocumentWrite::Remove { number, reply } => {
            answer(reply, whole(connection, |rows| number_documents::remove(rows, &number)));
        }
    }
}

fn whole<T>(
    connection: &mut Connection,
    piece: impl FnOnce(&Connection) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let done = piece(&transaction)?;
    transaction.commit()?;
    Ok(done)
}
