//! A call's decisions in English.

use crate::history::trail::trail::{Carried, Chosen, Decision, Person, Shown, Silence, Skip};
use crate::leg::{HangupCause, RecordingEnd};
use crate::office::announcement::Situation;
use crate::office::duration::roughly;
use crate::office::feature_code::Feature;

#[expect(clippy::too_many_lines, reason = "one sentence for each decision")]
pub(crate) fn sentence(decision: &Decision) -> String {
    match decision {
        Decision::CameByTrunk { trunk, caller, dialled } => {
            format!("{} called {dialled}; the call came in by '{trunk}'.", caller_name(caller))
        }
        Decision::CameFromPhone { device, agent, dialled } => {
            format!("{} dialled {dialled} on phone '{device}'.", person(agent))
        }
        Decision::CameFromUnknownPhone { device, dialled } => format!(
            "Phone '{device}' dialled {dialled}, but no agent of the office has that phone any more."
        ),
        Decision::AskedFor { agent, dialled } => format!(
            "A call to {dialled} was asked for on behalf of extension {agent}; their own phone rings first."
        ),
        Decision::SoundAskedFor { agent, name } => format!(
            "Extension {agent} is to hear the sound '{name}'; their phone rings first."
        ),
        Decision::SoundPlayed { name } => format!("The sound '{name}' is played."),
        Decision::AgentUnknown { agent } => format!("The office has no extension {agent}."),
        Decision::NumberFound { number } => format!("{number} is one of the office's numbers."),
        Decision::NumberUnsaid { trunk, number } => {
            format!("'{trunk}' did not say which number was dialled, so it is {number}.")
        }
        Decision::NumberNotInUse { dialled, trunk } => format!(
            "{dialled} belongs to '{trunk}', but the office has not taken it into use."
        ),
        Decision::NumberUnknown { dialled } => format!("The office has no number {dialled}."),
        Decision::CustomerKnown { name } => format!("The caller is the customer '{name}'."),
        Decision::CustomerBlocked => {
            "The customer is blocked: no call is put through in either direction.".to_owned()
        }
        Decision::LanguageByProfile { language } => format!(
            "The customer's profile asks for {}.",
            language.name().en
        ),
        Decision::NumberReleased { dialled } => {
            format!("{dialled} was a number of the office and has been given back.")
        }
        Decision::HoursLookedAt(hours) => hours.english(),
        Decision::LanguageByCallingCode { code, language } => format!(
            "The caller's number begins with +{code}, so they are spoken to in {}.",
            language.name().en
        ),
        Decision::LanguageOfOffice { language } => format!(
            "The caller's number is not known, so they are spoken to in {}.",
            language.name().en
        ),
        Decision::Said { situation, language } => format!(
            "The caller hears {} in {}.",
            situation_name(*situation),
            language.name().en
        ),
        Decision::NothingToSay { situation } => {
            format!("The number has no sound to say {}.", situation_name(*situation))
        }
        Decision::SoundNeverEnded { seconds } => {
            format!("The sound was not over after {seconds} seconds, so the call went on without it.")
        }
        Decision::RoutedToAgent { agent } => {
            format!("The number's calls go to extension {agent}.")
        }
        Decision::RoutedToTeam { team } => format!("The number's calls go to team '{team}'."),
        Decision::RouteOff => {
            "The number's calls go to everybody who takes calls meant for nobody in particular."
                .to_owned()
        }
        Decision::RouteLeadsNowhere => {
            "Whoever the number's calls should go to is no longer in the office.".to_owned()
        }
        Decision::Skipped { agent, because } => {
            format!("{} is not rung: {}.", person(agent), skip(*because))
        }
        Decision::Rings { agents, phones, seconds } => format!(
            "{} rung on {phones} {}, for at most {seconds} seconds.",
            people(agents),
            if *phones == 1 { "phone" } else { "phones" }
        ),
        Decision::GivenTo { agent, because } => {
            format!("The call goes to {}: {}.", person(agent), chosen(*because))
        }
        Decision::GivenByHand { agent, who } => {
            format!("{who} puts the caller through to {}.", person(agent))
        }
        Decision::MovedByHand { team, who } => {
            format!("{who} has the waiting caller wait for '{team}' instead.")
        }
        Decision::PlacedByHand { priority, who } => {
            format!("{who} gives the caller the priority {}.", priority.word())
        }
        Decision::GivenSilently { agents, seconds, silence } => {
            let told = |agent: &Person| silent(agent, silence.get(&agent.extension).copied());
            let told: Vec<String> = agents.iter().map(told).collect();
            format!("The call waits up to {seconds} s and no phone rings: {}.", told.join("; "))
        }
        Decision::Queued { team, position } => {
            format!("Nobody of '{team}' is free; the caller waits in the queue, as number {position}.")
        }
        Decision::QueueFull { limit } => {
            format!("{limit} callers wait already; the queue is full.")
        }
        Decision::LeftQueue { seconds } => {
            format!("After {seconds} s the caller leaves the queue.")
        }
        Decision::QueueTimeOver { seconds } => {
            format!("The longest time in the queue, {seconds} s, is over.")
        }
        Decision::Waited { greeting, queue, ringing } => format!(
            "The customer waited: greeting {greeting} s, queue {queue} s, ringing {ringing} s."
        ),
        Decision::PartyRang { party } => format!("'{party}' rings."),
        Decision::EarlySound { party } => {
            format!("'{party}' sends sound before answering; the caller hears it.")
        }
        Decision::Encrypted { party } => format!("The sound with '{party}' is encrypted."),
        Decision::InClear { party } => {
            format!("The sound with '{party}' is no longer encrypted.")
        }
        Decision::PartyGone { party, cause } => {
            format!("'{party}' does not take the call: {}.", reason(*cause))
        }
        Decision::Answered { party, agent: Some(agent) } => {
            format!("{} answered on phone '{party}'.", person(agent))
        }
        Decision::Answered { party, agent: None } => format!("'{party}' answered."),
        Decision::RingTimeOver { seconds } => {
            format!("Nobody answered within {seconds} seconds.")
        }
        Decision::NobodyFree => "Nobody who could take the call is free.".to_owned(),
        Decision::EverybodyDeclined => "Everybody who was rung turned the call down.".to_owned(),
        Decision::NoPhoneReached => "None of the phones could be reached.".to_owned(),
        Decision::EmergencyDialled { dialled } => {
            format!("{dialled} is an emergency number and goes out before any other rule.")
        }
        Decision::ColleagueDialled { agent } => format!("That is the extension of {}.", person(agent)),
        Decision::IntercomDialled { agent } => {
            format!("That is the intercom to {}, whose phone is asked to pick up.", person(agent))
        }
        Decision::OwnExtensionDialled => {
            "That is the caller's own extension, so only their other phones are rung.".to_owned()
        }
        Decision::FeatureDialled { feature: Feature::Echo } => {
            "That is the echo: callers hear themselves.".to_owned()
        }
        Decision::FeatureDialled { feature: Feature::DoNotDisturb { on: true } } => {
            "Do not disturb is on.".to_owned()
        }
        Decision::FeatureDialled { feature: Feature::DoNotDisturb { on: false } } => {
            "Do not disturb is off.".to_owned()
        }
        Decision::FeatureDialled { feature: Feature::Seat { on: true } } => {
            "The agent has taken their seat.".to_owned()
        }
        Decision::FeatureDialled { feature: Feature::Seat { on: false } } => {
            "The agent has left their seat.".to_owned()
        }
        Decision::FeatureDialled { feature: Feature::EndWrapUp } => {
            "The agent has finished the work after the last call.".to_owned()
        }
        Decision::FeatureDialled { feature: Feature::Voicemail } => {
            "The voicemail was dialled.".to_owned()
        }
        Decision::FeatureDialled { feature: Feature::Time } => {
            "The caller is told what time it is.".to_owned()
        }
        Decision::FeatureDialled { feature: Feature::Page } => {
            "That is paging: the room's loudspeaker plays what the caller says.".to_owned()
        }
        Decision::NothingBehind { dialled } => {
            format!("{dialled} is neither an extension nor a number that can be dialled.")
        }
        Decision::CountryNotAllowed { number } => format!(
            "{number} is in a country that may not be dialled; admins allow it under dial_out."
        ),
        Decision::CountryNotOnTrunk { number, trunk } => format!(
            "{number} is in a country that '{trunk}' may not carry calls to; admins allow it under countries of that trunk."
        ),
        Decision::PremiumNotAllowed { number } => {
            format!("{number} is a number with extra charges, and those are never dialled.")
        }
        Decision::NumberShown { number, shown, because } if number == shown => {
            format!("The other side sees {shown}: {}.", shown_because(because))
        }
        Decision::NumberShown { number, shown, because } => format!(
            "The other side sees {shown}, which stands for {number}: {}.",
            shown_because(because)
        ),
        Decision::NoNumberToShow => {
            "No number is routed to the caller or a team of theirs, and the office has no default number."
                .to_owned()
        }
        Decision::TrunkChosen { trunk, dialled, because } => format!(
            "The call goes out to {dialled} by '{trunk}', {}.",
            match because {
                Carried::BringsShownNumber => "which brings the number that is shown",
                Carried::FirstUsable => "the first provider that can be used",
            }
        ),
        Decision::NoSeatToCall { agent } => {
            format!("{} is not in their seat, and who is not may not call outside.", person(agent))
        }
        Decision::NoTrunk => "There is no provider to carry calls out of the office.".to_owned(),
        Decision::RecordingBegan { name } => format!("The call is recorded as '{name}'."),
        Decision::RecordingPaused => "The recording pauses.".to_owned(),
        Decision::RecordingResumed => "The recording goes on.".to_owned(),
        Decision::RecordingEnded { end, seconds } => {
            format!("The recording ended after {seconds} seconds: {}.", recording_end(*end))
        }
        Decision::CallerLeft { cause } => format!("The caller's side ended: {}.", reason(*cause)),
        Decision::OtherLeft { party, cause } => format!("'{party}' ended: {}.", reason(*cause)),
        Decision::SoundLost { party } => {
            format!("No sound came from '{party}' for too long, so the call was ended.")
        }
        Decision::SoundOdd { party, trouble } => trouble.words(party).en,
        Decision::TooManyCalls { limit } => {
            format!("There are {limit} calls already, as many as can be carried.")
        }
        Decision::Pickup { story } => story.words().en,
        Decision::Conference { story } => story.words().en,
        Decision::Workflow { story } => story.words().en,
        Decision::Voicemail { story } => story.words().en,
        Decision::EndedByAdmin => "An admin ended the call.".to_owned(),
        Decision::Stopped => "The phone system is being stopped.".to_owned(),
        Decision::Refused { cause } => {
            format!("The call is not put through: {}.", reason(*cause))
        }
    }
}

