//! The daemon as programs see it: HTTP + JSON and a stream of events, on a Unix socket.

pub mod agent_routes;
pub mod answer;
pub mod call_routes;
pub mod change_routes;
pub mod client;
pub mod conversation_routes;
pub mod customer_routes;
pub mod door;
pub mod events;
pub mod handle;
pub mod hours_routes;
pub mod hours_schema;
pub mod number_routes;
pub mod number_schema;
pub mod office_routes;
pub mod recording_routes;
pub mod refusal;
pub mod request;
pub mod routes;
pub mod schema;
pub mod server;
pub mod sound_routes;
pub mod speaker_routes;
pub mod system_routes;
pub mod workflow_routes;
pub mod workflow_schema;
