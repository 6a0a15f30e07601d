//! A client of other people's web servers, as small as a daemon that tells and asks little needs it:
//! one request a connection, no redirects, no cookies, every answer bounded. It knows nothing of
//! what is asked; its callers bound the time.

pub mod answer;
pub mod error;
pub mod post;
