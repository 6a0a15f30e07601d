//! What screens and reports ask of the history, and how long each answer takes.

use std::path::Path;
use std::time::Duration;

use naru::history::call_filter::CallFilter;
use naru::history::call_id::CallId;
use naru::history::call_record::{Direction, Outcome};
use naru::history::conversation::case_record::CaseFilter;
use naru::history::conversation::filter::{ConversationFilter, Place, StateName};
use naru::history::conversation_id::ConversationId;
use naru::history::figures::figures::{FiguresFilter, TARGET};
use naru::history::figures::span::Span;
use naru::office::extension::Extension;
use naru::office::phone_number::PhoneNumber;
use naru::office::tag::Tag;
use naru::office::team::TeamName;
use naru::store::reader::Reader;

use crate::years::{DAY, END, Years};
use crate::{millis, took};

/// Each is asked so often; the first is what somebody who comes to it waits for.
const ROUNDS: usize = 5;

pub(crate) struct Asker<'a> {
    reader: Reader,
    years: &'a Years,
    late: Vec<String>,
    goal: Duration,
}

impl<'a> Asker<'a> {
    pub(crate) fn new(folder: &Path, years: &'a Years) -> Self {
        let reader = Reader::open(folder).unwrap();
        Self { reader, years, late: Vec::new(), goal: Duration::MAX }
    }

    /// Prints every figure; returns what took longer than `goal`.
    pub(crate) fn ask_all(mut self, goal: Duration) -> Vec<String> {
        self.goal = goal;
        println!("{:<50}{:>8}{:>8}{:>8}{:>6}", "ms", "first", "median", "clock", "rows");
        self.lists_of_calls();
        self.searches();
        self.combinations();
        self.figures();
        self.conversations();
        self.cases();
        self.late
    }

    fn figure(&mut self, name: &str, work: impl Fn(&Reader) -> usize) {
        let mut times = Vec::new();
        let mut rows = 0;
        for _ in 0..ROUNDS {
            let (time, found) = took(|| work(&self.reader));
            times.push(time);
            rows = found;
        }
        let (first, clock) = (times[0].processor, millis(times[0].clock));
        times.sort_unstable_by_key(|time| time.processor);
        let median = millis(times[ROUNDS / 2].processor);
        let mark = if first > self.goal { "  LATE" } else { "" };
        println!("{name:<50}{:>8.1}{median:>8.1}{clock:>8.1}{rows:>6}{mark}", millis(first));
        if first > self.goal {
            self.late.push(name.to_owned());
        }
    }

    fn calls(&mut self, name: &str, filter: &CallFilter) {
        self.figure(name, |reader| reader.calls(filter).unwrap().len());
    }

    fn talks(&mut self, name: &str, filter: &ConversationFilter) {
        self.figure(name, |reader| reader.conversations(filter).unwrap().len());
    }

    fn lists_of_calls(&mut self) {
        let all = CallFilter::default;
        let calls = self.years.calls;
        self.calls("calls: first page", &all());
        self.calls("calls: first 1000", &CallFilter { limit: Some(1_000), ..all() });
        for part in [2, 100] {
            let before = Some(CallId(calls / part));
            self.calls(&format!("calls: page at 1/{part}"), &CallFilter { before, ..all() });
        }
        for (name, days, ago) in [("a day", 1, 1), ("a day of last year", 1, 400)] {
            self.calls(&format!("calls: {name}"), &within(ago, days));
        }
        self.calls("calls: a month, two years ago", &within(730, 30));
        self.calls("calls: two years, one year ago", &within(365 * 3, 730));
        let before = Some(CallId(calls / 2));
        self.calls(
            "calls: three years, page at 1/2",
            &CallFilter { before, ..within(1_200, 1_200) },
        );
        for outcome in [Outcome::Missed, Outcome::Failed, Outcome::Interrupted, Outcome::Busy] {
            let filter = CallFilter { outcome: Some(outcome), ..all() };
            self.calls(&format!("calls: outcome {outcome:?}"), &filter);
        }
        for direction in [Direction::Inbound, Direction::Internal] {
            let filter = CallFilter { direction: Some(direction), ..all() };
            self.calls(&format!("calls: direction {direction:?}"), &filter);
        }
        self.calls("calls: a number", &CallFilter { number: Some(own(3)), ..all() });
        self.calls("calls: an agent", &CallFilter { agent: Some(agent("117")), ..all() });
        let conversation = Some(ConversationId(self.years.conversations() / 3));
        self.calls("calls: a conversation", &CallFilter { conversation, ..all() });
    }

    fn searches(&mut self) {
        for (name, party) in self.years.parties() {
            let filter = CallFilter { party: Some(party.clone()), ..CallFilter::default() };
            self.calls(&format!("search: {name} '{party}'"), &filter);
        }
    }

    fn combinations(&mut self) {
        let digits = self.years.middle_of_a_number();
        let party = Some(digits);
        let missed = Some(Outcome::Missed);
        self.calls(
            "search: digits, missed",
            &CallFilter { party: party.clone(), outcome: missed, ..CallFilter::default() },
        );
        self.calls("search: digits, two years ago", &CallFilter { party, ..within(730, 30) });
        self.calls(
            "search: nobody, in a month",
            &CallFilter { party: Some("000000000".to_owned()), ..within(730, 30) },
        );
        self.calls(
            "search: nobody, missed",
            &CallFilter {
                party: Some("000000000".to_owned()),
                outcome: missed,
                ..CallFilter::default()
            },
        );
        self.calls(
            "calls: missed in a month, two years ago",
            &CallFilter { outcome: missed, ..within(730, 30) },
        );
        self.calls(
            "calls: a number, missed, last year",
            &CallFilter { outcome: missed, number: Some(own(7)), ..within(400, 30) },
        );
        self.calls(
            "calls: an agent, a month, last year",
            &CallFilter { agent: Some(agent("117")), ..within(400, 30) },
        );
        self.calls(
            "calls: an agent, outbound",
            &CallFilter {
                agent: Some(agent("117")),
                direction: Some(Direction::Outbound),
                ..CallFilter::default()
            },
        );
    }

