//! Names that would steer a terminal, on every screen: none of it reaches one.

use naru::api::schema::schema::CustomerLine;
use naru::console::desk::DeskReport;
use naru::console::report::Report;
use naru::console::tapes::TapeReport;
use naru::history::conversation::conversation::Conversation;
use naru::history::conversation::log::Happening;
use naru::words::Words;
use ratatui::buffer::{Buffer, Cell};
use ratatui::style::Color;
use unicode_width::UnicodeWidthStr;

/// Colour, clearing, the cursor home, a bell, C1, turned and hidden text, a pile of marks, pictures
/// of several characters, lines and tabs, and a letter of eighteen columns.
pub(crate) const NAME: &str = "\u{1b}[31mred\u{1b}[2J\u{1b}[1;1H\u{7}\u{9b}32m\u{202e}gpj\u{2066}.\u{200b}\u{200d}\
e\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}👩\u{200d}👩\u{200d}👧\u{fe0f}🇰🇷\r\n\t\0\u{85}\u{2028}\u{fdfd}한";

/// Everything that somebody outside, or another program, may have named.
pub(crate) fn spoiled(report: Report) -> Report {
    match report {
        Report::Up(mut live) => {
            live.calls.iter_mut().for_each(|call| {
                call.from_name = NAME.to_owned();
                call.to = NAME.to_owned();
            });
            live.agents.iter_mut().for_each(|agent| agent.name = NAME.to_owned());
            Report::Up(live)
        }
        Report::Registrations(mut all) => {
            all.iter_mut().for_each(|one| one.user_agent = NAME.to_owned());
            Report::Registrations(all)
        }
        Report::Trunks(mut all) => {
            all.iter_mut().for_each(|one| one.label = NAME.to_owned());
            Report::Trunks(all)
        }
        Report::Calls { mut page, is_first } => {
            page.calls.iter_mut().for_each(|call| call.from_name = NAME.to_owned());
            Report::Calls { page, is_first }
        }
        Report::Call(mut found) => {
            found.call.from_name = NAME.to_owned();
            found.call.legs.iter_mut().for_each(|leg| leg.party = NAME.to_owned());
            found.why.iter_mut().for_each(|line| line.words = Words::new(NAME, NAME));
            Report::Call(found)
        }
        Report::CallSip { call, mut sip } => {
            sip.parties.iter_mut().for_each(|party| party.party = NAME.to_owned());
            sip.steps.iter_mut().for_each(|step| step.message = NAME.to_owned());
            Report::CallSip { call, sip }
        }
        Report::Desk(report) => Report::Desk(spoiled_desk(report)),
        Report::Tapes(report) => Report::Tapes(spoiled_tapes(report)),
        Report::Stats { filter, mut stats } => {
            let numbers = std::mem::take(&mut stats.figures.numbers);
            let named = |(key, calls): (String, _)| (format!("{NAME}{key}"), calls);
            stats.figures.numbers = numbers.into_iter().map(named).collect();
            Report::Stats { filter, stats }
        }
        Report::AgentStats { filter, mut agents } => {
            let all = std::mem::take(&mut agents.agents);
            let named = |(key, line): (String, _)| (format!("{NAME}{key}"), line);
            agents.agents = all.into_iter().map(named).collect();
            Report::AgentStats { filter, agents }
        }
        other @ (Report::Down(_)
        | Report::Update(_)
        | Report::Health(_)
        | Report::Office(_)
        | Report::Figures(_)
        | Report::Changes { .. }
        | Report::Change(_)
        | Report::Checked { .. }
        | Report::Saved { .. }
        | Report::Setup(_)
        | Report::Doubt { .. }
        | Report::Done(_)
        | Report::Refused(_)) => other,
    }
}

fn spoiled_desk(report: DeskReport) -> DeskReport {
    let bad = |one: &mut Conversation| {
        one.name = NAME.to_owned();
        one.description = NAME.to_owned();
    };
    let bad_line = |line: &mut CustomerLine| line.name = NAME.to_owned();
    match report {
        DeskReport::Conversations { filter, mut page, is_first } => {
            page.conversations.iter_mut().for_each(bad);
            DeskReport::Conversations { filter, page, is_first }
        }
        DeskReport::Conversation(mut found) => {
            bad(&mut found.conversation);
            for entry in &mut found.log {
                entry.who = Some(NAME.to_owned());
                entry.what = Happening::Note { text: NAME.to_owned() };
            }
            DeskReport::Conversation(found)
        }
        DeskReport::Cases { filter, mut page, is_first } => {
            page.cases.iter_mut().for_each(|one| one.name = NAME.to_owned());
            DeskReport::Cases { filter, page, is_first }
        }
        DeskReport::Customers { filter, mut lines } => {
            lines.iter_mut().for_each(bad_line);
            DeskReport::Customers { filter, lines }
        }
        DeskReport::Customer { mut line, mut conversations } => {
            bad_line(&mut line);
            conversations.iter_mut().for_each(bad);
            DeskReport::Customer { line, conversations }
        }
        DeskReport::Amended => DeskReport::Amended,
    }
}

fn spoiled_tapes(report: TapeReport) -> TapeReport {
    match report {
        TapeReport::Recordings(mut files) => {
            for call in files.iter_mut().filter_map(|file| file.of.as_mut()) {
                call.from_name = NAME.to_owned();
            }
            TapeReport::Recordings(files)
        }
        TapeReport::Messages(mut messages) => {
            messages.iter_mut().for_each(|message| message.from_name = NAME.to_owned());
            TapeReport::Messages(messages)
        }
        TapeReport::Changed => TapeReport::Changed,
    }
}

/// Nothing in a cell steers a terminal, is wider than its place or coloured.
pub(crate) fn check(keys: &str, buffer: &Buffer) {
    for (index, cell) in buffer.content.iter().enumerate() {
        let symbol = cell.symbol();
        let is_harmless = |c: char| {
            !c.is_control()
                && !matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        };
        assert!(symbol.chars().all(is_harmless), "{keys}: {symbol:?} in cell {index}");
        assert!(symbol.width() <= 2, "{keys}: {symbol:?} is too wide");
        assert!(symbol.chars().count() <= 4, "{keys}: {symbol:?} piles up marks");
        let is_plain = |cell: &Cell| cell.fg == Color::Reset && cell.bg == Color::Reset;
        assert!(is_plain(cell), "{keys}: cell {index} is coloured");
    }
}
