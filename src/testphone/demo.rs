//! The first call: an outside caller dials the demo office, and all that must be heard is heard.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use tokio::task::spawn_blocking;
use tokio::time::{sleep, timeout};

use crate::audio::builtin::{Prompt, prompt};
use crate::audio::g711::Law;
use crate::clock;
use crate::testphone::event::{Ending, Event};
use crate::testphone::heard::Heard;
use crate::testphone::phone::Phone;
use crate::testphone::profile::{Profile, WhenCalled};
use crate::testphone::report::{Report, TONE_HEARD};

/// As `packaging/demo-office.yaml` says.
const NUMBER: &str = "+827012345678";
const PHONES: [(&str, &str); 2] = [("101", "demo-101"), ("102", "demo-102")];
/// A caller whom nobody knows: the language follows from +82 (S105).
const CALLER: &str = "+821055501234";
/// The languages of the built-in voice.
const VOICES: [&str; 5] = ["ko", "en", "ja", "zh", "es"];

/// What a phone dials whose agent has nothing left to do after a call.
const END_WRAP_UP: &str = "*55";
const CALLER_TONE: f64 = 700.0;
const AGENT_TONE: f64 = 1_000.0;
/// Long enough for both phones to ring before one answers.
const ANSWER_AFTER: Duration = Duration::from_secs(1);
/// One SIP exchange on loopback, generously.
const EXCHANGE: Duration = Duration::from_secs(5);
/// A greeting, and then some.
const UNTIL_RING: Duration = Duration::from_secs(40);
const LISTEN_EVERY: Duration = Duration::from_millis(100);

/// Calls through the server at `server`; the outside line is played at `trunk`, the address by
/// which the demo office knows its trunk. The phones are at the server's own address.
///
/// # Errors
/// When something that belongs to such a call does not happen, in the words of what it was.
pub async fn run(server: SocketAddr, trunk: SocketAddr) -> Result<Report> {
    let mut team = Vec::new();
    for (count, (username, password)) in PHONES.into_iter().enumerate() {
        let when_called =
            if count == 0 { WhenCalled::AnswerAfter(ANSWER_AFTER) } else { WhenCalled::RingOnly };
        let profile = profile(username, password, when_called);
        let mut phone = Phone::start(profile, server.ip(), server).await?;
        phone.register(EXCHANGE).await.context("a phone of the team could not register")?;
        team.push(phone);
    }
    let caller = profile(CALLER, "", WhenCalled::Refuse(486));
    let mut caller = Phone::start_at(caller, trunk, server).await?;
    let report = call(&mut caller, &mut team).await?;
    if let Some(answered) = team.first_mut() {
        end_wrap_up(answered).await?;
    }
    for phone in &mut team {
        phone.unregister(EXCHANGE).await.context("a phone could not take its registration back")?;
    }
    Ok(report)
}

/// The call has left its agent with work, and nothing would ring at the next one until that is done.
async fn end_wrap_up(phone: &mut Phone) -> Result<()> {
    phone.dial(END_WRAP_UP).await?;
    let ends = |event: &Event| matches!(event, Event::Ended(_));
    let ended =
        phone.wait_for(EXCHANGE, ends).await.context("a phone could not end its wrap-up")?;
    if ended != Event::Ended(Ending::TheyHungUp) {
        bail!("a phone of the team could not end its wrap-up with {END_WRAP_UP}: {ended:?}");
    }
    Ok(())
}

async fn call(caller: &mut Phone, team: &mut [Phone]) -> Result<Report> {
    let dialled = clock::now().ticks;
    caller.dial(NUMBER).await?;
    let mut rang = Vec::new();
    for phone in team.iter_mut() {
        ring(phone, caller).await?;
        rang.push(phone.name().to_owned());
    }
    let until_ring = clock::now().ticks - dialled;
    let [answering, others @ ..] = team else { bail!("the demo team has no phone") };
    answering
        .wait_for(EXCHANGE, |event| *event == Event::Answered)
        .await
        .context("the phone that answered was never told so (no ACK)")?;
    for other in others {
        other
            .wait_for(EXCHANGE, |event| matches!(event, Event::Ended(Ending::Cancelled { .. })))
            .await
            .context("the phone that did not answer went on ringing")?;
    }
    let heard = caller.heard().await?;
    let greeting = spawn_blocking(move || best_match(&heard)).await?;
    let (caller_heard, agent_heard) = talk(caller, answering).await?;
    caller.hang_up().await?;
    caller.wait_for(EXCHANGE, |event| *event == Event::Ended(Ending::WeHungUp)).await?;
    answering
        .wait_for(EXCHANGE, |event| *event == Event::Ended(Ending::TheyHungUp))
        .await
        .context("the agent's phone was not hung up")?;
    Ok(Report {
        number: NUMBER.to_owned(),
        greeting,
        rang,
        answered: answering.name().to_owned(),
        caller_heard,
        agent_heard,
        until_ring,
    })
}

