//! Two documents side by side: what only one of them says.

/// A line of the two, in reading order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    /// Said by both; told for its neighbourhood.
    Same(String),
    Gone(String),
    New(String),
    /// Lines that both say have been left out here.
    Gap,
}

/// Lines around a difference that help to find it.
const AROUND: usize = 3;

/// Longer differences are told as all gone and all new: the table is the product of both.
const TABLE: usize = 4_000_000;

#[must_use]
pub fn difference(before: &str, after: &str) -> Vec<Line> {
    let before: Vec<&str> = before.lines().collect();
    let after: Vec<&str> = after.lines().collect();
    let head = before.iter().zip(&after).take_while(|(one, other)| one == other).count();
    let tail = before[head..]
        .iter()
        .rev()
        .zip(after[head..].iter().rev())
        .take_while(|(one, other)| one == other)
        .count();
    let mut lines: Vec<Line> = before[..head].iter().copied().map(same).collect();
    lines.extend(middle(&before[head..before.len() - tail], &after[head..after.len() - tail]));
    lines.extend(before[before.len() - tail..].iter().copied().map(same));
    shortened(&lines)
}

fn same(line: &str) -> Line {
    Line::Same(line.to_owned())
}

fn middle(before: &[&str], after: &[&str]) -> Vec<Line> {
    let width = after.len() + 1;
    let mut lines = Vec::new();
    let (mut i, mut j) = (0, 0);
    if (before.len() + 1).saturating_mul(width) <= TABLE {
        let common = common_lengths(before, after);
        while i < before.len() && j < after.len() {
            if before[i] == after[j] {
                lines.push(same(before[i]));
                (i, j) = (i + 1, j + 1);
            } else if common[(i + 1) * width + j] >= common[i * width + j + 1] {
                lines.push(Line::Gone(before[i].to_owned()));
                i += 1;
            } else {
                lines.push(Line::New(after[j].to_owned()));
                j += 1;
            }
        }
    }
    lines.extend(before[i..].iter().map(|line| Line::Gone((*line).to_owned())));
    lines.extend(after[j..].iter().map(|line| Line::New((*line).to_owned())));
    lines
}

/// How many lines the rests from each pair of places on have in common, in order.
fn common_lengths(before: &[&str], after: &[&str]) -> Vec<u32> {
    let width = after.len() + 1;
    let mut common = vec![0; (before.len() + 1) * width];
    for i in (0..before.len()).rev() {
        for j in (0..after.len()).rev() {
            common[i * width + j] = if before[i] == after[j] {
                common[(i + 1) * width + j + 1] + 1
            } else {
                common[(i + 1) * width + j].max(common[i * width + j + 1])
            };
        }
    }
    common
}

fn shortened(lines: &[Line]) -> Vec<Line> {
    let differs: Vec<usize> =
        (0..lines.len()).filter(|at| !matches!(lines[*at], Line::Same(_))).collect();
    let mut shown = Vec::new();
    let mut next = 0;
    for (at, line) in lines.iter().enumerate() {
        let place = differs.partition_point(|place| *place < at);
        let near = |place: Option<&usize>| place.is_some_and(|p| p.abs_diff(at) <= AROUND);
        if near(differs.get(place)) || near(place.checked_sub(1).and_then(|p| differs.get(p))) {
            if at > next {
                shown.push(Line::Gap);
            }
            shown.push(line.clone());
            next = at + 1;
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_is_told_with_its_neighbours_only() {
        let before = "a\nb\nc\nd\ne\nf\ng\n";
        let after = "a\nb\nc\nd\nE\nf\ng\n";
        let told = difference(before, after);
        let expected = [
            Line::Gap,
            same("b"),
            same("c"),
            same("d"),
            Line::Gone("e".to_owned()),
            Line::New("E".to_owned()),
            same("f"),
            same("g"),
        ];
        assert_eq!(told, expected);
        assert!(difference(before, before).is_empty());
    }

    #[test]
    fn what_is_added_between_is_new_alone() {
        let told = difference("a\nc\n", "a\nb\nc\n");
        assert_eq!(told, [same("a"), Line::New("b".to_owned()), same("c")]);
    }
}
