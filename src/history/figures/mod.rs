//! What a span of days comes to.

pub mod agent_figures;
pub mod case_times;
pub mod figures;
pub mod hours_filter;
pub mod hours_then;
pub mod inflow;
pub mod lengths;
pub mod moments;
pub mod span;
pub mod target_alarm;
pub mod traffic;
pub mod week_hour;
pub mod workflow_figures;
