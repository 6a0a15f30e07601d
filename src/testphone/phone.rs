//! What a test holds of one test phone: tells it what to do, waits for what it says.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};
use tokio::net::UdpSocket;
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;

use crate::testphone::event::Event;
use crate::testphone::heard::Heard;
use crate::testphone::order::Order;
use crate::testphone::profile::Profile;
use crate::testphone::run::{Line, run};
use crate::testphone::user_agent::UserAgent;

/// Orders and events in flight; a test phone says some ten things in a call.
const CHANNEL: usize = 64;

/// A phone at work. It stops when this is dropped; hang up first.
#[derive(Debug)]
pub struct Phone {
    name: String,
    address: SocketAddr,
    orders: mpsc::Sender<Order>,
    events: mpsc::Receiver<Event>,
}

impl Phone {
    /// Starts a phone on a free port of `ip`, whose every message goes to `server`.
    ///
    /// # Errors
    /// When no port can be opened on `ip`.
    pub async fn start(profile: Profile, ip: IpAddr, server: SocketAddr) -> Result<Self> {
        Self::start_at(profile, SocketAddr::new(ip, 0), server).await
    }

    /// The same at a chosen port, such as the one by which a trunk is known.
    ///
    /// # Errors
    /// When that port cannot be opened.
    pub async fn start_at(profile: Profile, local: SocketAddr, server: SocketAddr) -> Result<Self> {
        let sip = UdpSocket::bind(local)
            .await
            .with_context(|| format!("cannot open {local} for a test phone"))?;
        let media = UdpSocket::bind(SocketAddr::new(local.ip(), 0))
            .await
            .context("cannot open a port for a test phone's sound")?;
        let name = profile.username.clone();
        let address = sip.local_addr()?;
        let seed = getrandom::u64().map_err(|error| anyhow!("no random numbers: {error}"))?;
        let agent = UserAgent::new(profile, address, media.local_addr()?, server, seed);
        let (orders, orders_in) = mpsc::channel(CHANNEL);
        let (events_out, events) = mpsc::channel(CHANNEL);
        let line = Line { sip, media, server, orders: orders_in, events: events_out };
        tokio::spawn(run(agent, line, seed as u32));
        Ok(Self { name, address, orders, events })
    }

    /// The user name it registers with.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Registers and waits for the answer.
    ///
    /// # Errors
    /// When the server refuses or says nothing within `within`.
    pub async fn register(&mut self, within: Duration) -> Result<()> {
        self.order(Order::Register { expires: 300 }).await?;
        self.registration_answered(within).await
    }

    /// Takes the registration back and waits for the answer.
    ///
    /// # Errors
    /// When the server refuses or says nothing within `within`.
    pub async fn unregister(&mut self, within: Duration) -> Result<()> {
        self.order(Order::Register { expires: 0 }).await?;
        self.registration_answered(within).await
    }

    /// Calls `number`; what becomes of it comes as events.
    ///
    /// # Errors
    /// When the phone has stopped.
    pub async fn dial(&self, number: &str) -> Result<()> {
        self.order(Order::Dial { number: number.to_owned() }).await
    }

    /// Ends the call in whatever stage it is.
    ///
    /// # Errors
    /// When the phone has stopped.
    pub async fn hang_up(&self) -> Result<()> {
        self.order(Order::HangUp).await
    }

    /// Says a tone of so many hertz into the call, or silence.
    ///
    /// # Errors
    /// When the phone has stopped.
    pub async fn say(&self, tone: Option<f64>) -> Result<()> {
        self.order(Order::Say(tone)).await
    }

    /// What was heard since the last time this was asked.
    ///
    /// # Errors
    /// When the phone has stopped.
    pub async fn heard(&self) -> Result<Heard> {
        let (tell, told) = oneshot::channel();
        self.order(Order::TellHeard(tell)).await?;
        told.await.context("the test phone has stopped")
    }

