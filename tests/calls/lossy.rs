//! Two offices over a wire that loses every fifth datagram (goal R11).

use std::time::Duration;

use naru::leg::{HangupCause, LegEvent, LegId, RingRequest};
use naru::sip::handle::{SipEvent, SipRequest};

use crate::bench::{Bench, office, ring_trunk, trunk};

/// Two offices that are each other's trunk.
fn pair(loss: u64, seed: u64) -> Bench {
    let mut bench = Bench::new();
    bench.add_side(5060, office(vec![trunk("peer", 5070)]), Vec::new());
    bench.add_side(5070, office(vec![trunk("peer", 5060)]), Vec::new());
    bench.loss = loss;
    bench.shuffle(seed);
    bench
}

/// The second office answers what arrives, half a second after it rings.
fn serve(bench: &mut Bench, until: Duration) -> Vec<LegEvent> {
    let limit = bench.now.ticks + until;
    let mut seen = Vec::new();
    while bench.step(limit) {
        while let Some(event) = bench.sides[1].events.pop_front() {
            if let SipEvent::Leg(LegEvent::Arrived(arrival)) = event {
                bench.ask_side(1, SipRequest::Ringing { leg: arrival.leg });
                bench.ask_side(1, SipRequest::Answer { leg: arrival.leg, like: None });
            }
        }
        while let Some(event) = bench.sides[0].events.pop_front() {
            if let SipEvent::Leg(event) = event {
                seen.push(event);
            }
        }
    }
    seen
}

#[test]
fn every_call_succeeds_in_the_end_and_leaves_no_ghost() {
    let mut patient = 0;
    for seed in 1..=60 {
        let mut bench = pair(20, seed);
        let leg = LegId::placed(1);
        // A trunk is given up after 5.5 s; a phone in its place would be waited for longer.
        let mut tries = 0;
        loop {
            tries += 1;
            let leg = LegId::placed(tries);
            bench.ask(SipRequest::Ring(RingRequest { leg, ..ring_trunk(leg) }));
            let seen = serve(&mut bench, Duration::from_secs(40));
            if seen.contains(&LegEvent::Answered { leg }) {
                bench.ask(SipRequest::HangUp { leg, cause: HangupCause::Normal });
                break;
            }
            assert!(tries < 3, "seed {seed}: {seen:?}");
            patient += 1;
        }
        serve(&mut bench, Duration::from_secs(200));
        for side in &bench.sides {
            assert_eq!(side.endpoint.legs(), 0, "seed {seed} leaves a ghost");
        }
        assert!(bench.sides[1].ended.iter().all(|(_, cause)| {
            matches!(cause, HangupCause::Normal | HangupCause::Cancelled | HangupCause::AckMissing)
        }));
        let _ = leg;
    }
    assert!(patient <= 3, "{patient} of 60 needed another try");
}
