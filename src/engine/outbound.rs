//! Which number a call to the outside shows, and which trunk carries it.

use crate::history::trail::trail::{Carried, Decision, Shown};
use crate::office::extension::Extension;
use crate::office::number::Number;
use crate::office::phone_number::PhoneNumber;
use crate::office::route::Route;
use crate::office::snapshot::Office;
use crate::office::trunk::{Trunk, TrunkName};

/// Numbers with extra charges, by their head: Korea's 060. Never dialled (toll fraud).
const PREMIUM: [&str; 1] = ["+8260"];

/// The way of a call out of the office.
#[derive(Debug)]
pub(crate) struct Passage {
    pub(crate) trunk: TrunkName,
    /// In the form the trunk wants, as is `caller_number`.
    pub(crate) dialled: String,
    pub(crate) caller_number: String,
    pub(crate) number: Option<PhoneNumber>,
    pub(crate) presented: Option<PhoneNumber>,
    pub(crate) trail: Vec<Decision>,
}

/// Which of the office's numbers somebody has named for a call.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Named<'a> {
    /// The customer had dialled it; it comes before every other (L44).
    pub(crate) by_customer: Option<&'a PhoneNumber>,
    /// The agent picked it, for this call or one before.
    pub(crate) by_agent: Option<&'a PhoneNumber>,
}

/// The way to an ordinary number, or the decisions that end in a refusal.
pub(crate) fn passage(
    to: &PhoneNumber,
    agent: &Extension,
    named: Named<'_>,
    office: &Office,
) -> Result<Passage, Vec<Decision>> {
    if !office.dial_out.may_dial(to) {
        return Err(vec![Decision::CountryNotAllowed { number: to.clone() }]);
    }
    if PREMIUM.iter().any(|head| to.as_str().starts_with(head)) {
        return Err(vec![Decision::PremiumNotAllowed { number: to.clone() }]);
    }
    if office.customer(to).is_some_and(|customer| customer.blocked) {
        return Err(vec![Decision::CustomerBlocked]);
    }
    let Some((number, because)) =
        named_number(named, office).or_else(|| shown_number(agent, office))
    else {
        return Err(vec![Decision::NoNumberToShow]);
    };
    let shown = number_shown(number, because);
    let Some((trunk, carried)) = trunk_for(Some(number), office) else {
        return Err(vec![shown, Decision::NoTrunk]);
    };
    if !trunk.may_carry(to) {
        let trunk = trunk.name.clone();
        return Err(vec![shown, Decision::CountryNotOnTrunk { number: to.clone(), trunk }]);
    }
    let dialled = trunk.number_form.dialled(to, &office.dial_out.home);
    Ok(leave_by(trunk, carried, dialled, Some((number, shown)), office))
}

/// The way to an emergency number: any number and any trunk will do.
pub(crate) fn emergency_passage(
    dialled: &str,
    agent: &Extension,
    office: &Office,
) -> Result<Passage, Vec<Decision>> {
    let shown = shown_number(agent, office)
        .or_else(|| office.numbers.values().next().map(|number| (number, Shown::AnyOfOffice)));
    let number = shown.as_ref().map(|(number, _)| *number);
    let Some((trunk, carried)) = trunk_for(number, office) else {
        return Err(vec![Decision::NoTrunk]);
    };
    let shown = shown.map(|(number, because)| (number, number_shown(number, because)));
    Ok(leave_by(trunk, carried, dialled.to_owned(), shown, office))
}

fn leave_by(
    trunk: &Trunk,
    because: Carried,
    dialled: String,
    shown: Option<(&Number, Decision)>,
    office: &Office,
) -> Passage {
    let (number, mut trail) = match shown {
        Some((number, decision)) => (Some(number), vec![decision]),
        None => (None, Vec::new()),
    };
    trail.push(Decision::TrunkChosen {
        trunk: trunk.name.clone(),
        dialled: dialled.clone(),
        because,
    });
    Passage {
        trunk: trunk.name.clone(),
        dialled,
        caller_number: number
            .map(|number| trunk.number_form.shown(number.shown(), &office.dial_out.home))
            .unwrap_or_default(),
        number: number.map(|number| number.number.clone()),
        presented: number.map(|number| number.shown().clone()),
        trail,
    }
}

fn number_shown(number: &Number, because: Shown) -> Decision {
    Decision::NumberShown { number: number.number.clone(), shown: number.shown().clone(), because }
}

/// A number that the office has given back since is nobody's.
fn named_number<'a>(named: Named<'_>, office: &'a Office) -> Option<(&'a Number, Shown)> {
    let ours = |named: Option<&PhoneNumber>| office.numbers.get(named?);
    let by_customer = ours(named.by_customer).map(|number| (number, Shown::DialledByCustomer));
    by_customer.or_else(|| ours(named.by_agent).map(|number| (number, Shown::Picked)))
}

/// S79, S80, L44: routed to the agent, else to a team of theirs, else the default.
fn shown_number<'a>(agent: &Extension, office: &'a Office) -> Option<(&'a Number, Shown)> {
    let routed_to_agent = office.numbers.values().find(|number| match &number.route {
        Route::Agent(extension) => extension == agent,
        Route::Team(_) | Route::Workflow(_) | Route::Off => false,
    });
    if let Some(number) = routed_to_agent {
        return Some((number, Shown::RoutedToAgent));
    }
    let routed_to_team = office.numbers.values().find_map(|number| match &number.route {
        Route::Team(name) => {
            let team = office.teams.get(name)?;
            team.members.contains(agent).then(|| (number, Shown::RoutedToTeam(name.clone())))
        }
        Route::Agent(_) | Route::Workflow(_) | Route::Off => None,
    });
    routed_to_team.or_else(|| office.default_number().map(|number| (number, Shown::Default)))
}

fn trunk_for<'a>(number: Option<&Number>, office: &'a Office) -> Option<(&'a Trunk, Carried)> {
    let usable = || office.trunks.values().filter(|trunk| is_usable(trunk));
    let brings = number.and_then(|number| usable().find(|trunk| trunk.brings(&number.number)));
    brings
        .map(|trunk| (trunk, Carried::BringsShownNumber))
        .or_else(|| usable().next().map(|trunk| (trunk, Carried::FirstUsable)))
}

fn is_usable(trunk: &Trunk) -> bool {
    trunk.peer.is_some() || trunk.register.is_some()
}
