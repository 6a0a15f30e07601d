//! Which cases a list shows; texts as they were typed or chosen, empty: any.

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CasesFilter {
    pub number: String,
    /// An extension.
    pub assignee: String,
    pub team: String,
    pub tag: String,
    /// `2026-11-25`, first and last day on which they were opened.
    pub from: String,
    pub to: String,
}

impl CasesFilter {
    /// What it is called in a query, and what it wants; the days are not among them.
    #[must_use]
    pub fn parts(&self) -> [(&'static str, &str); 4] {
        [
            ("number", &self.number),
            ("assignee", &self.assignee),
            ("team", &self.team),
            ("tag", &self.tag),
        ]
    }

    /// All that is not empty, for the line above the list.
    #[must_use]
    pub fn told(&self) -> String {
        let parts = self.parts().map(|(_, text)| text);
        let all = parts.into_iter().chain([self.from.as_str(), self.to.as_str()]);
        all.filter(|text| !text.is_empty()).collect::<Vec<_>>().join(", ")
    }
}
