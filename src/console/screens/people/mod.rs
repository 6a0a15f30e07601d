//! Who works here, their phones and teams.

pub mod device;
pub mod devices;
pub mod people;
pub mod person;
pub mod presence;
pub mod team;
