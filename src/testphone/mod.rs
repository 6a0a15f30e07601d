//! The built-in test phones: small SIP phones over UDP with RTP, which place and take real calls
//! through any SIP server and tell what they heard. They share no code with `sip` and `media`, so
//! that a mistake made there is not made here as well. Quickstart's first call is theirs.

pub mod call;
pub mod credentials;
pub mod demo;
pub mod digest;
pub mod event;
pub mod fingerprint;
pub mod heard;
pub mod message;
pub mod order;
pub mod outbox;
pub mod phone;
pub mod profile;
pub mod report;
pub mod resend;
pub mod rtp;
pub mod run;
pub mod session;
pub mod user_agent;
