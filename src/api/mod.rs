//! The daemon as programs see it: HTTP + JSON and a stream of events, on a Unix socket.

pub mod refusal;
pub mod request;
pub mod handle;
pub mod schema;
pub mod answer;
pub mod call_routes;
pub mod office_routes;
pub mod system_routes;
pub mod events;
pub mod routes;
pub mod door;
pub mod server;
pub mod client;
