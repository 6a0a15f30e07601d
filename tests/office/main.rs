//! The office as a document: what is read, what is refused, and what is printed again.

mod document;
mod round_trip;
