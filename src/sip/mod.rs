//! SIP, sans-IO but for `transport` and `run`.

pub mod handle;
