//! What came within hours and what outside of them, in weeks of an office.

use std::collections::BTreeSet;

use naru::history::call_filter::CallFilter;
use naru::history::call_id::CallId;
use naru::history::call_record::{CallRecord, Direction};
use naru::history::figures::figures::{FiguresFilter, TARGET};
use naru::history::figures::hours_filter::{HoursFilter, HoursMeant};
use naru::history::figures::hours_then::HoursThen;
use naru::history::figures::span::Span;
use naru::history::hours_switch::HoursSwitch;
use naru::history::trail::trail::Decision;
use naru::office::hours::day_range::DayRange;
use naru::office::hours::hours::HoursName;
use naru::office::snapshot::Office;
use naru::store::reader::Reader;

/// C9, L168, L175: under the same hours, figures and list tell of the same calls; within and outside
/// are all there is.
pub(crate) fn narrow_figures_and_list_alike(reader: &Reader, list: &[CallRecord]) {
    let set = |name: &str| HoursName(name.to_owned());
    let meant = [
        HoursMeant::Then(set("day")),
        HoursMeant::Then(set("long")),
        HoursMeant::Today(set("day")),
        HoursMeant::Daily(DayRange::parse("22:00-09:30").unwrap()),
    ];
    let mut differ = BTreeSet::new();
    for within in meant {
        let [inside, outside] = [false, true].map(|outside| {
            let hours = Some(HoursFilter { within: within.clone(), outside });
            let filter = CallFilter { hours, ..CallFilter::default() };
            figures_tell_of(reader, &filter)
        });
        assert!(inside.len() > 100 && outside.len() > 20, "{} {}", inside.len(), outside.len());
        assert!(inside.is_disjoint(&outside), "{within:?}");
        let all = list.iter().map(|record| record.id).collect();
        assert_eq!(inside.union(&outside).copied().collect::<BTreeSet<CallId>>(), all);
        differ.insert(inside);
    }
    assert_eq!(differ.len(), 4, "hands on the switch count then, and not today");
    let never = Some(HoursFilter { within: HoursMeant::Then(set("never")), outside: false });
    let never = CallFilter { hours: never, ..CallFilter::default() };
    assert!(reader.calls(&never).unwrap_err().to_string().contains("never"));
}

/// The calls of the list, which the figures have counted, too.
fn figures_tell_of(reader: &Reader, filter: &CallFilter) -> BTreeSet<CallId> {
    let mut list: Vec<CallRecord> = Vec::new();
    loop {
        let before = list.last().map(|record| record.id);
        let page =
            reader.calls(&CallFilter { before, limit: Some(999), ..filter.clone() }).unwrap();
        if page.is_empty() {
            break;
        }
        list.extend(page);
    }
    let span = Span { from: i64::MIN, to: i64::MAX, target: TARGET };
    let hours = filter.hours.clone();
    let figures = reader.figures(&FiguresFilter { hours, ..FiguresFilter::all(span) }).unwrap();
    let count = |wanted: &dyn Fn(&CallRecord) -> bool| {
        u64::try_from(list.iter().filter(|record| wanted(record)).count()).unwrap()
    };
    let is = |direction: Direction| move |record: &CallRecord| record.direction == direction;
    let answered = |record: &CallRecord| is(Direction::Inbound)(record) && record.engaged.is_some();
    let calls = &figures.calls;
    assert_eq!(calls.inbound + calls.uncounted, count(&is(Direction::Inbound)));
    assert_eq!(calls.answered, count(&answered));
    assert_eq!(calls.outbound, count(&is(Direction::Outbound)));
    assert_eq!(calls.internal, count(&is(Direction::Internal)));
    list.iter().map(|record| record.id).collect()
}

/// C9: what is looked up later is what the engine has decided by then.
pub(crate) fn were_as_the_engine_saw_them(
    office: &Office,
    hands: &[HoursSwitch],
    calls: &[CallRecord],
) {
    let mut looks = 0;
    for entry in calls.iter().flat_map(|call| &call.trail) {
        let Decision::HoursLookedAt(look) = &entry.decision else { continue };
        let of_set = hands.iter().filter(|hand| hand.hours == look.hours).cloned().collect();
        let versions = vec![(0, office.hours.get(&look.hours).cloned())];
        let then = HoursThen { versions, switches: of_set };
        let open = then.open((entry.at - 1, entry.at + 1));
        assert_eq!(open.hold(entry.at), look.is_open, "{look:?}");
        looks += 1;
    }
    assert!(looks > 1_000, "{looks}");
}