    /// The next thing it says.
    ///
    /// # Errors
    /// When nothing happens within `within`, or the phone has stopped.
    pub async fn event(&mut self, within: Duration) -> Result<Event> {
        let name = &self.name;
        match timeout(within, self.events.recv()).await {
            Ok(Some(event)) => Ok(event),
            Ok(None) => bail!("test phone {name} has stopped"),
            Err(_) => bail!("test phone {name} waited {within:?} and nothing happened"),
        }
    }

    /// Waits for an event that `is_it`, passing over others.
    ///
    /// # Errors
    /// When it has not come within `within`.
    pub async fn wait_for(
        &mut self,
        within: Duration,
        is_it: impl Fn(&Event) -> bool,
    ) -> Result<Event> {
        let name = self.name.clone();
        let mut seen = Vec::new();
        let found = timeout(within, async {
            while let Some(event) = self.events.recv().await {
                if is_it(&event) {
                    return Some(event);
                }
                seen.push(event);
            }
            None
        });
        match found.await {
            Ok(Some(event)) => Ok(event),
            Ok(None) => bail!("test phone {name} has stopped"),
            Err(_) => bail!("test phone {name} waited {within:?} in vain; it saw {seen:?}"),
        }
    }

    async fn registration_answered(&mut self, within: Duration) -> Result<()> {
        let answer = self
            .wait_for(within, |event| {
                matches!(event, Event::Registered | Event::RegistrationRefused { .. })
            })
            .await?;
        if let Event::RegistrationRefused { status } = answer {
            bail!("test phone {} was refused with {status}", self.name);
        }
        Ok(())
    }

    async fn order(&self, order: Order) -> Result<()> {
        self.orders.send(order).await.ok().context("the test phone has stopped")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audio::g711::Law;
    use crate::testphone::event::Ending;
    use crate::testphone::profile::WhenCalled;

    const WITHIN: Duration = Duration::from_secs(5);

    fn profile(username: &str, laws: &[Law]) -> Profile {
        Profile {
            username: username.to_owned(),
            password: String::new(),
            laws: laws.to_vec(),
            when_called: WhenCalled::AnswerAfter(Duration::from_millis(50)),
        }
    }

    /// Listens until 200 ms of a tone have come in.
    async fn hear(phone: &Phone, hertz: f64) {
        let mut heard = Duration::ZERO;
        let listening = timeout(WITHIN, async {
            while heard < Duration::from_millis(200) {
                tokio::time::sleep(Duration::from_millis(20)).await;
                heard += phone.heard().await.unwrap().tone(hertz);
            }
        });
        listening.await.unwrap();
    }

    /// Two phones that call each other with nothing between.
    #[tokio::test]
    async fn two_phones_hear_each_other() {
        let ip: IpAddr = [127, 0, 0, 1].into();
        let free = UdpSocket::bind((ip, 0)).await.unwrap().local_addr().unwrap();
        let mut caller = Phone::start(profile("1", &[Law::A, Law::Mu]), ip, free).await.unwrap();
        let callee = Phone::start_at(profile("2", &[Law::Mu]), free, caller.address());
        let mut callee = callee.await.unwrap();
        caller.say(Some(700.0)).await.unwrap();
        callee.say(Some(1_000.0)).await.unwrap();
        caller.dial("2").await.unwrap();
        callee.wait_for(WITHIN, |event| *event == Event::Answered).await.unwrap();
        caller.wait_for(WITHIN, |event| *event == Event::Answered).await.unwrap();
        hear(&caller, 1_000.0).await;
        hear(&callee, 700.0).await;
        callee.hang_up().await.unwrap();
        let ending = Event::Ended(Ending::TheyHungUp);
        caller.wait_for(WITHIN, |event| *event == ending).await.unwrap();
        callee.wait_for(WITHIN, |event| *event == Event::Ended(Ending::WeHungUp)).await.unwrap();
    }
}
