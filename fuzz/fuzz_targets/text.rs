//! Addresses, parameters and lists are read without panic, and names come out clean.

#![no_main]

use libfuzzer_sys::fuzz_target;
use naru::sip::syntax::text::{Address, quoted, split_outside};

fuzz_target!(|text: &str| {
    for part in split_outside(text, ',') {
        let address = Address::parse(part);
        let name = address.display_name();
        assert!(!name.contains(|c: char| c.is_control()));
        assert_eq!(Address::parse(&format!("{} <sip:a>", quoted(&name))).display_name(), name);
        assert!(address.tag().is_none_or(|tag| !tag.is_empty()));
        assert!(address.parameter("expires").is_none_or(|value| value.len() < text.len()));
    }
});
