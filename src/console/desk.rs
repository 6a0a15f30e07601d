//! What a console asks and hears of conversations and customers.

use crate::api::schema::schema::{
    CasePage, ConversationDetail, ConversationPage, CustomerBody, CustomerLine,
};
use crate::console::cases::CasesFilter;
use crate::history::conversation::conversation::Conversation;
use crate::office::sought::Sought;

/// Which conversations a list shows; texts as they were typed or chosen, empty: any.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConversationFilter {
    pub state: String,
    pub party: String,
    pub number: String,
    /// An extension.
    pub assignee: String,
    pub team: String,
    pub tag: String,
}

impl ConversationFilter {
    /// The work list: whoever nobody has answered yet.
    #[must_use]
    pub fn missed() -> Self {
        Self { state: "missed".to_owned(), ..Self::default() }
    }

    /// Whether a list with this filter shows it, as far as the number it came by does not matter.
    #[must_use]
    pub fn fits(&self, one: &Conversation) -> bool {
        let is = |wanted: &str, found: Option<&str>| wanted.is_empty() || found == Some(wanted);
        let sought = Sought::new(&self.party, None);
        let customer = one.customer.as_ref().map(|customer| customer.as_str());
        is(&self.state, Some(one.state.name()))
            && is(&self.assignee, one.assignee.as_ref().map(|agent| agent.as_str()))
            && is(&self.team, one.team.as_ref().map(|team| team.0.as_str()))
            && (self.tag.is_empty() || one.tags.iter().any(|tag| tag.as_str() == self.tag))
            && (sought.is_empty()
                || customer.is_some_and(|number| sought.is_in_number(number))
                || sought.is_in_name(&one.name))
    }

    /// What it is called in a query, and what it wants.
    #[must_use]
    pub fn parts(&self) -> [(&'static str, &str); 6] {
        [
            ("state", &self.state),
            ("party", &self.party),
            ("number", &self.number),
            ("assignee", &self.assignee),
            ("team", &self.team),
            ("tag", &self.tag),
        ]
    }
}

/// What somebody does to a conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wish {
    Close,
    Open,
    /// `3h`
    Snooze(String),
    Note(String),
    Describe(String),
    Tag(Vec<String>),
    /// Extension and name of a team; empty: nobody.
    Assign {
        agent: String,
        team: String,
    },
}

/// Forms about one conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WishKind {
    Note,
    Describe,
    Tag,
    Snooze,
    Assign,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeskRequest {
    Conversations {
        filter: ConversationFilter,
        before: Option<String>,
    },
    Conversation(u64),
    /// For each of them.
    Wish {
        conversations: Vec<u64>,
        wish: Wish,
    },
    CloseAll(Vec<u64>),
    CallBack {
        conversation: u64,
        agent: String,
        again: bool,
    },
    Cases {
        filter: CasesFilter,
        before: Option<String>,
    },
    Customers(CustomerFilter),
    Customer(String),
    /// Gives a number a profile, or changes the one it has.
    Amend {
        number: String,
        body: CustomerBody,
    },
    Forget(String),
    /// Gives the customer the number of the lead.
    Merge {
        number: String,
        lead: String,
    },
}

/// Which customers a list shows; empty: any, the blocked left out (L194).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CustomerFilter {
    /// Part of a number or a name.
    pub party: String,
    /// `customers`, `leads` or `blocked`.
    pub kind: String,
}

impl DeskRequest {
    #[must_use]
    pub fn writes(&self) -> bool {
        match self {
            Self::Conversations { .. }
            | Self::Conversation(_)
            | Self::Cases { .. }
            | Self::Customers(_)
            | Self::Customer(_) => false,
            Self::Wish { .. }
            | Self::CloseAll(_)
            | Self::CallBack { .. }
            | Self::Amend { .. }
            | Self::Forget(_)
            | Self::Merge { .. } => true,
        }
    }
}

#[derive(Clone, Debug)]
pub enum DeskReport {
    Conversations {
        filter: ConversationFilter,
        page: ConversationPage,
        is_first: bool,
    },
    Conversation(Box<ConversationDetail>),
    Cases {
        filter: CasesFilter,
        page: CasePage,
        is_first: bool,
    },
    Customers {
        filter: CustomerFilter,
        lines: Vec<CustomerLine>,
    },
    /// A customer, and the newest of their conversations.
    Customer {
        line: Box<CustomerLine>,
        conversations: Vec<Conversation>,
    },
    /// A customer is another than before, or gone.
    Amended,
}
