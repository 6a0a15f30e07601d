//! The one loop that joins the parts: event in, engine, commands out.

pub mod administer;
pub mod event;
pub mod hours;
pub mod perform;
pub mod run;
pub mod sounds;
