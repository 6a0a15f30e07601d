//! Records on their way to the disk, kept in memory for as long as it takes none.

use std::collections::BTreeMap;

use crate::binding::BindingChange;
use crate::history::call_record::{CallId, CallRecord};
use crate::office::device::Username;

/// A day of a busy office; some 20 MB at worst (goal R13 asks for 1,000).
const CALLS: usize = 5_000;
/// Many times the phones of an office.
const BINDINGS: usize = 10_000;

/// The latest of every call and binding that is not yet on disk. Bounded; what is pushed out is
/// counted.
#[derive(Debug, Default)]
pub(crate) struct Waiting {
    pub(crate) calls: BTreeMap<CallId, CallRecord>,
    pub(crate) bindings: BTreeMap<(Username, String), BindingChange>,
    lost: u64,
}

impl Waiting {
    pub(crate) fn is_empty(&self) -> bool {
        self.calls.is_empty() && self.bindings.is_empty()
    }

    pub(crate) fn len(&self) -> usize {
        self.calls.len() + self.bindings.len()
    }

    /// Call records that were pushed out since the start.
    pub(crate) fn lost(&self) -> u64 {
        self.lost
    }

    pub(crate) fn call(&mut self, record: CallRecord) {
        self.calls.insert(record.id, record);
        if self.calls.len() > CALLS {
            self.calls.pop_first();
            self.lost += 1;
        }
    }

    /// A lost binding costs nothing that the phone's next registration does not mend.
    pub(crate) fn binding(&mut self, change: BindingChange) {
        let key = match &change {
            BindingChange::Bound(binding) => (binding.device.clone(), binding.contact.clone()),
            BindingChange::Unbound { device, contact } => (device.clone(), contact.clone()),
        };
        self.bindings.insert(key, change);
        if self.bindings.len() > BINDINGS {
            self.bindings.pop_first();
        }
    }

    pub(crate) fn clear(&mut self) {
        self.calls.clear();
        self.bindings.clear();
    }
}
