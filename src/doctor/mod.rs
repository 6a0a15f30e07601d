//! What is wrong with the box, and what helps: looks at the machine, at the daemon's doors and at
//! the office, and changes nothing.

pub mod examination;
pub mod finding;

mod certificates;
mod doors;
mod machine;
mod office;
mod phones;
