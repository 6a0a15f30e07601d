//! Addresses that are not answered all they ask: listed, and let go.

use std::net::IpAddr;

use tokio::sync::oneshot;

use crate::api::refusal::Refusal;
use crate::api::request::Reply;
use crate::api::schema::ban::BanLine;
use crate::clock;
use crate::sip::guard::Ban;
use crate::sip::handle::{SipHandle, SipRequest};
use crate::switchboard::answering::{answer, later};
use crate::switchboard::run::Switchboard;
use crate::time::{Moment, unix_millis};

impl Switchboard {
    pub(crate) fn bans(&self, reply: Reply<Vec<BanLine>>) {
        let bans = ask(&self.parts.sip);
        let now = clock::now();
        later(async move {
            let bans = bans.await.map_err(|_| Refusal::unavailable());
            let lines = |bans: Vec<Ban>| bans.iter().rev().map(|ban| line(ban, now)).collect();
            answer(reply, bans.map(lines));
        });
    }

    pub(crate) fn pardon(&self, source: IpAddr, reply: Reply<()>) {
        let (sip, bans) = (self.parts.sip.clone(), ask(&self.parts.sip));
        later(async move {
            let done = match bans.await {
                Ok(bans) if bans.iter().any(|ban| ban.source == source) => {
                    sip.send(SipRequest::Pardon(source));
                    Ok(())
                }
                Ok(_) => Err(Refusal::not_found()),
                Err(_) => Err(Refusal::unavailable()),
            };
            answer(reply, done);
        });
    }
}

fn ask(sip: &SipHandle) -> oneshot::Receiver<Vec<Ban>> {
    let (ask, bans) = oneshot::channel();
    sip.send(SipRequest::Bans(ask));
    bans
}

fn line(ban: &Ban, now: Moment) -> BanLine {
    let ago = now.ticks.saturating_duration_since(ban.last);
    BanLine {
        address: ban.source.to_string(),
        wrong: ban.wrong,
        unanswered: ban.unanswered,
        dropped: ban.dropped,
        last: now.wall.checked_sub(ago).map_or(0, unix_millis),
    }
}
