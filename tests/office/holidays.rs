//! How many holidays hours may have, and which of them may be written down (L144, L147).

use jiff::Timestamp;
use naru::office::document::document::parse;
use naru::office::document::holidays::{
    MOST_DAYS, Sender, Taken, add_holidays, days_ahead, settle,
};
use naru::office::document::print::print;
use naru::office::hours::ics;
use naru::office::snapshot::Office;
use naru::office::warnings::Concern;

/// The 10th of June in Seoul, where it is half past eight in the morning; in New York it is the 9th.
fn now() -> Timestamp {
    "2027-06-09T23:30:00Z".parse().unwrap()
}

fn text(holidays: &str) -> String {
    format!(
        "hours:\n  - name: office\n    week: {{mon: [\"09:00-18:00\"]}}\n    holidays: [{holidays}]\n"
    )
}

fn office(holidays: &str) -> Office {
    parse(&text(holidays), None).unwrap()
}

/// What is refused, as `line field: message`, or what is kept and told.
fn settled(holidays: &str, before: &Office, sender: Sender) -> Result<(Office, usize), String> {
    let (text, mut office) = (text(holidays), office(holidays));
    match settle(&text, &mut office, before, (now(), sender)) {
        Ok(told) => {
            assert!(told.iter().all(|one| one.concern == Concern::HolidaysOver));
            Ok((office, told.len()))
        }
        Err(faults) => {
            assert!(faults.iter().all(|fault| !fault.message.ko.is_empty()));
            let told = |fault: &naru::yaml::Fault| {
                format!("{} {}: {}", fault.line, fault.field, fault.message.en)
            };
            Err(faults.iter().map(told).collect::<Vec<_>>().join("\n"))
        }
    }
}

#[test]
fn a_range_counts_each_of_its_days_and_fifty_are_the_most() {
    // L147
    let none = Office::default();
    let fifty = "{from: 2027-06-11, to: 2027-07-30}";
    assert_eq!(
        days_ahead(
            &office(fifty).hours.values().next().unwrap().holidays,
            "2027-06-10".parse().unwrap()
        ),
        MOST_DAYS
    );
    assert!(settled(fifty, &none, Sender::Hand).is_ok());
    let more = format!("{fifty}, {{date: 2027-12-25}}");
    let refused = "4 hours[0].holidays: from today on there may be 50 days of holidays, each day of a range counted; here are 51";
    for sender in [Sender::Hand, Sender::File] {
        assert_eq!(settled(&more, &none, sender).unwrap_err(), refused);
    }
    // A day that stands in two holidays is one day; one that is over is none.
    let twice = format!("{fifty}, {{date: 2027-07-01}}, {{from: 2027-01-01, to: 2027-06-09}}");
    assert!(settled(&twice, &none, Sender::File).is_ok());
    // What an office has had is no reason to refuse another change.
    let had = office(&more);
    assert!(settled(&more, &had, Sender::Hand).is_ok());
    assert!(settled(&format!("{more}, {{date: 2028-01-01}}"), &had, Sender::Hand).is_err());
}

#[test]
fn a_new_holiday_that_is_written_by_hand_begins_later_than_today() {
    // L147
    let none = Office::default();
    for (day, other) in [("2027-06-10", "today"), ("2027-06-09", "over")] {
        let refused = format!(
            "4 hours[0].holidays: a new holiday begins later than today, and {day} does not; to close today, switch the hours by hand"
        );
        let new = format!("{{date: {day}}}");
        assert_eq!(settled(&new, &none, Sender::Hand).unwrap_err(), refused, "{other}");
        assert!(settled(&new, &office(&new), Sender::Hand).is_ok(), "it was there");
        assert!(settled(&new, &none, Sender::File).is_ok(), "a file says what an office is");
    }
    assert!(settled("{date: 2027-06-11}", &none, Sender::Hand).is_ok());
    // The day is that of the place.
    let york =
        text("{date: 2027-06-10}").replace("    week", "    timezone: America/New_York\n    week");
    let mut office = parse(&york, None).unwrap();
    assert!(settle(&york, &mut office, &none, (now(), Sender::Hand)).is_ok());
}

#[test]
fn holidays_of_a_file_that_are_over_are_told_once_and_left_out_when_figures_need_them_no_more() {
    // L147, C9
    let (old, recent) = ("{date: 2026-06-08}", "{date: 2026-12-25}");
    let both = format!("{old}, {recent}, {{date: 2027-12-25}}");
    let (kept, told) = settled(&both, &Office::default(), Sender::File).unwrap();
    assert_eq!(told, 1);
    assert_eq!(kept.hours, office(&format!("{recent}, {{date: 2027-12-25}}")).hours);
    let (again, told) =
        settled(&format!("{recent}, {{date: 2027-12-25}}"), &kept, Sender::File).unwrap();
    assert_eq!((again, told), (kept.clone(), 0));
    let printed = print(&kept, true);
    let mut read = parse(&printed, None).unwrap();
    assert_eq!(settle(&printed, &mut read, &kept, (now(), Sender::Hand)), Ok(Vec::new()));
    assert_eq!(read, kept, "an exported office changes nothing");
}

#[test]
fn a_calendar_gives_its_nearest_days_as_many_as_fit() {
    // L147
    let event = |from: &str, to: &str| {
        format!(
            "BEGIN:VEVENT\nDTSTART;VALUE=DATE:{from}\nDTEND;VALUE=DATE:{to}\nSUMMARY:x\nEND:VEVENT\n"
        )
    };
    let days = [
        event("20270609", "20270611"), // today is its last day
        event("20270610", "20270613"), // goes on for two days
        event("20270701", "20270817"), // 47 days
        event("20271225", "20271226"),
        event("20271231", "20280101"),
    ];
    let calendar = format!("BEGIN:VCALENDAR\n{}END:VCALENDAR\n", days.concat());
    let today = "2027-06-10".parse().unwrap();
    let found = ics::holidays(&calendar, today).unwrap();
    let mut holidays = Vec::new();
    let taken = add_holidays(&mut holidays, found.clone(), today);
    assert_eq!(taken, Taken { added: 3, past: 1, beyond: 1, ..Taken::default() });
    assert_eq!(days_ahead(&holidays, today), MOST_DAYS);
    let again = add_holidays(&mut holidays, found, today);
    assert_eq!(again, Taken { known: 3, past: 1, beyond: 1, ..Taken::default() });
}

#[test]
fn an_office_has_one_set_of_hours_and_thirty_more() {
    // L144
    let sets = |count: usize| -> String {
        let set = |at| format!("  - {{name: h{at}, week: {{mon: [\"09:00-18:00\"]}}}}\n");
        format!("hours:\n{}", (0..count).map(set).collect::<String>())
    };
    assert_eq!(parse(&sets(31), None).unwrap().hours.len(), 31);
    let faults = parse(&sets(32), None).unwrap_err();
    assert_eq!(faults.len(), 1);
    let told = (faults[0].line, faults[0].field.as_str(), faults[0].message.en.as_str());
    let wanted = (33, "hours[31]", "an office has at most 31 sets of hours: one and 30 more");
    assert_eq!(told, wanted);
}