fn caller_name(caller: &str) -> &str {
    if caller.is_empty() { "Somebody who hides their number" } else { caller }
}

pub(crate) fn person(person: &Person) -> String {
    format!("{} ({})", person.name, person.extension)
}

fn silent(agent: &Person, silence: Option<Silence>) -> String {
    let person = person(agent);
    match silence {
        None => format!("{person} does not want to be disturbed"),
        Some(Silence::EndsIn(left)) => {
            format!("{person} does not want to be disturbed for another {}", roughly(left).en)
        }
        Some(Silence::PhonesOff) => format!("{person} has no phone that is set to ring"),
    }
}

fn people(agents: &[Person]) -> String {
    let names: Vec<String> = agents.iter().map(person).collect();
    format!("{} {}", names.join(", "), if agents.len() == 1 { "is" } else { "are" })
}

fn situation_name(situation: Situation) -> &'static str {
    match situation {
        Situation::Greeting => "the greeting",
        Situation::AllBusy => "that all are busy",
        Situation::Closed => "that the office is closed",
        Situation::Recording => "that the call is recorded",
    }
}

fn recording_end(end: RecordingEnd) -> &'static str {
    match end {
        RecordingEnd::Asked => "it was told to",
        RecordingEnd::TooLong => "it was as long as a recording may be",
        RecordingEnd::Silence => "nobody spoke any more",
        RecordingEnd::NoDisk => "the disk has no room",
    }
}

