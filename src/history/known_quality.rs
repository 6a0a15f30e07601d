//! Which leg of which call sounded how.

use crate::history::call_id::CallId;
use crate::history::leg_quality::LegQuality;
use crate::leg::LegId;

/// Whose it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownQuality {
    pub call: CallId,
    pub leg: LegId,
    pub quality: LegQuality,
}
