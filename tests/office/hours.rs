//! When hours are open, why, and until when (L144–L148).

use jiff::Timestamp;
use jiff::tz::TimeZone;
use naru::office::change::changes::changes;
use naru::office::document::document::parse;
use naru::office::document::print::print;
use naru::office::hours::hours::{Hours, HoursName};
use naru::office::hours::opening::Rule;
use proptest::prelude::*;

const SEOUL: &str = r#"hours:
  - name: office
    timezone: Asia/Seoul
    week: {mon: ["09:00-12:00", "13:00-18:00"], tue: ["09:00-18:00"], wed: ["09:00-18:00"], thu: ["09:00-18:00"], fri: ["22:00-06:00"]}
    public_holidays: KR
    holidays:
      - {date: 2026-12-31, name: 종무식, open: ["09:00-12:00"]}
      - {from: 2027-07-26, to: 2027-07-30, name: 여름휴가}
"#;

fn hours(text: &str) -> Hours {
    parse(text, None).unwrap().hours.into_values().next().unwrap()
}

fn set(timezone: &str, week: &str) -> Hours {
    hours(&format!("hours:\n  - {{name: x, timezone: {timezone}, week: {{{week}}}}}\n"))
}

/// A time on the clock of the hours' own place.
fn at(hours: &Hours, clock: &str) -> Timestamp {
    let clock: jiff::civil::DateTime = clock.parse().unwrap();
    clock.to_zoned(hours.timezone.clone()).unwrap().timestamp()
}

fn told(hours: &Hours, clock: &str) -> String {
    let opening = hours.scheduled(at(hours, clock));
    let until = opening
        .until
        .map(|until| hours.timezone.to_datetime(until).strftime("%a %Y-%m-%d %H:%M").to_string());
    let state = if opening.is_open { "open" } else { "closed" };
    format!("{state} until {}", until.unwrap_or_else(|| "-".to_owned()))
}

#[test]
fn several_ranges_a_day_and_a_night_that_crosses_midnight() {
    // 2026-11-23 is a Monday.
    let hours = hours(SEOUL);
    for (clock, expected) in [
        ("2026-11-23T08:59:59", "closed until Mon 2026-11-23 09:00"),
        ("2026-11-23T09:00", "open until Mon 2026-11-23 12:00"),
        ("2026-11-23T12:00", "closed until Mon 2026-11-23 13:00"),
        ("2026-11-23T17:59:59", "open until Mon 2026-11-23 18:00"),
        ("2026-11-23T18:00", "closed until Tue 2026-11-24 09:00"),
        ("2026-11-27T21:59", "closed until Fri 2026-11-27 22:00"),
        ("2026-11-27T23:30", "open until Sat 2026-11-28 06:00"),
        ("2026-11-28T05:59", "open until Sat 2026-11-28 06:00"),
        ("2026-11-28T06:00", "closed until Mon 2026-11-30 09:00"),
    ] {
        assert_eq!(told(&hours, clock), expected, "{clock}");
    }
}

#[test]
fn holidays_close_whole_days_and_tell_their_names() {
    let hours = hours(SEOUL);
    // Friday: Christmas Day; its night never begins, and Saturday's small hours stay closed.
    assert_eq!(told(&hours, "2026-12-25T23:00"), "closed until Mon 2026-12-28 09:00");
    assert_eq!(told(&hours, "2026-12-26T02:00"), "closed until Mon 2026-12-28 09:00");
    let christmas = hours.scheduled(at(&hours, "2026-12-25T23:00"));
    assert_eq!(
        christmas.rule,
        Rule::PublicHoliday("기독탄신일".to_owned(), "Christmas Day".to_owned())
    );
    // The office's own day stands before the week, with hours of its own.
    assert_eq!(told(&hours, "2026-12-31T10:00"), "open until Thu 2026-12-31 12:00");
    assert_eq!(told(&hours, "2026-12-31T15:00"), "closed until Mon 2027-01-04 09:00");
    // A range of days, both ends included.
    assert_eq!(told(&hours, "2027-07-26T10:00"), "closed until Mon 2027-08-02 09:00");
    assert_eq!(told(&hours, "2027-07-30T23:00"), "closed until Mon 2027-08-02 09:00");
    // Lunar New Year 2027 is a Sunday: Monday follows it, Tuesday stands in for it.
    assert_eq!(told(&hours, "2027-02-09T10:00"), "closed until Wed 2027-02-10 09:00");
}

