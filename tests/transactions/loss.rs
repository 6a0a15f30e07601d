//! Both ends of a call over a wire that loses datagrams (goal R11).

use naru::sip::syntax::header::Name;
use naru::sip::syntax::message::{Request, Response};
use naru::sip::syntax::method::Method;
use naru::sip::syntax::token::Tokens;
use naru::sip::transaction::event::TransactionEvent;
use naru::sip::transaction::key::ServerKey;
use naru::sip::transaction::timer::TimerConfig;
use naru::sip::transaction::transactions::Transactions;

use crate::side::{Side, udp};

/// A cheap repeatable coin.
struct Dice(u64);

impl Dice {
    fn lost(&mut self, percent: u64) -> bool {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % 100 < percent
    }
}

/// The two ends of one call and what has happened.
struct Call {
    caller: Side,
    callee: Side,
    dice: Dice,
    percent: u64,
    /// The INVITEs the callee was told of.
    invites: Vec<ServerKey>,
    answered: bool,
    ended: bool,
    failed: bool,
}

impl Call {
    fn new(seed: u64, percent: u64) -> Self {
        let (caller, mut callee) = (Side::new(), Side::new());
        callee.transactions = Transactions::new(TimerConfig::default(), Tokens::new([8; 32]));
        (callee.start, callee.now) = (caller.start, caller.now);
        let (answered, ended, failed) = (false, false, false);
        let (dice, invites) = (Dice(seed), Vec::new());
        Self { caller, callee, dice, percent, invites, answered, ended, failed }
    }

    /// INVITE, 180, 200, ACK, BYE, 200; `true` if both ends agree and nothing is left.
    fn run(mut self) -> bool {
        self.caller.send(&Method::Invite, udp());
        for _ in 0..4000 {
            for (_, _, text) in std::mem::take(&mut self.caller.sent) {
                if !self.dice.lost(self.percent) {
                    self.callee.feed(&text);
                }
            }
            for (_, event) in std::mem::take(&mut self.callee.events) {
                self.callee_told(event);
            }
            self.callee.drain();
            for (_, _, text) in std::mem::take(&mut self.callee.sent) {
                if !self.dice.lost(self.percent) {
                    self.caller.feed(&text);
                }
            }
            for (_, event) in std::mem::take(&mut self.caller.events) {
                self.caller_told(event);
            }
            self.caller.drain();
            self.caller.wind(20);
            self.callee.wind(20);
        }
        let left = (self.caller.transactions.count(), self.callee.transactions.count());
        self.answered
            && self.ended
            && !self.failed
            && self.invites.len() == 1
            && left == ((0, 0), (0, 0))
    }

    fn callee_told(&mut self, event: TransactionEvent) {
        match event {
            TransactionEvent::Request { key, request, .. } => {
                let now = self.callee.now;
                if request.method == Method::Invite {
                    self.invites.push(key);
                    let ringing = request.tagged_response(180, "b");
                    self.callee.transactions.respond(&key, &ringing, now);
                }
                let answer = request.tagged_response(200, "b");
                self.callee.transactions.respond(&key, &answer, now);
            }
            TransactionEvent::Ack { .. } => self.callee.transactions.acknowledge(&self.invites[0]),
            _ => self.failed = true,
        }
    }

    fn caller_told(&mut self, event: TransactionEvent) {
        match event {
            TransactionEvent::Response { response, .. } if response.status == 200 => {
                if response.cseq().unwrap().1 == Method::Bye {
                    self.ended = true;
                    return;
                }
                self.caller.transactions.send_ack(ack_of(&response), udp());
                if !self.answered {
                    self.answered = true;
                    self.caller.send(&Method::Bye, udp());
                }
            }
            TransactionEvent::Response { .. } => {}
            _ => self.failed = true,
        }
    }
}

fn ack_of(response: &Response) -> Request {
    let mut ack = Request::new(Method::Ack, "sip:bob@192.0.2.9");
    for name in [Name::From, Name::To, Name::CallId] {
        ack.headers.push(name.clone(), response.headers.get(&name).unwrap());
    }
    ack.headers.push(Name::CSeq, "7 ACK");
    ack
}

#[test]
fn one_fifth_of_the_datagrams_lost_each_way_costs_no_call() {
    let ended = (0..200).filter(|seed| Call::new(*seed, 20).run()).count();
    assert_eq!(ended, 200);
}
