//! Any text is read as an office or refused with its mistakes; what is read is printed and read
//! again as the same.

#![no_main]

use libfuzzer_sys::fuzz_target;
use naru::config::Config;
use naru::office::document::document::parse;
use naru::office::document::print::print;

fuzz_target!(|text: &str| {
    drop(Config::parse(text));
    if let Ok(office) = parse(text, None) {
        let again = parse(&print(&office, true), None).expect("an office as we print it");
        assert_eq!(again, office);
    }
});
