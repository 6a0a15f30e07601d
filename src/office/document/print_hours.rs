//! Operating hours as the document has them.

use crate::office::document::print_text::{list, quoted};
use crate::office::hours::day_range::DayRange;
use crate::office::hours::holiday::Holiday;
use crate::office::hours::hours::Hours;

/// The keys of one set, a line each.
pub(crate) fn print_hours(hours: &Hours) -> Vec<String> {
    let mut keys = vec![format!("name: {}", quoted(&hours.name.0))];
    if let Some(zone) = hours.timezone.iana_name() {
        keys.push(format!("timezone: {}", quoted(zone)));
    }
    if let Some(week) = &hours.week {
        let days: Vec<String> =
            week.days().map(|(day, ranges)| format!("{day}: {}", print_ranges(ranges))).collect();
        keys.push(format!("week: {{{}}}", days.join(", ")));
    }
    if let Some(country) = hours.public_holidays {
        keys.push(format!("public_holidays: {country}"));
    }
    if !hours.holidays.is_empty() {
        keys.push("holidays:".to_owned());
    }
    keys.extend(hours.holidays.iter().map(print_holiday));
    keys
}

fn print_holiday(holiday: &Holiday) -> String {
    let Holiday { from, to, name, open } = holiday;
    let days = if from == to { format!("date: {from}") } else { format!("from: {from}, to: {to}") };
    let name = if name.is_empty() { String::new() } else { format!(", name: {}", quoted(name)) };
    let open =
        if open.is_empty() { String::new() } else { format!(", open: {}", print_ranges(open)) };
    format!("  - {{{days}{name}{open}}}")
}

fn print_ranges(ranges: &[DayRange]) -> String {
    list(ranges.iter().map(ToString::to_string))
}
