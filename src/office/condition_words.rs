//! What a workflow asks before it goes on, in people's words.

use crate::office::closed_words::{days, listed};
use crate::office::duration;
use crate::office::workflow::condition::{Condition, Test};
use crate::words::Words;

/// What must hold; nothing where nothing must.
#[must_use]
pub fn condition(condition: &Condition) -> Words {
    let mut tests: Vec<Words> = condition.0.iter().map(test).collect();
    // A time zone is said once, however many tests are read on its clock.
    let zone = condition.timezone();
    tests.extend(zone.map(|zone| Words::same(format!("({zone})"))));
    Words::joined(&tests, ", ")
}

fn test(test: &Test) -> Words {
    let of = |ko: &str, en: &str, values: String| {
        Words::new(format!("{ko} {values}"), format!("{en} {values}"))
    };
    match test {
        Test::Open(name) => Words::new(format!("'{name}' 열림"), format!("'{name}' open")),
        Test::Closed(name) => Words::new(format!("'{name}' 닫힘"), format!("'{name}' closed")),
        Test::Number(numbers) => of("건 번호", "number dialled", listed(numbers)),
        Test::Caller(prefixes) => of("고객 번호 앞자리", "caller begins", listed(prefixes)),
        Test::Country(codes) => {
            let codes: Vec<String> = codes.iter().map(|code| format!("+{code}")).collect();
            of("나라", "country", codes.join(", "))
        }
        Test::Language(languages) => {
            let names: Vec<Words> = languages.iter().map(|one| one.name()).collect();
            Words::joined(&names, ", ")
        }
        Test::Known(true) => Words::new("아는 고객", "known customer"),
        Test::Known(false) => Words::new("새 고객", "new customer"),
        Test::CustomerTags(tags) => of("고객 태그", "customer tags", listed(tags)),
        Test::Tags(tags) => of("상담 태그", "conversation tags", listed(tags)),
        Test::Time { from, to, .. } => Words::same(format!("{from}–{to}")),
        Test::Weekday { days: on, .. } => days(*on),
        Test::Queue { team, at_least } => Words::new(
            format!("팀 '{team}' 대기 {at_least}명부터"),
            format!("{at_least} or more wait for team '{team}'"),
        ),
        Test::Wait { team, at_least } => {
            let wait = duration::words(*at_least);
            Words::new(
                format!("팀 '{team}' 예상 대기 {}부터", wait.ko),
                format!("team '{team}' may take {} or more", wait.en),
            )
        }
        Test::Field { name, values } => {
            let values = listed(values);
            Words::new(format!("입력 '{name}' {values}"), format!("typed '{name}' {values}"))
        }
    }
}
