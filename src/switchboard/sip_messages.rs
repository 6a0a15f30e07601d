//! What the API asks of SIP messages.

use tokio::sync::oneshot;

use crate::api::refusal::Refusal;
use crate::api::request::Reply;
use crate::api::schema::sip::{CallSip, SipParty, SipStep};
use crate::history::call_id::CallId;
use crate::history::call_record::LegRecord;
use crate::sip::handle::SipRequest;
use crate::sip::ladder::{LegSteps, Step};
use crate::switchboard::answering::{answer, later, settled};
use crate::switchboard::run::Switchboard;

impl Switchboard {
    /// Legs are numbered anew at each start, so an older call's are not looked for.
    pub(crate) fn call_sip(&self, id: CallId, reply: Reply<CallSip>) {
        let live = self.engine.legs_of(id);
        let found = self.parts.store.call(id);
        let (sip, started) = (self.parts.sip.clone(), self.started);
        later(async move {
            let legs = match settled(found).await {
                Err(refusal) => return answer(reply, Err(refusal)),
                Ok(_) if !live.is_empty() => live,
                Ok(Some(record)) if record.started >= started => record.legs,
                Ok(Some(_)) => Vec::new(),
                Ok(None) => return answer(reply, Err(Refusal::not_found())),
            };
            let (ask, told) = oneshot::channel();
            let asked = legs.iter().map(|leg| leg.leg).collect();
            sip.send(SipRequest::Ladder { legs: asked, reply: ask });
            let told = told.await.map_err(|_| Refusal::unavailable());
            answer(reply, told.map(|told| call_sip(&legs, &told)));
        });
    }
}

fn call_sip(legs: &[LegRecord], told: &[LegSteps]) -> CallSip {
    let mut sip = CallSip::default();
    for (leg, LegSteps { steps, left_out }) in legs.iter().zip(told) {
        let number = leg.leg.get();
        sip.parties.push(SipParty {
            leg: number,
            party: leg.party.clone(),
            arrived: leg.leg.has_arrived(),
            left_out: *left_out,
        });
        sip.steps.extend(steps.iter().map(|step| sip_step(number, step)));
    }
    sip.steps.sort_by_key(|step| step.at);
    sip
}

fn sip_step(leg: u64, step: &Step) -> SipStep {
    SipStep {
        at: step.at,
        leg,
        sent: step.sent,
        peer: step.peer.to_string(),
        transport: step.transport.to_string(),
        message: step.message.clone(),
        cseq: step.cseq.clone(),
        reason: step.reason.clone(),
    }
}