/// L148
#[test]
fn japans_holidays_are_known_with_their_substitutes() {
    let week = ["mon", "tue", "wed", "thu", "fri"].map(|day| format!("{day}: [\"09:00-18:00\"]"));
    let text = format!(
        "hours:\n  - {{name: x, timezone: Asia/Tokyo, week: {{{}}}, public_holidays: JP}}\n",
        week.join(", ")
    );
    let hours = hours(&text);
    // Golden Week: Sunday is Constitution Day, Wednesday stands in for it.
    assert_eq!(told(&hours, "2026-05-02T10:00"), "closed until Thu 2026-05-07 09:00");
    // A day between two holidays is one, too.
    assert_eq!(told(&hours, "2026-09-19T10:00"), "closed until Thu 2026-09-24 09:00");
    assert_eq!(parse(&print(&parse(&text, None).unwrap(), true), None), parse(&text, None));
}

#[test]
fn a_night_that_leads_into_a_holiday_ends_at_midnight() {
    let text = SEOUL
        .replace("fri: [\"22:00-06:00\"]", "thu: [\"22:00-06:00\"]")
        .replace("thu: [\"09:00-18:00\"], ", "");
    let hours = hours(&text);
    assert_eq!(told(&hours, "2026-12-24T23:00"), "open until Fri 2026-12-25 00:00");
    assert_eq!(told(&hours, "2026-11-26T23:00"), "open until Fri 2026-11-27 06:00");
}

#[test]
fn summer_time_begins_and_ends_without_a_wrong_minute() {
    // Berlin skips 02:00–03:00 on 2027-03-28 and has it twice on 2027-10-31, both Sundays.
    let berlin = set("Europe/Berlin", "sun: [\"02:30-05:00\"]");
    let opens = |day: &str| berlin.scheduled(at(&berlin, day)).until.unwrap().to_string();
    assert_eq!(opens("2027-03-28T00:30"), "2027-03-28T01:00:00Z", "when the clock jumps over it");
    assert_eq!(opens("2027-10-31T00:30"), "2027-10-31T00:30:00Z", "the first of the two");
    let night = set("Europe/Berlin", "sat: [\"22:00-06:00\"]");
    let length = |day: &str| {
        let open = at(&night, day);
        let until = night.scheduled(open).until.unwrap();
        (until.as_second() - open.as_second()) / 3600
    };
    assert_eq!((length("2027-03-27T22:00"), length("2027-10-30T22:00")), (7, 9));
    let skipped = set("Europe/Berlin", "sun: [\"02:10-02:50\"]");
    let until = skipped.scheduled(at(&skipped, "2027-03-28T00:30")).until.unwrap();
    assert_eq!(until.to_string(), "2027-04-04T00:10:00Z", "that time does not come on that day");
}

