//! Agents as calls see them: who may be rung, who is given the next call, what each has said.

pub mod assigned;
pub mod assignment;
pub mod duties;
pub mod ledger;
pub mod presence;
pub mod statuses;
