//! The steps of a workflow as a tree: what follows on which key, answer or condition.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::console::document::{said, word};

/// Keys under which a word is never another step, though it may be called like one.
const NO_STEPS: [&str; 15] = [
    "name",
    "say",
    "field",
    "text",
    "thanks",
    "invalid",
    "agent",
    "team",
    "module",
    "tag",
    "untag",
    "note",
    "tag_customer",
    "when",
    "file",
];

/// One line of the tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// `├ `, `│ ` and the like before it.
    pub branch: String,
    /// What leads here: a key that is pressed, a condition, `unavailable`; empty: it just follows.
    pub by: String,
    pub step: String,
    /// From which step.
    pub from: String,
    /// It stands further up already, with all that follows.
    pub is_again: bool,
}

/// What leads from one step to another.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Way {
    by: String,
    to: String,
}

/// From the first step on; steps that nothing leads to come last.
#[must_use]
pub fn tree(workflow: &Value) -> Vec<Node> {
    let steps = workflow.get("steps").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let names: BTreeSet<String> = steps.iter().map(|step| word(step, "name")).collect();
    let mut walk = Walk { steps, names: &names, seen: BTreeSet::new(), nodes: Vec::new() };
    for step in steps {
        let name = word(step, "name");
        if !walk.seen.contains(&name) {
            walk.grow((String::new(), String::new()), &Way { by: String::new(), to: name }, "");
        }
    }
    walk.nodes
}

struct Walk<'a> {
    steps: &'a [Value],
    names: &'a BTreeSet<String>,
    seen: BTreeSet<String>,
    nodes: Vec<Node>,
}

impl Walk<'_> {
    /// `here` stands before this line, `below` before those that follow it.
    fn grow(&mut self, (here, below): (String, String), way: &Way, from: &str) {
        let is_again = !self.seen.insert(way.to.clone());
        self.nodes.push(Node {
            branch: here,
            by: way.by.clone(),
            step: way.to.clone(),
            from: from.to_owned(),
            is_again,
        });
        if is_again {
            return;
        }
        let ways = self.ways(&way.to);
        // A single way without a condition goes straight on.
        if let [only] = ways.as_slice()
            && only.by.is_empty()
        {
            return self.grow((below.clone(), below), only, &way.to);
        }
        let last = ways.len().saturating_sub(1);
        for (index, next) in ways.iter().enumerate() {
            let (mark, rest) = if index == last { ("└ ", "  ") } else { ("├ ", "│ ") };
            let lines = (format!("{below}{mark}"), format!("{below}{rest}"));
            self.grow(lines, next, &way.to);
        }
    }

    fn ways(&self, step: &str) -> Vec<Way> {
        let found = self.steps.iter().find(|item| word(item, "name") == step);
        let mut ways = Vec::new();
        if let Some(found) = found {
            self.look("", found, &mut ways);
        }
        ways
    }

    /// Every place of a step's settings that names another step.
    fn look(&self, key: &str, value: &Value, ways: &mut Vec<Way>) {
        match value {
            Value::String(name) if self.names.contains(name) => {
                let by = if key == "next" { String::new() } else { key.to_owned() };
                ways.push(Way { by, to: name.clone() });
            }
            Value::Object(entries) => {
                if let (Some(when), Some(Value::String(to))) =
                    (entries.get("when"), entries.get("to"))
                    && self.names.contains(to)
                {
                    ways.push(Way { by: said(when), to: to.clone() });
                    return;
                }
                // What just follows comes after all that branches off.
                let is_next = |(key, _): &(&String, &Value)| key.as_str() == "next";
                let (last, first): (Vec<_>, Vec<_>) = entries.iter().partition(is_next);
                for (key, inner) in first.into_iter().chain(last) {
                    if !NO_STEPS.contains(&key.as_str()) {
                        self.look(key, inner, ways);
                    }
                }
            }
            Value::Array(list) => list.iter().for_each(|inner| self.look(key, inner, ways)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
}

/// What a step does, in one line: its settings but for its name and where it leads.
#[must_use]
pub fn does(workflow: &Value, step: &str) -> String {
    let steps = workflow.get("steps").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let Some(Value::Object(entries)) = steps.iter().find(|item| word(item, "name") == step) else {
        return String::new();
    };
    let is_own = |key: &str| !matches!(key, "name" | "next" | "otherwise");
    let entry = |(key, value): (&String, &Value)| {
        let shown = match value {
            Value::Object(inner) => inner.get("say").map(said).unwrap_or_else(|| brief(value)),
            Value::Array(_) => String::new(),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => said(value),
        };
        format!("{key} {shown}").trim_end().to_owned()
    };
    let told = entries.iter().filter(|(key, _)| is_own(key)).map(entry);
    told.collect::<Vec<_>>().join(", ")
}

/// Without what leads on.
fn brief(value: &Value) -> String {
    let leads = |key: &str| matches!(key, "keys" | "unavailable" | "silent" | "star");
    let entries = value.as_object().into_iter().flatten().filter(|(key, _)| !leads(key));
    let told = entries.map(|(key, value)| format!("{key} {}", said(value)));
    told.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn keys_branch_off_and_what_comes_again_is_not_told_twice() {
        let workflow = json!({"steps": [
            {"name": "hello", "say": "greeting", "next": "menu"},
            {"name": "menu", "menu": {"say": "greeting", "keys": {"1": "sales", "9": "hello"}, "silent": "sales"}},
            {"name": "sales", "assign": {"team": "menu"}, "next": "try"},
            {"name": "try", "connect": {"unavailable": "bye"}},
            {"name": "bye", "say": "closed"},
            {"name": "lost", "say": "closed"},
        ]});
        let told: Vec<String> = tree(&workflow)
            .iter()
            .map(|node| {
                let again = if node.is_again { " (again)" } else { "" };
                format!("{}[{}] {}{again}", node.branch, node.by, node.step)
            })
            .collect();
        let expected = [
            "[] hello",
            "[] menu",
            "├ [1] sales",
            "│ [] try",
            "│ └ [unavailable] bye",
            "├ [9] hello (again)",
            "└ [silent] sales (again)",
            "[] lost",
        ];
        assert_eq!(told, expected);
        assert_eq!(does(&workflow, "sales"), "assign team menu");
        assert_eq!(does(&workflow, "menu"), "menu greeting");
        assert!(tree(&json!({})).is_empty());
    }
}
