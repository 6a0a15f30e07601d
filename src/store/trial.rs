//! What tests of the store share: a store in a folder of its own, and what is put into it.

use std::path::Path;
use std::sync::Arc;

use crate::history::call_filter::CallFilter;
use crate::history::call_id::CallId;
use crate::history::call_record::{CallRecord, Clocks, Direction, Outcome};
use crate::history::office_change::Signature;
use crate::leg::HangupCause;
use crate::office::agent::Agent;
use crate::office::device::{Device, DigestAlgorithm, Secret, Username};
use crate::office::extension::Extension;
use crate::office::language::Language;
use crate::office::snapshot::Office;
use crate::office::srtp::SrtpPolicy;
use crate::store::error::StoreError;
use crate::store::handle::StoreHandle;
use crate::store::open::open;
use crate::store::run::{StoreThreads, start};

pub(crate) fn call(id: u64, ended: bool) -> CallRecord {
    CallRecord {
        id: CallId(id),
        direction: Direction::Internal,
        from: "101".to_owned(),
        from_name: "김민지".to_owned(),
        to: "102".to_owned(),
        number: None,
        conversation: None,
        presented: None,
        started: 1_000 * i64::try_from(id).unwrap(),
        first_waiting: None,
        first_ring: None,
        engaged: None,
        ended: ended.then_some(1_000_000),
        outcome: ended.then_some(Outcome::Answered),
        missed_reason: None,
        voicemail: false,
        cause: ended.then_some(HangupCause::Failed { status: 500 }),
        agent: None,
        clocks: Clocks::default(),
        legs: Vec::new(),
        trail: Vec::new(),
    }
}

pub(crate) fn by() -> Signature {
    Signature { who: "admin".to_owned(), at: 1 }
}

pub(crate) fn office(names: &[&str]) -> Arc<Office> {
    let mut office = Office::default();
    for name in names {
        let extension = Extension::parse(name).unwrap();
        let device = Device {
            username: Username::parse(name).unwrap(),
            password: Secret::new("secret".to_owned()),
            digest: DigestAlgorithm::Md5,
            srtp: SrtpPolicy::Off,
            rings: true,
        };
        let agent = Agent {
            extension: extension.clone(),
            name: (*name).to_owned(),
            language: Language::Ko,
            phone_calls: true,
            unassigned_calls: false,
            call_waiting: true,
            missed_alerts: true,
            devices: vec![device],
        };
        office.agents.insert(extension, agent);
    }
    Arc::new(office)
}

pub(crate) fn started(folder: &Path) -> (StoreHandle, StoreThreads) {
    start(open(folder).unwrap().database).unwrap()
}

pub(crate) fn listed(handle: &StoreHandle) -> usize {
    let filter = CallFilter { limit: Some(1000), ..CallFilter::default() };
    handle.calls(filter).blocking_recv().unwrap().unwrap().len()
}

/// Everything sent before is on disk when an office is answered.
pub(crate) fn settle(handle: &StoreHandle) -> Result<(), StoreError> {
    let answer = handle.save_office(office(&["101"]), by()).blocking_recv();
    answer.unwrap_or(Err(StoreError::Closed))
}
