//! What somebody asks of a caller who waits in a queue.

use crate::office::extension::Extension;
use crate::office::priority::Priority;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum QueueWish {
    /// To come sooner or later among those who wait (L122).
    Place(Priority),
    /// To be put through to this agent now (L119).
    Give(Extension),
}
