//! The steps of a workflow as a tree: what follows on which key, answer or condition.

use std::collections::BTreeSet;

use crate::office::workflow::name::{Next, StepName};
use crate::office::workflow::workflow::{Step, Workflow};
use crate::office::workflow_words::{Way, ways};
use crate::words::Words;

/// One line of the tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node<'w> {
    /// `├ `, `│ ` and the like before it.
    pub branch: String,
    /// What leads here; empty: it just follows.
    pub by: Words,
    /// From which step, and by which key of it.
    pub pressed: Option<(&'w StepName, char)>,
    pub step: &'w Step,
    /// It stands further up already, with all that follows.
    pub is_again: bool,
}

/// From the first step on; steps that nothing leads to come last.
#[must_use]
pub fn tree(workflow: &Workflow) -> Vec<Node<'_>> {
    let mut walk = Walk { workflow, seen: BTreeSet::new(), nodes: Vec::new() };
    for step in &workflow.steps {
        if !walk.seen.contains(&step.name) {
            walk.grow(Branch::default(), Words::same(""), None, step);
        }
    }
    walk.nodes
}

struct Walk<'w> {
    workflow: &'w Workflow,
    seen: BTreeSet<&'w StepName>,
    nodes: Vec<Node<'w>>,
}

/// What stands before a line, and before those that follow it.
#[derive(Clone, Default)]
struct Branch {
    here: String,
    below: String,
}

impl<'w> Walk<'w> {
    fn grow(
        &mut self,
        branch: Branch,
        by: Words,
        pressed: Option<(&'w StepName, char)>,
        step: &'w Step,
    ) {
        let Branch { here, below } = branch;
        let is_again = !self.seen.insert(&step.name);
        self.nodes.push(Node { branch: here, by, pressed, step, is_again });
        if is_again {
            return;
        }
        let found = self.leading(step);
        // A single way without a condition goes straight on.
        if let [(Way { by, .. }, next)] = found.as_slice()
            && by.is_empty()
        {
            let straight = Branch { here: below.clone(), below };
            return self.grow(straight, Words::same(""), None, next);
        }
        let last = found.len().saturating_sub(1);
        for (index, (way, next)) in found.into_iter().enumerate() {
            let (mark, rest) = if index == last { ("└ ", "  ") } else { ("├ ", "│ ") };
            let branch = Branch { here: format!("{below}{mark}"), below: format!("{below}{rest}") };
            self.grow(branch, way.by, way.key.map(|key| (&step.name, key)), next);
        }
    }

    /// The ways to other steps; those that lead to the end are told by the step itself.
    fn leading(&self, step: &Step) -> Vec<(Way, &'w Step)> {
        let to = |way: Way| match &way.to {
            Next::Step(name) => self.workflow.step(name).map(|next| (way, next)),
            Next::End => None,
        };
        ways(step).into_iter().filter_map(to).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::office::document::document::parse;
    use crate::office::workflow_action_words::does;

    const OFFICE: &str = r#"
teams: [{name: menu, members: []}]
workflows:
  - name: main
    trigger: customer_called
    steps:
      - {name: hello, say: greeting, next: menu}
      - name: menu
        menu: {say: greeting, keys: {"1": sales, "9": hello}, silent: sales}
      - {name: sales, assign: {team: menu}, next: try}
      - {name: try, connect: {unavailable: bye}}
      - {name: bye, say: closed, next: end}
"#;

    #[test]
    fn keys_branch_off_and_what_comes_again_is_not_told_twice() {
        let office = parse(OFFICE, None).unwrap();
        let workflow = &office.workflows[0];
        let nodes = tree(workflow);
        let told = nodes.iter().map(|node| {
            let again = if node.is_again { " (again)" } else { "" };
            format!("{}[{}] {}{again}", node.branch, node.by.en, node.step.name)
        });
        let expected = [
            "[] hello",
            "[] menu",
            "├ [1] sales",
            "│ [] try",
            "│ └ [nobody there] bye",
            "├ [9] hello (again)",
            "└ [no key] sales (again)",
        ];
        assert_eq!(told.collect::<Vec<_>>(), expected);
        assert_eq!(nodes[2].pressed, Some((&workflow.steps[1].name, '1')));
        let words = |name: &str| {
            let step = workflow.steps.iter().find(|step| step.name.0 == name).unwrap();
            does(&step.action)
        };
        assert_eq!(words("sales"), Words::new("팀 'menu'에 배정", "give to team 'menu'"));
        assert_eq!(words("bye"), Words::new("말하기: 운영시간이 아님", "say: we are closed"));
    }
}
