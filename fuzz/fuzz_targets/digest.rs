//! Any Authorization line is read or refused.

#![no_main]

use libfuzzer_sys::fuzz_target;
use naru::sip::registrar::digest::Credentials;

fuzz_target!(|line: &str| {
    drop(Credentials::parse(line));
});
