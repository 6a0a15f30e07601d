//! Every kind of step, and what is left of a call whose caller hangs up in it (L81–L83).

use naru::history::call_record::Outcome;
use naru::history::missed_reason::MissedReason;
use naru::history::walk_record::WalkEnd;

/// What happens to a caller in the workflow.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Happens {
    ClipEnds,
    Key(char),
    Passes(u64),
    /// The other system answers: well or not.
    Answers(bool),
    /// Recording writes what the caller says.
    Records,
    /// Recording is over; so long somebody spoke.
    Recorded(u64),
    /// This phone answers.
    Takes(&'static str),
}

/// What is left of the call when its caller hangs up at this point.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Left {
    pub(crate) outcome: Outcome,
    pub(crate) reason: Option<MissedReason>,
    pub(crate) end: WalkEnd,
    /// The step that counts the drop-off.
    pub(crate) step: Option<&'static str>,
}

pub(crate) type Point = (Happens, Left);

/// L81: not in the inbox, not missed.
pub(crate) const fn leaves(step: &'static str) -> Left {
    let reason = Some(MissedReason::UserLeftInIvrWithoutInput);
    Left { outcome: Outcome::NotEntered, reason, end: WalkEnd::CallerLeft, step: Some(step) }
}

const fn leaves_after_a_key(step: &'static str) -> Left {
    Left { reason: Some(MissedReason::UserLeftInIvr), ..leaves(step) }
}

/// L82, or an end that the workflow has given the call already.
const fn is_missed(reason: MissedReason, end: WalkEnd) -> Left {
    Left { outcome: Outcome::Missed, reason: Some(reason), end, step: None }
}

const fn is_let_go(reason: Option<MissedReason>, end: WalkEnd) -> Left {
    Left { outcome: Outcome::NotEntered, reason, end, step: None }
}

/// One kind of step between a message and a menu.
pub(crate) struct Kind {
    /// The step `it`, and what it needs beside it.
    pub(crate) step: &'static str,
    /// After the message is over, which leads into `it`.
    pub(crate) first: Left,
    pub(crate) then: &'static [Point],
    /// Under which triggers it may stand.
    pub(crate) anywhere: bool,
}

use Happens::{Answers, ClipEnds, Key, Passes, Recorded, Records, Takes};

const NO_INPUT: Left = is_let_go(Some(MissedReason::WfInputTimeout), WalkEnd::NoInput);
/// L98: a caller who has said nothing has only left the workflow.
const NO_WORD: Left = is_let_go(Some(MissedReason::UserLeftInIvrWithoutInput), WalkEnd::Voicemail);
const WORD: Left = is_missed(MissedReason::WfVoiceMail, WalkEnd::Voicemail);
const AFTER: Left = leaves("after");

