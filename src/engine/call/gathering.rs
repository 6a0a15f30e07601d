//! Those who talk on a call beside the two who began it, those who are asked to come, and who is
//! kept waiting meanwhile.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use crate::engine::call::ringing::Ringing;
use crate::history::trail::trail::Person;
use crate::leg::{LegId, PlayId, RoomId};

/// L32: a customer and nine agents.
pub(crate) const MOST: usize = 10;

/// Two who are left stay in the room so long, to hear that somebody went.
pub(crate) const LAST_NOTE: Duration = Duration::from_millis(500);

/// Longer than any beep.
pub(crate) const LONGEST_BEEP: Duration = Duration::from_secs(3);

#[derive(Clone, Debug, Default)]
pub(crate) struct Gathering {
    /// Where they hear each other; none while two simply do.
    pub(crate) room: Option<RoomId>,
    /// Everybody in it, in the order in which they came.
    pub(crate) members: Vec<LegId>,
    pub(crate) invitations: Vec<Invitation>,
    pub(crate) muted: BTreeSet<LegId>,
    /// When the two who are left need no room any more.
    pub(crate) closes: Option<Instant>,
    pub(crate) hold: Option<Hold>,
    /// Who hears by a beep that what they pressed cannot be done.
    pub(crate) beep: Option<Beep>,
}

/// A leg that hears a beep in the place of the others.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Beep {
    pub(crate) leg: LegId,
    pub(crate) play: PlayId,
    pub(crate) until: Instant,
}

/// A colleague whose phones ring for a call that goes on meanwhile.
#[derive(Clone, Debug)]
pub(crate) struct Invitation {
    pub(crate) agent: Person,
    pub(crate) ringing: Ringing,
}

/// One side hears music. It outlives whoever asked for it (L41).
#[derive(Clone, Debug)]
pub(crate) struct Hold {
    pub(crate) leg: LegId,
    /// Nobody of the call, when it was asked for at the console or the API.
    pub(crate) by: Option<Person>,
}

impl Gathering {
    pub(crate) fn poll_timeout(&self) -> Option<(Instant, &'static str)> {
        let invited = self.invitations.iter().map(|one| (one.ringing.poll_timeout(), "invitation"));
        let closes = self.closes.map(|at| (at, "the end of a conference"));
        let beep = self.beep.map(|beep| (beep.until, "a beep"));
        invited.chain(closes).chain(beep).min_by_key(|(due, _)| *due)
    }

    /// Where the invitation stands for which the leg rings.
    pub(crate) fn invitation_of(&self, leg: LegId) -> Option<usize> {
        self.invitations.iter().position(|one| one.ringing.legs().any(|other| other == leg))
    }

    pub(crate) fn beeps(&self, leg: LegId) -> bool {
        self.beep.is_some_and(|beep| beep.leg == leg)
    }

    pub(crate) fn holds(&self, leg: LegId) -> bool {
        self.hold.as_ref().is_some_and(|hold| hold.leg == leg)
    }
}
