//! What happened: values that are written once and read often.

pub mod agent_log;
pub mod call_filter;
pub mod call_id;
pub mod call_record;
pub mod callback;
pub mod conversation;
pub mod conversation_id;
pub mod figures;
pub mod follow_up;
pub mod handled;
pub mod hours_switch;
pub mod known_quality;
pub mod leg_quality;
pub mod missed_reason;
pub mod office_change;
pub mod queue_wish;
pub mod recorded_call;
pub mod recording_name;
pub mod remembered;
pub mod trail;
pub mod voice_message;
pub mod walk_record;
pub mod webhook;
pub mod webhook_end;
