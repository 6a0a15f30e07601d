//! What must be known before the database opens: config.yaml.

pub mod reading;
pub mod settings;
pub mod written;
