//! The screens, those of the bar first.

pub mod call;
pub mod change;
pub mod changes;
pub mod claim;
pub mod copy;
pub mod devices;
pub mod dial;
pub mod filter;
pub mod history;
pub mod list;
pub mod now;
pub mod number;
pub mod numbers;
pub mod page;
pub mod paper;
pub mod people;
pub mod person;
pub mod policies;
pub mod trunks;
