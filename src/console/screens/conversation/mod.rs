//! Conversations and customers.

pub mod cases;
pub mod cases_filter;
pub mod conversation;
pub mod conversations;
pub mod customer;
pub mod customer_filter;
pub mod customers;
pub mod filter;
pub mod found;
pub mod keys;
pub mod marks;
pub mod merge;
pub mod missed;
pub mod note;
pub mod profile;
pub mod wish;
