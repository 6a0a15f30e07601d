//! The office's closed lists in people's words.

use std::collections::BTreeSet;
use std::fmt::Display;

use crate::office::bell::Days;
use crate::office::number_form::NumberFormat;
use crate::office::priority::Priority;
use crate::office::room_sound::RoomSound;
use crate::office::srtp::SrtpPolicy;
use crate::office::team::Assignment;
use crate::words::Words;

#[must_use]
pub fn yes_no(truth: bool) -> Words {
    if truth { Words::new("예", "yes") } else { Words::new("아니요", "no") }
}

#[must_use]
pub fn priority(priority: Priority) -> Words {
    match priority {
        Priority::High => Words::new("높음", "high"),
        Priority::Medium => Words::new("보통", "medium"),
        Priority::Low => Words::new("낮음", "low"),
    }
}

#[must_use]
pub fn assignment(assignment: Assignment) -> Words {
    match assignment {
        Assignment::Manual => Words::new("모두 함께 울림", "all at once"),
        Assignment::FastResponse => {
            Words::new("맡은 상담이 가장 적은 사람", "who has the fewest conversations")
        }
        Assignment::PreviousAgent => {
            Words::new("지난번에 통화한 사람", "who has talked with them before")
        }
        Assignment::LongestIdle => Words::new("가장 오래 기다린 사람", "who has waited longest"),
    }
}

#[must_use]
pub fn encryption(policy: SrtpPolicy) -> Words {
    match policy {
        SrtpPolicy::Off => Words::new("암호화하지 않음", "never"),
        SrtpPolicy::Optional => Words::new("상대가 할 수 있으면 암호화", "when the other side can"),
        SrtpPolicy::Required => Words::new("암호화된 통화만", "always, else no call"),
    }
}

/// How a number looks when it is sent.
#[must_use]
pub fn number_format(format: NumberFormat) -> Words {
    match format {
        NumberFormat::E164 => Words::new("+8270…", "as +8270…"),
        NumberFormat::Digits => Words::new("8270…", "as 8270…"),
        NumberFormat::International => Words::new("국제 전화처럼 0082…", "as from abroad: 0082…"),
        NumberFormat::National => Words::new("국내처럼 070…", "as at home: 070…"),
    }
}

#[must_use]
pub fn room_sound(sound: RoomSound) -> Words {
    match sound {
        RoomSound::Looping => Words::new("반복 연결음", "music, looping"),
        RoomSound::National => Words::new("나라별 신호음", "the country's ringing tone"),
        RoomSound::Chime => Words::new("종소리", "chime"),
    }
}

/// `월–금`, `Mon–Fri`, else each of them.
#[must_use]
pub fn days(days: Days) -> Words {
    let named: Vec<Words> = days.names().map(day).collect();
    if days == Days::default() {
        return Words::new("월–금", "Mon–Fri");
    }
    if named.len() == 7 {
        return Words::new("매일", "every day");
    }
    Words::joined(&named, ", ")
}

/// A day of the week by its word in documents, such as `mon`.
#[must_use]
pub fn day(word: &str) -> Words {
    match word {
        "mon" => Words::new("월", "Mon"),
        "tue" => Words::new("화", "Tue"),
        "wed" => Words::new("수", "Wed"),
        "thu" => Words::new("목", "Thu"),
        "fri" => Words::new("금", "Fri"),
        "sat" => Words::new("토", "Sat"),
        "sun" => Words::new("일", "Sun"),
        other => Words::same(other),
    }
}

/// Words of a set, by commas.
#[must_use]
pub fn listed<T: Display>(words: &BTreeSet<T>) -> String {
    words.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