/// Waits until the phone rings; the caller's own end comes first when the call was refused.
async fn ring(phone: &mut Phone, caller: &mut Phone) -> Result<()> {
    let rings = phone.wait_for(UNTIL_RING, |event| matches!(event, Event::Offered { .. }));
    let refused = caller.wait_for(UNTIL_RING, |event| matches!(event, Event::Ended(_)));
    tokio::select! {
        rings = rings => rings.map(drop).context("a phone of the team did not ring"),
        ended = refused => match ended {
            Ok(Event::Ended(ending)) => bail!("the call ended before a phone rang: {ending:?}"),
            Ok(_) | Err(_) => bail!(
                "no phone of the team rang within {UNTIL_RING:?}; an agent in wrap-up is not rung until \
                 {END_WRAP_UP} is dialled there"
            ),
        },
    }
}

/// A tone each way until both have come through, or have not for too long.
async fn talk(caller: &Phone, agent: &Phone) -> Result<(Duration, Duration)> {
    caller.say(Some(CALLER_TONE)).await?;
    agent.say(Some(AGENT_TONE)).await?;
    let (mut caller_heard, mut agent_heard) = (Duration::ZERO, Duration::ZERO);
    let heard_both = timeout(EXCHANGE, async {
        while caller_heard < TONE_HEARD || agent_heard < TONE_HEARD {
            sleep(LISTEN_EVERY).await;
            caller_heard += caller.heard().await?.tone(AGENT_TONE);
            agent_heard += agent.heard().await?.tone(CALLER_TONE);
        }
        anyhow::Ok(())
    });
    match heard_both.await {
        Ok(done) => done?,
        Err(_) => tracing::warn!(?caller_heard, ?agent_heard, "no tone both ways"),
    }
    Ok((caller_heard, agent_heard))
}

fn best_match(heard: &Heard) -> (&'static str, f64) {
    VOICES
        .into_iter()
        .map(|language| (language, heard.matches(&prompt(Prompt::Greeting, language))))
        .max_by(|(_, one), (_, other)| one.total_cmp(other))
        .unwrap_or(("", 0.0))
}

fn profile(username: &str, password: &str, when_called: WhenCalled) -> Profile {
    Profile {
        username: username.to_owned(),
        password: password.to_owned(),
        laws: vec![Law::A, Law::Mu],
        when_called,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testphone::rtp::Piece;

    /// Each greeting is found in the recording of its own language and in no other.
    #[test]
    fn the_voices_are_told_apart() {
        for spoken in VOICES {
            let mut heard = Heard::default();
            for (at, codes) in
                prompt(Prompt::Greeting, spoken).coded(Law::A).chunks(160).enumerate()
            {
                heard.take_in(&Piece {
                    ssrc: 1,
                    timestamp: at as u32 * 160,
                    samples: codes.iter().map(|code| Law::A.decode(*code)).collect(),
                });
            }
            for language in VOICES {
                let share = heard.matches(&prompt(Prompt::Greeting, language));
                let right = if spoken == language { share > 0.99 } else { share < 0.5 };
                assert!(right, "{share} of {language} in {spoken}");
            }
        }
    }

    #[test]
    fn the_demo_office_is_the_one_that_is_called() {
        let office = std::fs::read_to_string("packaging/demo-office.yaml").unwrap();
        assert!(office.contains(&format!("number: \"{NUMBER}\"")));
        for (username, password) in PHONES {
            assert!(office.contains(&format!("username: \"{username}\", password: {password}")));
        }
    }
}
