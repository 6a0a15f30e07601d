//! Trunks to providers: their servers, our registration there, tests.

pub mod credentials;
pub mod question;
pub mod registration;
pub mod report;
pub mod server_name;
pub mod tests;
pub mod trunk;
pub mod trunks;
