//! What the console learns of the daemon.

use bytes::Bytes;

use crate::api::refusal::Refusal;
use crate::api::request::{Health, TrunkState};
use crate::api::schema::{
    CallPage, CallWithTrail, ChangeDocuments, ChangePage, OfficeChanges, Registration,
};
use crate::console::document::Document;
use crate::history::call_record::CallRecord;
use crate::live::{Live, Update};
use crate::words::Words;

#[derive(Clone, Debug)]
pub enum Report {
    /// The stream stands, and this is the office now.
    Up(Live),
    /// The daemon is gone, and why.
    Down(Words),
    Update(Update),
    Health(Health),
    Registrations(Vec<Registration>),
    Trunks(Vec<TrunkState>),
    Office(Document),
    /// Calls of today, some of them perhaps told before.
    Today(Vec<CallRecord>),
    /// An answer to [`Request::Calls`](crate::console::action::Request).
    Calls { page: CallPage, is_first: bool },
    Call(Box<CallWithTrail>),
    Changes { page: ChangePage, is_first: bool },
    Change(Box<ChangeDocuments>),
    /// What an edit would change; `place` is where faults of it are found.
    Checked { ticket: u64, place: String, verdict: Result<OfficeChanges, Refusal> },
    /// An edit or a revert is done, or not.
    Saved { ticket: u64, place: String, verdict: Result<OfficeChanges, Refusal> },
    /// What a revert would change.
    Rehearsed { id: u64, verdict: Result<OfficeChanges, Refusal> },
    /// Something was done, and what to say of it.
    Done(Words),
    Refused(Words),
}

/// The body of a request that has none.
pub(crate) const NOTHING: Bytes = Bytes::new();
