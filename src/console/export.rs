//! Files that the console writes, and the days that are typed for them.

use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::api::refusal::{Refusal, RefusalKind};
use crate::words::Words;

/// Writes a file that is nobody else's business.
pub(crate) fn keep(file: &str, text: &str) -> Result<(), Refusal> {
    let failed = |error: std::io::Error| {
        let text = format!("{file}: {error}");
        Refusal::new(RefusalKind::Failed, Words::new(text.clone(), text))
    };
    let mut options = std::fs::OpenOptions::new();
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut written = options.write(true).create(true).truncate(true).open(file).map_err(failed)?;
    std::io::Write::write_all(&mut written, text.as_bytes()).map_err(failed)
}

/// The first moment of a day, or of one so many days after it.
pub(crate) fn first_moment(day: &str, later: i64, zone: &TimeZone) -> Result<i64, Refusal> {
    let date = day.parse::<Date>().and_then(|date| date.checked_add(jiff::Span::new().days(later)));
    date.and_then(|date| date.to_zoned(zone.clone()))
        .map(|start| start.timestamp().as_millisecond())
        .map_err(|_| {
            let words = Words::new(
                format!("'{day}': 날짜는 2026-11-25처럼 적습니다"),
                format!("'{day}': write a day like 2026-11-25"),
            );
            Refusal::new(RefusalKind::BadRequest, words)
        })
}
