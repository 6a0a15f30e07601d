//! The messages of a call, drawn as a ladder.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use unicode_width::UnicodeWidthStr;

use crate::api::schema::sip::{CallSip, SipParty, SipStep};

/// Columns between two pillars: `<-- 401 Unauthorized ---` fits, and the whole into 80.
const SPAN: usize = 24;
/// Columns of a time, as in `09:16:23.042`, and the gap behind it.
const TIME: usize = 14;

/// Whoever called stands left of naru, whoever was called right of it.
#[must_use]
pub fn lines(sip: &CallSip, zone: &TimeZone) -> Vec<String> {
    let parties: BTreeMap<u64, &SipParty> =
        sip.parties.iter().map(|party| (party.leg, party)).collect();
    let callers: Vec<&str> =
        sip.parties.iter().filter(|one| one.arrived).map(|one| one.party.as_str()).collect();
    let head = format!("{}{}naru", " ".repeat(TIME), padded(&callers.join(", "), SPAN + 1));
    std::iter::once(head)
        .chain(sip.steps.iter().map(|step| line(step, parties.get(&step.leg).copied(), zone)))
        .collect()
}

fn line(step: &SipStep, party: Option<&SipParty>, zone: &TimeZone) -> String {
    let time = Timestamp::from_millisecond(step.at).map_or_else(
        |_| String::new(),
        |moment| moment.to_zoned(zone.clone()).strftime("%H:%M:%S%.3f").to_string(),
    );
    let arrived = party.is_some_and(|party| party.arrived);
    // What we send to a caller goes left.
    let arrow = arrow(&label(step), step.sent != arrived);
    let blank = " ".repeat(SPAN);
    let rungs = if arrived { format!("|{arrow}|{blank} ") } else { format!(" {blank}|{arrow}|") };
    let who = party.filter(|party| !party.arrived).map(|party| party.party.as_str());
    let notes: Vec<&str> = who.into_iter().chain(step.reason.as_deref()).collect();
    let text = format!("{}{rungs}  {}", padded(&time, TIME), notes.join("  "));
    text.trim_end().to_owned()
}

/// An answer to anything but an INVITE says to what.
fn label(step: &SipStep) -> String {
    let method = step.cseq.rsplit(' ').next().unwrap_or_default();
    let is_answer = step.message.starts_with(|first: char| first.is_ascii_digit());
    if is_answer && method != "INVITE" {
        return format!("{} ({method})", step.message);
    }
    step.message.clone()
}

fn arrow(label: &str, right: bool) -> String {
    let label: String = label.chars().take(SPAN - 6).collect();
    let dashes = SPAN.saturating_sub(label.width() + 3);
    let (before, after) = (dashes / 2, dashes - dashes / 2);
    let (before, after) = ("-".repeat(before), "-".repeat(after));
    if right { format!("{before} {label} {after}>") } else { format!("<{before} {label} {after}") }
}

fn padded(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(text.width())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(leg: u64, sent: bool, message: &str, cseq: &str) -> SipStep {
        SipStep {
            at: 1_764_000_000_042,
            leg,
            sent,
            peer: "192.0.2.1:5060".to_owned(),
            transport: "udp".to_owned(),
            message: message.to_owned(),
            cseq: cseq.to_owned(),
            reason: (message == "CANCEL").then(|| "SIP;cause=200".to_owned()),
        }
    }

    #[test]
    fn every_message_is_a_rung_between_the_two_who_exchanged_it() {
        let party = |leg, name: &str, arrived| SipParty {
            leg,
            party: name.to_owned(),
            arrived,
            left_out: 0,
        };
        let sip = CallSip {
            parties: vec![party(1, "통신사", true), party(2, "101", false)],
            steps: vec![
                step(1, false, "INVITE", "1 INVITE"),
                step(1, true, "100 Trying", "1 INVITE"),
                step(2, true, "INVITE", "1 INVITE"),
                step(2, false, "180 Ringing", "1 INVITE"),
                step(2, true, "CANCEL", "1 CANCEL"),
                step(2, false, "200 OK", "1 CANCEL"),
                step(1, true, "481 Call/Transaction Does Not Exist", "2 BYE"),
            ],
        };
        let drawn = lines(&sip, &TimeZone::UTC);
        let rungs: Vec<&str> = drawn[1..].iter().map(|line| &line[TIME..]).collect();
        let blank = " ".repeat(SPAN);
        assert_eq!(drawn[0], format!("{}통신사{}naru", " ".repeat(TIME), " ".repeat(19)));
        assert_eq!(
            rungs,
            [
                "|------- INVITE -------->|".to_owned(),
                "|<----- 100 Trying ------|".to_owned(),
                format!(" {blank}|------- INVITE -------->|  101"),
                format!(" {blank}|<----- 180 Ringing -----|  101"),
                format!(" {blank}|------- CANCEL -------->|  101  SIP;cause=200"),
                format!(" {blank}|<--- 200 OK (CANCEL) ---|  101"),
                "|<- 481 Call/Transacti --|".to_owned(),
            ]
        );
    }
}