#[test]
fn what_goes_on_without_a_gap_is_one_opening() {
    let all = set("Asia/Seoul", "mon: [\"00:00-24:00\"], tue: [\"00:00-12:00\", \"12:00-18:00\"]");
    assert_eq!(told(&all, "2026-11-23T10:00"), "open until Tue 2026-11-24 18:00");
    let always = set(
        "Asia/Seoul",
        &["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
            .map(|day| format!("{day}: [\"00:00-24:00\"]"))
            .join(", "),
    );
    assert_eq!(told(&always, "2026-11-23T10:00"), "open until -");
    let never = set("Asia/Seoul", "");
    assert_eq!(told(&never, "2026-11-23T10:00"), "closed until -");
    let unscheduled = hours("hours:\n  - {name: x}\n");
    assert_eq!(told(&unscheduled, "2026-11-23T03:00"), "open until -", "L145");
}

#[test]
fn a_hand_holds_until_the_schedule_turns_the_other_way() {
    // L146, with the example of 9 to 18 and lunch from 12 to 13.
    let hours = hours(SEOUL);
    let next = |open: bool, clock: &str| {
        let until = hours.next_time(open, at(&hours, clock)).unwrap();
        hours.timezone.to_datetime(until).to_string()
    };
    assert_eq!(next(false, "2026-11-23T07:00"), "2026-11-23T12:00:00", "switched on at 07:00");
    assert_eq!(next(true, "2026-11-23T15:00"), "2026-11-24T09:00:00", "switched off at 15:00");
    assert_eq!(next(false, "2026-11-23T10:00"), "2026-11-23T12:00:00");
    assert_eq!(next(true, "2026-11-23T07:00"), "2026-11-23T09:00:00");
}

#[test]
fn hours_are_printed_as_they_are_read_and_their_changes_are_told() {
    let before = parse(SEOUL, None).unwrap();
    assert_eq!(parse(&print(&before, true), None), Ok(before.clone()));
    let text = SEOUL
        .replace("tue: [\"09:00-18:00\"], ", "")
        .replace("    public_holidays: KR\n", "")
        .replace("2026-12-31, name: 종무식", "2026-12-30, name: 종무식");
    let after = parse(&text, None).unwrap();
    let told: Vec<String> =
        changes(&before, &after).into_iter().map(|change| change.words.en).collect();
    assert_eq!(
        told,
        [
            "hours 'office', holiday 2026-12-30: none → 종무식 09:00-12:00",
            "hours 'office', holiday 2026-12-31: 종무식 09:00-12:00 → none",
            "hours 'office', public holidays: closed on those of KR → not kept",
            "hours 'office', Tue: 09:00-18:00 → closed",
        ]
    );
}

#[test]
fn hours_that_cannot_be_are_refused_where_they_stand() {
    let refused = |text: &str| {
        let errors = parse(text, None).unwrap_err();
        assert_eq!(errors.len(), 1, "{errors:?}");
        assert!(!errors[0].message.ko.is_empty());
        format!("{} {}: {}", errors[0].line, errors[0].field, errors[0].message.en)
    };
    for (part, by, told) in [
        ("\"13:00-18:00\"", "\"11:00-18:00\"", "4 hours[0].week.mon[1]: 11:00-18:00 overlaps"),
        ("\"13:00-18:00\"", "\"1pm\"", "4 hours[0].week.mon[1]: '1pm': write hours like"),
        ("Asia/Seoul", "Seoul", "3 hours[0].timezone: 'Seoul'"),
        ("mon: [", "monday: [", "4 hours[0].week.monday: unknown key"),
        ("public_holidays: KR", "public_holidays: XX", "5 hours[0].public_holidays: 'XX'"),
        ("date: 2026-12-31", "date: 2026-13-31", "7 hours[0].holidays[0].date: '2026-13-31'"),
        ("date: 2026-12-31", "from: 2026-12-31", "7 hours[0].holidays[0]: a holiday has a date"),
        ("to: 2027-07-30", "to: 2027-07-01", "8 hours[0].holidays[1]: the holiday ends before"),
    ] {
        assert!(SEOUL.contains(part), "{part}");
        let found = refused(&SEOUL.replacen(part, by, 1));
        assert!(found.starts_with(told), "{found}");
    }
    let found = refused("hours:\n  - {name: x, public_holidays: KR}\n");
    assert!(found.contains("holidays need a week"), "{found}");
    let found = refused("teams:\n  - {name: t, hours: nowhere}\n");
    assert!(found.starts_with("2 teams[0].hours: there are no hours 'nowhere'"), "{found}");
    let found = refused("hours:\n  - {name: x}\n  - {name: x}\n");
    assert!(found.contains("twice"), "{found}");
}

/// Minute by minute against a reading of the document that knows nothing of instants.
fn open_by_the_clock(hours: &Hours, at: Timestamp) -> bool {
    let clock = hours.timezone.to_datetime(at);
    let minute = i32::from(clock.hour()) * 60 + i32::from(clock.minute());
    let week = hours.week.as_ref().unwrap();
    let today = week.on(clock.date().weekday()).iter().any(|range| {
        let to = if range.ends_tomorrow() { 1440 } else { i32::from(range.to()) };
        i32::from(range.from()) <= minute && minute < to
    });
    let yesterday = clock.date().yesterday().unwrap().weekday();
    let night = week
        .on(yesterday)
        .iter()
        .any(|range| range.ends_tomorrow() && minute < i32::from(range.to()));
    today || night
}

proptest! {
    #[test]
    fn every_minute_agrees_with_a_plain_reading(
        ranges in prop::collection::vec((0..7_usize, 0..1440_u32, 1..1440_u32), 0..6),
        start in 0..2_000_000_i64,
    ) {
        let mut week: [Vec<String>; 7] = Default::default();
        for (day, from, long) in ranges {
            let to = (from + long) % 1440;
            // One a day: two might overlap, which is refused.
            week[day] =
                vec![format!("\"{:02}:{:02}-{:02}:{:02}\"", from / 60, from % 60, to / 60, to % 60)];
        }
        let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
        let text: Vec<String> =
            days.iter().zip(&week).map(|(day, all)| format!("{day}: [{}]", all.join(", "))).collect();
        // Korea has had no summer time since 1988: the clock alone is right there.
        let hours = set("Asia/Seoul", &text.join(", "));
        prop_assert_eq!(hours.timezone.clone(), TimeZone::get("Asia/Seoul").unwrap());
        let begin = 1_795_000_000 / 60 * 60 + start / 60 * 60;
        let now = Timestamp::from_second(begin).unwrap();
        let opening = hours.scheduled(now);
        prop_assert_eq!(opening.is_open, open_by_the_clock(&hours, now));
        let until = opening.until.map_or(begin + 8 * 86_400, Timestamp::as_second);
        for minute in (begin..until).step_by(60) {
            let then = Timestamp::from_second(minute).unwrap();
            prop_assert_eq!(open_by_the_clock(&hours, then), opening.is_open, "{}", then);
        }
        if let Some(until) = opening.until {
            prop_assert_eq!(open_by_the_clock(&hours, until), !opening.is_open);
        }
    }

    #[test]
    fn a_set_is_kept_as_it_is(open in any::<bool>()) {
        let hours = if open { hours(SEOUL) } else { hours("hours:\n  - {name: x}\n") };
        let kept = serde_json::to_string(&hours).unwrap();
        prop_assert_eq!(serde_json::from_str::<Hours>(&kept).unwrap(), hours);
    }
}

#[test]
fn numbers_and_teams_share_a_set() {
    let text = format!(
        "{SEOUL}teams:\n  - {{name: t, hours: office}}\ntrunks:\n  - {{name: c, peer: 192.0.2.1, blocks: [\"+827012345600\"]}}\nnumbers:\n  - {{number: \"+827012345600\", hours: office}}\n"
    );
    let office = parse(&text, None).unwrap();
    let name = Some(HoursName("office".to_owned()));
    assert!(office.teams.values().all(|team| team.hours == name));
    assert!(office.numbers.values().all(|number| number.hours == name));
    assert_eq!(parse(&print(&office, true), None), Ok(office));
}

/// L145, L147: a date as a calendar draws it agrees with the clock, minute by minute.
#[test]
fn a_drawn_day_is_open_when_the_clock_is() {
    let night = hours(
        "hours:\n  - name: x\n    week: {mon: [\"18:00-06:00\"], thu: [\"09:00-12:00\", \"22:00-24:00\"], fri: [\"20:00-02:30\"]}\n    holidays: [{date: 2026-11-28, name: h}, {date: 2026-11-24, name: i, open: [\"10:00-11:00\"]}]\n",
    );
    for day in 23..=29 {
        let date = jiff::civil::date(2026, 11, day);
        let drawn = night.day(date).open;
        for minute in 0..1_440_u16 {
            let (hour, rest) =
                (i8::try_from(minute / 60).unwrap(), i8::try_from(minute % 60).unwrap());
            let then = date.at(hour, rest, 0, 0).to_zoned(night.timezone.clone()).unwrap();
            let is_drawn = drawn.iter().any(|(from, to, _)| *from <= minute && minute < *to);
            assert_eq!(is_drawn, night.scheduled(then.timestamp()).is_open, "{then}");
        }
    }
    assert_eq!(night.day(jiff::civil::date(2026, 11, 24)).open, [(600, 660, false)]);
    assert_eq!(
        night.day(jiff::civil::date(2026, 11, 26)).open,
        [(540, 720, false), (1_320, 1_440, false)]
    );
}
