//! One workflow as text: cut out of the office's document, written upon, and put back.

use crate::console::view::View;
use crate::yaml::Fault;

/// Before every line that the console writes into a text; such lines are no part of it.
const OURS: &str = "#! ";

/// What an item of a list is moved in by.
const MARGIN: &str = "    ";

/// An office's document with another text in the place of a workflow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spliced {
    pub document: String,
    /// The line of the document on which the text begins, counted from 1.
    first: u64,
    lines: u64,
}

/// The text of a workflow, as the office's document has it.
#[must_use]
pub fn text_of(document: &str, name: &str) -> Option<String> {
    let (from, to) = place(document, name)?;
    let lines = document.lines().skip(from).take(to - from);
    let text: Vec<&str> = lines.map(|line| line.get(MARGIN.len()..).unwrap_or_default()).collect();
    Some(text.join("\n") + "\n")
}

/// Puts a text in the place of a workflow, or after all of them; none: it is gone.
#[must_use]
pub fn spliced(document: &str, name: Option<&str>, text: &str) -> Option<Spliced> {
    let lines: Vec<&str> = document.lines().collect();
    let (before, after) = match name {
        Some(name) => {
            let (from, to) = place(document, name)?;
            (lines[..from].to_vec(), lines[to..].to_vec())
        }
        None => end_of_list(&lines),
    };
    let moved = text.lines().enumerate().map(|(index, line)| {
        let margin = if index == 0 { "  - " } else { MARGIN };
        if line.is_empty() { String::new() } else { format!("{margin}{line}") }
    });
    let moved: Vec<String> = moved.collect();
    let count = |lines: usize| u64::try_from(lines).unwrap_or(u64::MAX);
    let (first, lines) = (count(before.len()) + 1, count(moved.len()));
    let all: Vec<&str> =
        before.into_iter().chain(moved.iter().map(String::as_str)).chain(after).collect();
    Some(Spliced { document: all.join("\n") + "\n", first, lines })
}

impl Spliced {
    /// A fault of the document with the line and the field that whoever wrote the text knows; one
    /// of another part of the office has no line.
    #[must_use]
    pub fn own(&self, fault: &Fault) -> Fault {
        let is_here = (self.first..self.first + self.lines.max(1)).contains(&fault.line);
        let line = if is_here { fault.line - self.first + 1 } else { 0 };
        let inner = fault.field.strip_prefix("workflows[").and_then(|rest| rest.split_once("]."));
        let field = inner.filter(|_| is_here).map_or(fault.field.as_str(), |(_, inner)| inner);
        Fault { line, field: field.to_owned(), message: fault.message.clone() }
    }
}

/// The lines of a workflow within the document.
fn place(document: &str, name: &str) -> Option<(usize, usize)> {
    let lines: Vec<&str> = document.lines().collect();
    let start = lines.iter().position(|line| *line == "workflows:")? + 1;
    let end = start + lines[start..].iter().take_while(|line| line.starts_with(' ')).count();
    let mut from = start;
    while from < end {
        let next = lines[from + 1..end].iter().position(|line| line.starts_with("  - "));
        let to = next.map_or(end, |next| from + 1 + next);
        let first = lines[from].strip_prefix("  - name: ").unwrap_or_default();
        if unquoted(first) == name {
            return Some((from, to));
        }
        from = to;
    }
    None
}

fn unquoted(word: &str) -> String {
    serde_json::from_str(word).unwrap_or_else(|_| word.to_owned())
}

/// What stands before and after the place of a further workflow.
fn end_of_list<'d>(lines: &[&'d str]) -> (Vec<&'d str>, Vec<&'d str>) {
    let Some(at) = lines.iter().position(|line| line.starts_with("workflows:")) else {
        let before = lines.iter().copied().chain(["workflows:"]).collect();
        return (before, Vec::new());
    };
    let end = at + 1 + lines[at + 1..].iter().take_while(|line| line.starts_with(' ')).count();
    let before = lines[..at].iter().copied().chain(["workflows:"]);
    (before.chain(lines[at + 1..end].iter().copied()).collect(), lines[end..].to_vec())
}

/// The text for an editor: what to do on top, and under each line what is wrong with it.
#[must_use]
pub fn for_editor(view: &View<'_>, text: &str, faults: &[Fault]) -> String {
    let ours = |text: &str| format!("{OURS}{text}\n");
    let mut whole = ours(view.pick(
        "고친 뒤 저장하고 편집기를 끝내면 콘솔이 검사합니다. 이런 줄(#!)은 저절로 지워집니다.",
        "Save and leave the editor: the console checks it. Lines like this (#!) go by themselves.",
    ));
    let told = |fault: &Fault| {
        let field =
            if fault.field.is_empty() { String::new() } else { format!("{}: ", fault.field) };
        ours(&format!("✕ {field}{}", view.speech.say(&fault.message)))
    };
    whole.extend(faults.iter().filter(|fault| fault.line == 0).map(told));
    for (line, text) in (1..).zip(text.lines()) {
        whole.push_str(text);
        whole.push('\n');
        whole.extend(faults.iter().filter(|fault| fault.line == line).map(told));
    }
    whole
}

