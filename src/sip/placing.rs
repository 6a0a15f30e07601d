//! Legs that we place: whom they call, and which ways lead there.

use std::time::Duration;

use crate::leg::{Origin, RingRequest, Target};
use crate::office::trunk::TrunkName;
use crate::sip::endpoint::Endpoint;
use crate::sip::flow::Flow;
use crate::sip::leg::call_leg::CallLeg;
use crate::sip::leg::caller::Caller;
use crate::sip::leg::outgoing::{Outgoing, Placing, Way};
use crate::sip::trunk::trunks::{Routes, routed};
use crate::time::Moment;

/// Goal R12: an unreachable trunk is known within 6 s.
const TRUNK_PATIENCE: Duration = Duration::from_millis(5500);
/// Further addresses that are tried within that time: more would leave too little for each.
const MOST_LATER: usize = 2;

impl Endpoint {
    pub(crate) fn ring(&mut self, request: RingRequest, routes: &mut dyn Routes, now: Moment) {
        let RingRequest { leg, target, caller_number, caller_name, like } = request;
        let caller = Caller { number: caller_number, name: caller_name };
        let first = self.legs.codec(like);
        let hops = like.and_then(|like| self.legs.get(like)).and_then(CallLeg::hops);
        let hops = hops.map(|hops| hops.saturating_sub(1));
        let placing = match target {
            Target::Device(device) => {
                let contacts = self.registrar.contacts(&device, now);
                let ways = contacts.into_iter().filter_map(|reach| {
                    let flow = routed(reach.flow, routes)?;
                    let host = self.means.own_host(&flow);
                    let to = format!("<sip:{device}@{host}>");
                    let (uri, route) = (reach.uri, reach.route);
                    Some(Way { uri, to, route, identity: None, flow, later: Vec::new() })
                });
                let ways = ways.collect();
                let account = Origin::Device(device);
                Placing { leg, account, caller, first, ways, hops, patience: None }
            }
            Target::Trunk { trunk, dialled } => {
                let way = self.trunk_way(&trunk, &dialled, &caller, routes);
                let tries = way.iter().map(|way| way.later.len() + 1).sum::<usize>().max(1);
                let (ways, account) = (way.into_iter().collect(), Origin::Trunk(trunk));
                let patience = Some(TRUNK_PATIENCE / u32::try_from(tries).unwrap_or(1));
                Placing { leg, account, caller, first, ways, hops, patience }
            }
        };
        let placed = Outgoing::place(placing, &mut self.means, now);
        if let Some(outgoing) = &placed {
            for tag in outgoing.local_tags() {
                self.legs.dialogs.add_tag(leg, tag);
            }
            for call_id in outgoing.call_ids() {
                self.ladder.claim(leg, call_id);
            }
        }
        self.legs.settle(leg, placed.map(CallLeg::Outgoing), now);
    }

    fn trunk_way(
        &self,
        trunk: &TrunkName,
        dialled: &str,
        caller: &Caller,
        routes: &mut dyn Routes,
    ) -> Option<Way> {
        let line = self.means.trunks.line(trunk)?;
        let targets = self.means.trunks.call_targets(trunk);
        let mut flows = targets.iter().filter_map(|target| routes.way_to(target));
        let flow = flows.next()?;
        // Contact and sound stay as they are, so the others must be reached from the same socket.
        let later: Vec<Flow> =
            flows.filter(|other| other.local == flow.local).take(MOST_LATER).collect();
        let uri = line.request_uri(dialled)?;
        let host = self.means.own_host(&flow);
        let identity = Some(line.identity(&caller.number, &caller.name, &host));
        Some(Way { to: format!("<{uri}>"), uri, route: Vec::new(), identity, flow, later })
    }
}
