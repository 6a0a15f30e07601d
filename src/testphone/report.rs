//! What the demo call has shown, in words.

use std::time::Duration;

/// The least part of the greeting that must have come through; the rest may be cut at its ends.
const GREETING_HEARD: f64 = 0.8;
/// A tone heard this long has certainly come through.
pub const TONE_HEARD: Duration = Duration::from_millis(500);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tongue {
    Korean,
    English,
}

/// A demo call that came to its end; what did not happen at all is an error instead.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    pub number: String,
    /// The language in which the greeting matched best, and how much of it was heard (0 to 1).
    pub greeting: (&'static str, f64),
    /// Both phones of the team rang.
    pub rang: Vec<String>,
    pub answered: String,
    /// How long the caller heard the agent's tone, and the agent the caller's.
    pub caller_heard: Duration,
    pub agent_heard: Duration,
    /// From INVITE to the first ring at a phone.
    pub until_ring: Duration,
}

impl Report {
    /// Whether the caller heard all that was to be heard.
    #[must_use]
    pub fn is_good(&self) -> bool {
        self.has_greeting() && self.caller_heard >= TONE_HEARD && self.agent_heard >= TONE_HEARD
    }

    fn has_greeting(&self) -> bool {
        self.greeting.1 >= GREETING_HEARD
    }

    /// A few lines for a person.
    #[must_use]
    pub fn in_words(&self, tongue: Tongue) -> String {
        let lines = match tongue {
            Tongue::Korean => self.korean(),
            Tongue::English => self.english(),
        };
        lines.iter().map(|line| format!("  {line}\n")).collect()
    }

    fn english(&self) -> [String; 5] {
        let (language, share) = self.greeting;
        let percent = share * 100.0;
        [
            format!("A caller dialled {} from the outside line.", self.number),
            if self.has_greeting() {
                format!("The caller heard the built-in greeting ({language}, {percent:.0} %).")
            } else {
                format!("The caller did NOT hear the greeting ({percent:.0} % of it at best).")
            },
            format!(
                "Phones {} rang after {:.1} s; {} answered.",
                self.rang.join(" and "),
                self.until_ring.as_secs_f64(),
                self.answered
            ),
            format!(
                "The caller heard the agent for {:.1} s, the agent the caller for {:.1} s.",
                self.caller_heard.as_secs_f64(),
                self.agent_heard.as_secs_f64()
            ),
            "The caller hung up, and the agent's phone with it.".to_owned(),
        ]
    }

    fn korean(&self) -> [String; 5] {
        let (language, share) = self.greeting;
        let percent = share * 100.0;
        [
            format!("외부에서 {}번으로 전화했습니다.", self.number),
            if self.has_greeting() {
                format!("발신자가 기본 안내 음성을 들었습니다 ({language}, {percent:.0} %).")
            } else {
                format!("발신자가 안내 음성을 듣지 못했습니다 (최대 {percent:.0} %).")
            },
            format!(
                "{:.1}초 뒤 {} 전화기가 울렸고 {}번이 받았습니다.",
                self.until_ring.as_secs_f64(),
                self.rang.join(", "),
                self.answered
            ),
            format!(
                "발신자는 매니저의 소리를 {:.1}초, 매니저는 발신자의 소리를 {:.1}초 들었습니다.",
                self.caller_heard.as_secs_f64(),
                self.agent_heard.as_secs_f64()
            ),
            "발신자가 전화를 끊자 매니저의 전화도 끊겼습니다.".to_owned(),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report() -> Report {
        Report {
            number: "+827012345678".to_owned(),
            greeting: ("ko", 1.0),
            rang: vec!["101".to_owned(), "102".to_owned()],
            answered: "101".to_owned(),
            caller_heard: Duration::from_secs(1),
            agent_heard: Duration::from_secs(1),
            until_ring: Duration::from_secs(3),
        }
    }

    #[test]
    fn a_call_is_good_only_when_all_was_heard() {
        assert!(report().is_good());
        assert!(!Report { greeting: ("ko", 0.3), ..report() }.is_good());
        assert!(!Report { caller_heard: Duration::ZERO, ..report() }.is_good());
        assert!(!Report { agent_heard: Duration::ZERO, ..report() }.is_good());
    }

    #[test]
    fn a_missing_greeting_is_said_in_both_tongues() {
        let deaf = Report { greeting: ("ko", 0.3), ..report() };
        assert!(deaf.in_words(Tongue::English).contains("did NOT hear"));
        assert!(deaf.in_words(Tongue::Korean).contains("듣지 못했습니다"));
        assert!(report().in_words(Tongue::Korean).contains("101, 102"));
    }
}