pub(crate) const KINDS: [Kind; 18] = [
    Kind {
        step: "{name: it, say: closed, next: after}",
        first: leaves("it"),
        then: &[(Passes(3), leaves("it")), (ClipEnds, AFTER)],
        anywhere: true,
    },
    Kind {
        step: "{name: it, menu: {say: closed, keys: {\"1\": after, \"#\": end}, wait: 5s, tries: 3, invalid: all_busy}}",
        first: leaves("it"),
        then: &[
            (ClipEnds, leaves("it")),
            (Passes(4), leaves("it")),
            (Passes(1), leaves("it")),
            (Key('7'), leaves_after_a_key("it")),
            (ClipEnds, leaves_after_a_key("it")),
            (Key('*'), leaves_after_a_key("it")),
            (Key('1'), leaves_after_a_key("after")),
        ],
        anywhere: true,
    },
    // L83: nobody presses anything.
    Kind {
        step: "{name: it, menu: {say: closed, keys: {\"1\": after}, wait: 5s, tries: 2}}",
        first: leaves("it"),
        then: &[
            (ClipEnds, leaves("it")),
            (Passes(5), leaves("it")),
            (ClipEnds, leaves("it")),
            (Passes(5), NO_INPUT),
        ],
        anywhere: false,
    },
    Kind {
        step: "{name: it, menu: {say: closed, keys: {\"1\": end}, wait: 5s, tries: 1, silent: after}}",
        first: leaves("it"),
        then: &[(ClipEnds, leaves("it")), (Passes(5), AFTER)],
        anywhere: true,
    },
    Kind {
        step: "{name: it, digits: {say: closed, field: f, least: 2, wait: 5s, tries: 3}, next: after}",
        first: leaves("it"),
        then: &[
            (ClipEnds, leaves("it")),
            (Passes(5), leaves("it")),
            (Key('4'), leaves_after_a_key("it")),
            (Key('#'), leaves_after_a_key("it")),
        ],
        anywhere: true,
    },
    Kind {
        step: "{name: it, digits: {say: closed, field: f, least: 2, wait: 5s, tries: 1}, next: after}",
        first: leaves("it"),
        then: &[
            (Key('4'), leaves_after_a_key("it")),
            (Key('2'), leaves_after_a_key("it")),
            (Passes(4), leaves_after_a_key("it")),
            (Key('#'), leaves_after_a_key("after")),
        ],
        anywhere: true,
    },
    Kind {
        step: "{name: it, digits: {say: closed, field: f, wait: 5s, tries: 1}, next: after}",
        first: leaves("it"),
        then: &[(ClipEnds, leaves("it")), (Passes(5), NO_INPUT)],
        anywhere: false,
    },
    Kind {
        step: "{name: it, branch: [{when: {language: ko}, to: after}], otherwise: end}",
        first: AFTER,
        then: &[],
        anywhere: true,
    },
    Kind {
        step: "{name: it, quick: [{when: {language: ko}, tag: [x]}], next: after}",
        first: AFTER,
        then: &[],
        anywhere: true,
    },
    Kind { step: "{name: it, tag: [x], next: after}", first: AFTER, then: &[], anywhere: true },
    // L82 (a): whoever is being connected has come in.
    Kind {
        step: "{name: it, connect: {unavailable: after}}",
        first: is_missed(MissedReason::UserLeft, WalkEnd::Connected),
        then: &[
            (Passes(5), is_missed(MissedReason::UserLeft, WalkEnd::Connected)),
            (
                Takes("101"),
                Left {
                    outcome: Outcome::Answered,
                    reason: None,
                    end: WalkEnd::Connected,
                    step: None,
                },
            ),
        ],
        anywhere: false,
    },
    Kind {
        step: "{name: it, module: m, next: after}",
        first: leaves("inside"),
        then: &[
            (ClipEnds, leaves("inside")),
            (Key('5'), leaves_after_a_key("inside")),
            (Key('1'), leaves_after_a_key("after")),
        ],
        anywhere: true,
    },
    Kind {
        step: "{name: it, webhook: {url: \"http://crm.test\", wait: 9s, failed: end}, next: after}",
        first: leaves("it"),
        then: &[(Passes(8), leaves("it")), (Answers(true), AFTER)],
        anywhere: true,
    },
    Kind {
        step: "{name: it, webhook: {url: \"http://crm.test\", wait: 9s, failed: after}, next: end}",
        first: leaves("it"),
        then: &[(Answers(false), AFTER)],
        anywhere: true,
    },
    Kind {
        step: "{name: it, webhook: {url: \"http://crm.test\"}, next: after}",
        first: AFTER,
        then: &[(Answers(true), AFTER)],
        anywhere: true,
    },
    Kind {
        step: "{name: it, hang_up: done}",
        first: is_let_go(None, WalkEnd::HungUp),
        then: &[],
        anywhere: true,
    },
    // L82 (b)
    Kind {
        step: "{name: it, hang_up: missed}",
        first: is_missed(MissedReason::WfEndCall, WalkEnd::HungUp),
        then: &[],
        anywhere: true,
    },
    Kind {
        step: "{name: it, voicemail: {limit: 1m}}",
        first: NO_WORD,
        then: &[
            (ClipEnds, NO_WORD),
            (ClipEnds, NO_WORD),
            (Records, NO_WORD),
            (Passes(1), NO_WORD),
            // Said nothing, and is asked again.
            (Recorded(1), NO_WORD),
            (ClipEnds, NO_WORD),
            (ClipEnds, NO_WORD),
            (Records, NO_WORD),
            (Passes(20), WORD),
            (Recorded(20), WORD),
            (ClipEnds, WORD),
        ],
        anywhere: true,
    },
];

pub(crate) const CALLBACK: Kind = Kind {
    step: "{name: it, callback: {unavailable: after}}",
    // Promised: what the caller does now changes nothing.
    first: is_missed(MissedReason::WfEndCall, WalkEnd::Callback),
    then: &[(ClipEnds, is_missed(MissedReason::WfEndCall, WalkEnd::Callback))],
    anywhere: false,
};
