//! A Via that is read can be completed with its source, and still names the same transaction.

#![no_main]

use libfuzzer_sys::fuzz_target;
use naru::sip::syntax::via::Via;

fuzz_target!(|text: &str| {
    let Some(via) = Via::parse(text) else { return };
    let line = via.with_source("192.0.2.9:5070".parse().expect("an address"));
    let again = Via::parse(&line).expect("a completed Via can be read");
    assert_eq!((again.host, again.port), (via.host, via.port));
    assert_eq!(again.branch(), via.branch());
});
