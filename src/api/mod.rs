//! The daemon as programs see it: HTTP + JSON and a stream of events, on a Unix socket.

pub mod address;
pub mod agent_schema;
pub mod answer;
pub mod client;
pub mod description;
pub mod door;
pub mod events;
pub mod handle;
pub mod hours_query;
pub mod ladder;
pub mod named;
pub mod reach;
pub mod refusal;
pub mod request;
pub mod route;
pub mod routes;
pub mod schema;
pub mod server;
