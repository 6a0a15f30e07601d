//! What happened: values that are written once and read often.

pub mod call_filter;
pub mod call_record;
pub mod conversation;
pub mod conversation_filter;
pub mod conversation_id;
pub mod conversation_log;
pub mod conversation_wish;
pub mod figures;
pub mod handled;
pub mod hours_switch;
pub mod lead;
pub mod leg_quality;
pub mod missed_reason;
pub mod office_change;
pub mod queue_wish;
pub mod recording_name;
pub mod remembered;
pub mod trail;
pub mod trail_english;
pub mod trail_hours;
pub mod trail_korean;
pub mod trail_voicemail;
pub mod trail_workflow;
pub mod voice_message;
pub mod walk_record;
pub mod workflow_figures;
