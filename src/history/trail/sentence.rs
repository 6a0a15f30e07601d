//! The decisions of a call as sentences, in the reader's language.

use crate::history::trail::english;
use crate::history::trail::korean;
use crate::history::trail::trail::{Decision, Skip};
use crate::history::trail::workflow::WorkflowStory;
use crate::office::language::Language;

impl Decision {
    /// The step of a workflow to which the call has come.
    #[must_use]
    pub fn step(&self) -> Option<&str> {
        let Self::Workflow { story } = self else { return None };
        if let WorkflowStory::Step(step) = story { Some(step) } else { None }
    }

    /// One sentence for people who know no telecom words: Korean for [`Language::Ko`], else English.
    #[must_use]
    pub fn words(&self, language: Language) -> String {
        match language {
            Language::Ko => korean::sentence(self),
            Language::En | Language::Ja | Language::Zh | Language::Es => english::sentence(self),
        }
    }
}

impl Skip {
    /// Korean for [`Language::Ko`], else English.
    #[must_use]
    pub fn words(self, language: Language) -> &'static str {
        match language {
            Language::Ko => korean::skip(self),
            Language::En | Language::Ja | Language::Zh | Language::Es => english::skip(self),
        }
    }
}
