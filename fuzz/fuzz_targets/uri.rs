//! URIs are read without panic.

#![no_main]

use libfuzzer_sys::fuzz_target;
use naru::sip::syntax::uri::{Uri, host_and_port, percent_decoded};

fuzz_target!(|text: &str| {
    if let Some((host, _)) = host_and_port(text) {
        assert!(!host.is_empty() && host.len() <= text.len());
    }
    // A replacement character has three bytes.
    assert!(percent_decoded(text).len() <= 3 * text.len());
    if let Some(uri) = Uri::parse(text) {
        assert!(uri.user.len() + uri.host.len() <= text.len());
        assert!(uri.user_text().len() <= 3 * uri.user.len());
        assert!(uri.parameter("transport").is_none_or(|value| value.len() < text.len()));
    }
});
