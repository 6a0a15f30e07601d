//! The pieces screens are made of.

pub mod bars;
pub mod blocks;
pub mod chart;
pub mod day_bar;
pub mod entry;
pub mod field;
pub mod field_draw;
pub mod form;
pub mod line;
pub mod paint;
pub mod table;
