//! Everything the engine must know again after a restart.

use rusqlite::Connection;

use crate::history::remembered::Remembered;
use crate::store::error::StoreError;
use crate::store::table::callbacks;
use crate::store::table::conversations;
use crate::store::table::follow_ups;
use crate::store::table::hours::switches;
use crate::store::table::messages;
use crate::store::table::released::released;
use crate::store::table::targets;

/// # Errors
/// When the file cannot be read.
pub(crate) fn load(connection: &Connection) -> Result<Remembered, StoreError> {
    Ok(Remembered {
        switches: switches(connection)?,
        released: released(connection)?,
        conversations: conversations::memory(connection)?,
        callbacks: callbacks::load(connection)?,
        follow_ups: follow_ups::load(connection)?,
        messages: messages::load(connection)?,
        alarms: targets::load_alarms(connection)?,
    })
}