pub(crate) fn skip(because: Skip) -> &'static str {
    match because {
        Skip::NoPhone => "none of their phones is connected",
        Skip::Ringing => "another call is ringing there",
        Skip::Talking => "they are on a call",
        Skip::WrappingUp => "they are finishing the work after a call",
        Skip::NoPhoneCalls => "they take no customers' calls",
        Skip::SeatEmpty => "they are not in their seat",
        Skip::Away => "they are on a break or off duty",
        Skip::DoNotDisturb => "they do not want to be disturbed",
        Skip::PhonesOff => "none of their phones is set to ring",
        Skip::DidNotTake => "they did not take this call before",
    }
}

fn chosen(because: Chosen) -> &'static str {
    match because {
        Chosen::TalkedBefore => "nobody else has talked with this customer",
        Chosen::FewestInProgress => {
            "they have the fewest conversations, and of those they were given a call longest ago"
        }
        Chosen::LongestIdle => "they were given a call longest ago",
    }
}

fn shown_because(because: &Shown) -> String {
    match because {
        Shown::DialledByCustomer => "the customer had dialled it".to_owned(),
        Shown::Picked => "the person who dialled has picked it".to_owned(),
        Shown::RoutedToAgent => "its calls go to the person who dialled".to_owned(),
        Shown::RoutedToTeam(team) => format!("its calls go to their team '{team}'"),
        Shown::Default => "it is the office's default number".to_owned(),
        Shown::AnyOfOffice => "an emergency call needs some number of the office".to_owned(),
    }
}

/// Why a leg ended, in the middle of a sentence.
pub(crate) fn reason(cause: HangupCause) -> String {
    match cause {
        HangupCause::Normal => "they hung up",
        HangupCause::Cancelled => "the caller gave up before the answer",
        HangupCause::Busy => "busy",
        HangupCause::NoAnswer => "no answer",
        HangupCause::Declined => "the call was turned down",
        HangupCause::NotFound => "nobody has that number",
        HangupCause::Unreachable => "no phone could be reached",
        HangupCause::Forbidden => "it may not be dialled",
        HangupCause::NotAcceptable => "the two sides share no way to send sound",
        HangupCause::Overloaded => "too many calls at once",
        HangupCause::AnsweredElsewhere => "somebody else took the call",
        HangupCause::MediaLost => "no sound came for too long",
        HangupCause::SessionExpired => "the far side stopped confirming that it is still there",
        HangupCause::AckMissing => "the far side never confirmed the answer",
        HangupCause::Stopping => "the phone system is being stopped",
        HangupCause::Interrupted => "the phone system had stopped without warning",
        HangupCause::Failed { status } => return format!("the far side reported error {status}"),
    }
    .to_owned()
}