    fn figures(&mut self) {
        for (name, ago, days) in [("today", 1, 1), ("a day of last year", 400, 1)] {
            let span = span(ago, days);
            self.figure(&format!("figures: {name}"), |reader| {
                usize::try_from(reader.figures(&FiguresFilter::all(span)).unwrap().calls.inbound)
                    .unwrap()
            });
        }
        // Not a screen's question: what a report of a month costs.
        let goal = std::mem::replace(&mut self.goal, Duration::MAX);
        let month = span(400, 30);
        self.figure("figures: a month of last year (no goal)", |reader| {
            usize::try_from(reader.figures(&FiguresFilter::all(month)).unwrap().calls.inbound)
                .unwrap()
        });
        self.goal = goal;
        let id = CallId(self.years.calls / 3);
        self.figure("a call with its trail", |reader| {
            reader.call(id).unwrap().unwrap().trail.len()
        });
    }

    /// Of many cases, of few, and of none.
    fn cases(&mut self) {
        let all = CaseFilter::default;
        let team = |name: &str| Some(TeamName(name.to_owned()));
        let tag = |name: &str| Some(Tag::parse(name).unwrap());
        let nowhere = Some(PhoneNumber::parse("+827099999999").unwrap());
        let filters = [
            ("first page", all()),
            ("team support", CaseFilter { team: team("support"), ..all() }),
            ("team nobody", CaseFilter { team: team("nobody"), ..all() }),
            ("an assignee", CaseFilter { assignee: Some(agent("117")), ..all() }),
            ("an assignee of none", CaseFilter { assignee: Some(agent("999")), ..all() }),
            ("a number", CaseFilter { number: Some(own(3)), ..all() }),
            ("a number of none", CaseFilter { number: nowhere, ..all() }),
            ("tag nobody", CaseFilter { tag: tag("nobody"), ..all() }),
        ];
        for (name, filter) in filters {
            self.figure(&format!("cases: {name}"), |reader| reader.cases(&filter).unwrap().len());
        }
    }

    fn conversations(&mut self) {
        let all = ConversationFilter::default;
        let conversations = self.years.conversations();
        self.talks("conversations: first page", &all());
        let place = Place { active: END - 500 * DAY, id: ConversationId(conversations / 2) };
        self.talks(
            "conversations: page far back",
            &ConversationFilter { before: Some(place), ..all() },
        );
        for state in [StateName::Missed, StateName::Opened, StateName::Snoozed, StateName::Closed] {
            let filter = ConversationFilter { state: Some(state), ..all() };
            self.talks(&format!("conversations: {}", state.as_str()), &filter);
        }
        let missed = self
            .reader
            .conversations(&ConversationFilter { state: Some(StateName::Missed), ..all() });
        let last = missed.unwrap().pop().unwrap();
        self.talks(
            "conversations: missed, second page",
            &ConversationFilter {
                state: Some(StateName::Missed),
                before: Some(Place { active: last.active(), id: last.id }),
                ..all()
            },
        );
        let assignee = Some(agent("117"));
        self.talks("conversations: an assignee", &ConversationFilter { assignee, ..all() });
        self.talks(
            "conversations: a number",
            &ConversationFilter { number: Some(own(3)), ..all() },
        );
        let nowhere = Some(PhoneNumber::parse("+827099999999").unwrap());
        self.talks(
            "conversations: a number of none",
            &ConversationFilter { number: nowhere, ..all() },
        );
        for name in ["support", "nobody"] {
            let team = Some(TeamName(name.to_owned()));
            self.talks(
                &format!("conversations: team {name}"),
                &ConversationFilter { team, ..all() },
            );
        }
        for name in ["vip", "nobody"] {
            let tag = Some(Tag::parse(name).unwrap());
            self.talks(&format!("conversations: tag {name}"), &ConversationFilter { tag, ..all() });
        }
        for (name, party) in self.years.parties() {
            let filter = ConversationFilter { party: Some(party.clone()), ..all() };
            self.talks(&format!("conversations: {name} '{party}'"), &filter);
        }
        let id = ConversationId(conversations / 3);
        self.figure("a conversation with its calls", |reader| {
            reader.conversation(id).unwrap().unwrap().calls.len()
        });
        for (name, part) in self.years.parties() {
            self.figure(&format!("leads: {name} '{part}'"), |reader| {
                reader.leads(&part, 100).unwrap().len()
            });
        }
    }
}

/// So many days, the first of them so many days ago.
fn within(ago: i64, days: i64) -> CallFilter {
    let from = END - ago * DAY;
    CallFilter { from: Some(from), to: Some(from + days * DAY), ..CallFilter::default() }
}

fn span(ago: i64, days: i64) -> Span {
    let from = END - ago * DAY;
    Span { from, to: from + days * DAY, target: TARGET }
}

fn own(count: u64) -> PhoneNumber {
    PhoneNumber::parse(&crate::years::own_number(count)).unwrap()
}

fn agent(extension: &str) -> Extension {
    Extension::parse(extension).unwrap()
}
