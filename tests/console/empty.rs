//! A daemon that has nothing to tell yet.

use naru::console::desk::DeskReport;
use naru::console::report::Report;
use naru::console::setup::SetupReport;
use naru::console::tapes::TapeReport;

#[expect(clippy::wildcard_enum_match_arm, reason = "what is no list stays as it is")]
pub(crate) fn emptied(mut report: Report) -> Report {
    match &mut report {
        Report::Calls { page, .. } => page.calls.clear(),
        Report::Changes { page, .. } => page.changes.clear(),
        Report::Registrations(all) => all.clear(),
        Report::Trunks(all) => all.clear(),
        Report::Desk(DeskReport::Conversations { page, .. }) => page.conversations.clear(),
        Report::Desk(DeskReport::Cases { page, .. }) => page.cases.clear(),
        Report::Desk(DeskReport::Customers { lines, .. }) => lines.clear(),
        Report::Tapes(TapeReport::Recordings(all)) => all.clear(),
        Report::Tapes(TapeReport::Messages(all)) => all.clear(),
        Report::Setup(SetupReport::Sounds(all)) => all.clear(),
        Report::Setup(SetupReport::Bans(all)) => all.clear(),
        _ => {}
    }
    report
}