/// What was written, without what the console had put in.
#[must_use]
pub fn from_editor(text: &str) -> String {
    let own = text.lines().filter(|line| !line.trim_start().starts_with(OURS.trim_end()));
    let text = own.map(str::trim_end).collect::<Vec<_>>().join("\n");
    text.trim_matches('\n').to_owned() + "\n"
}

/// A workflow to begin with, switched off.
#[must_use]
pub fn beginning(view: &View<'_>) -> String {
    let office = view.model.office.as_ref();
    let team = office.and_then(|office| office.items("teams").first());
    let team = team.map(|team| crate::console::document::word(team, "name")).unwrap_or_default();
    let team = serde_json::to_string(&team).unwrap_or_default();
    let lines = [
        view.pick("name: 새 워크플로우", "name: new workflow"),
        view.pick(
            "# 켜기 전에는 아무 전화도 오지 않습니다. 다 되면 이 줄을 지웁니다.",
            "# No call comes here while it is off; take this line away when it is ready.",
        ),
        "active: false",
        view.pick("# 고객이 걸었을 때 시작합니다.", "# It begins when a customer calls."),
        "trigger: customer_called",
        "steps:",
        "  - {name: hello, say: greeting, next: choose}",
        view.pick(
            "  # 1번을 누르면 팀으로, 아무것도 누르지 않아도 팀으로 갑니다.",
            "  # 1 leads to the team, and so does waiting.",
        ),
        "  - {name: choose, menu: {say: greeting, keys: {\"1\": team}, silent: team}}",
    ];
    let rest = [
        format!("  - {{name: team, assign: {{team: {team}}}, next: ring}}"),
        "  - {name: ring, connect: {unavailable: sorry}}".to_owned(),
        view.pick(
            "  # 아무도 못 받으면 부재중으로 남깁니다.",
            "  # Nobody can answer: it is missed.",
        )
        .to_owned(),
        "  - {name: sorry, say: unavailable, next: missed}".to_owned(),
        "  - {name: missed, hang_up: missed}".to_owned(),
    ];
    let all: Vec<String> = lines.into_iter().map(str::to_owned).chain(rest).collect();
    all.join("\n") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::office::document::document::parse;
    use crate::office::document::print::print;
    use crate::words::Words;

    const OFFICE: &str = "
teams: [{name: support}]
workflows:
  - {name: \"a: b\", trigger: customer_called, steps: [{name: x, say: greeting}]}
  - {name: 둘, active: false, trigger: call_ended, delay: 1h, steps: [{name: y, conversation: close, next: end}]}
";

    #[test]
    fn a_workflow_is_cut_out_and_put_back_as_it_was() {
        let office = parse(OFFICE, None).unwrap();
        let document = print(&office, false);
        for name in ["a: b", "둘"] {
            let text = text_of(&document, name).unwrap();
            assert!(text.starts_with("name: "), "{text}");
            let back = spliced(&document, Some(name), &text).unwrap();
            assert_eq!(back.document, document);
        }
        assert_eq!(text_of(&document, "gone"), None);
        let more = "name: third\ntrigger: customer_called\nsteps:\n  - {name: z, say: greeting}\n";
        let grown = spliced(&document, None, more).unwrap();
        let grown = parse(&grown.document, Some(&office)).unwrap();
        assert_eq!(
            grown.workflows.iter().map(|w| w.name.0.as_str()).collect::<Vec<_>>(),
            ["a: b", "둘", "third"]
        );
        let first = spliced(&print(&parse("{}", None).unwrap(), false), None, more).unwrap();
        assert_eq!(parse(&first.document, None).unwrap().workflows.len(), 1);
    }

    #[test]
    fn faults_are_told_by_the_lines_of_what_was_written() {
        let office = parse(OFFICE, None).unwrap();
        let text =
            "name: 둘\ntrigger: call_ended\nsteps:\n  - {name: y, conversation: shut, next: end}\n";
        let tried = spliced(&print(&office, false), Some("둘"), text).unwrap();
        let faults = parse(&tried.document, Some(&office)).unwrap_err();
        let own = tried.own(&faults[0]);
        assert_eq!((own.line, own.field.as_str()), (4, "steps[0].conversation"));
        let other = Fault { line: 1, field: "teams[0]".to_owned(), message: Words::new("", "") };
        assert_eq!(tried.own(&other).line, 0);
    }

    #[test]
    fn what_the_console_writes_into_a_text_goes_again() {
        let written =
            "#! above\nname: x\n  #! ✕ name: no\n# a comment of one's own  \nsteps: []\n\n\n";
        assert_eq!(from_editor(written), "name: x\n# a comment of one's own\nsteps: []\n");
    }
}
