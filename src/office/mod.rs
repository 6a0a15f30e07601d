//! The office as its admins set it up: values that cannot be built wrong, no behaviour over time.

pub mod agent;
pub mod announcement;
pub mod bell;
pub mod calling_code;
pub mod continuation;
pub mod customer;
pub mod device;
pub mod dial_out;
pub mod duration;
pub mod extension;
pub mod feature_code;
pub mod language;
pub mod library;
pub mod number;
pub mod phone_number;
pub mod recording;
pub mod revert;
pub mod room_sound;
pub mod route;
pub mod snapshot;
pub mod speaker;
pub mod tag;
pub mod team;
pub mod trunk;

pub mod changes;
pub mod document;
pub mod document_customers;
pub mod document_field;
pub mod document_keys;
pub mod document_numbers;
pub mod document_people;
pub mod document_sounds;
pub mod document_speaker;
pub mod document_trunks;
pub mod print;
