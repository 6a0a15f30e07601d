//! Tells other systems what workflows want told (P18): signed, tried again for a while, and never in
//! the way of a call. A thread of its own, since servers may be slow and names slow to find.

pub mod delivery;
pub mod handle;
pub mod key;
pub mod run;
