//! Every screen of the console over one fixed office, as text: in Korean and English, at 80 by 24
//! and 140 by 45. `NARU_SNAPSHOTS=write cargo test --test console` writes them anew; the difference
//! is then read before it is committed.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]
#![expect(clippy::panic, reason = "a test that cannot go on stops")]

mod awaited;
mod desk;
mod empty;
mod every_key;
mod figures;
mod hostile;
mod provider;
mod scene;
mod screens;
mod setup;
mod snapshot;
mod tapes;
mod world;
mod writing;
