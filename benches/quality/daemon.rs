//! Speech through the running daemon: phones that register, call each other and send over real
//! sockets. The calls of four seeds are held at once: the machine must keep time for sixteen.

use std::io::ErrorKind;
use std::net::{SocketAddr, UdpSocket};
use std::thread::park_timeout;
use std::time::{Duration, Instant};

use naru::audio::g711::Law;
use naru::clock;
use naru::media::codec::Codec;
use naru::media::packet::{LARGEST, Packet};
use naru::testphone::event::Event;
use naru::testphone::message::Message;
use naru::testphone::profile::{Profile, WhenCalled};
use naru::testphone::user_agent::UserAgent;

use crate::SEEDS;
use crate::network;
use crate::office::{password, with_agents};
use crate::simulated::{CLEAN, Network, Phone, added, arrivals, packed, spoken};
use crate::site::Site;
use crate::worth::worth;

/// So many seeds' calls are held at once.
const AT_ONCE: u64 = 4;
const LOSSES: [f64; 4] = [0.0, 0.05, 0.10, 0.20];
const JITTERS: [Duration; 2] = [Duration::ZERO, Duration::from_millis(60)];
const SOON: Duration = Duration::from_secs(20);
const A_MOMENT: Duration = Duration::from_micros(500);
/// Long enough for what waits in a jitter buffer.
const AFTERWARDS: Duration = Duration::from_millis(500);

/// One call of the table.
struct Call<'a> {
    network: Network,
    codecs: (Codec, Codec),
    speech: &'a [i16],
    packets: Vec<Vec<u8>>,
    speaker: Mobile,
    hearer: Mobile,
    heard: Phone,
}

/// Prints the table.
pub(crate) fn table(narrow: &[i16], wide: Option<&[i16]>) {
    let mut pairs = vec![(narrow, (Codec::Pcmu, Codec::Pcmu))];
    pairs.extend(wide.map(|wide| (wide, (Codec::Opus, Codec::G722))));
    println!("through the daemon, {} calls at once:", LOSSES.len() as u64 * AT_ONCE);
    println!("{:34} loss 0%    5%   10%   20%   added ms", "");
    for (speech, codecs) in pairs {
        for jitter in JITTERS {
            print_row(&row(speech, codecs, jitter));
        }
    }
}

/// The calls of one row, over: a cell is of as many in turn as there are seeds.
fn row(speech: &[i16], codecs: (Codec, Codec), jitter: Duration) -> Vec<Call<'_>> {
    let seeds: Vec<u64> = (1..=SEEDS).collect();
    let held = |seeds: &[u64]| {
        let of = |loss| seeds.iter().map(move |&seed| Network { loss, jitter, seed, ..CLEAN });
        held_at_once(speech, codecs, LOSSES.into_iter().flat_map(of).collect())
    };
    let mut calls: Vec<Call<'_>> = seeds.chunks(AT_ONCE as usize).flat_map(held).collect();
    calls.sort_by(|one, other| one.network.loss.total_cmp(&other.network.loss));
    calls
}

fn held_at_once(speech: &[i16], codecs: (Codec, Codec), networks: Vec<Network>) -> Vec<Call<'_>> {
    let extensions: Vec<String> =
        (0..2 * networks.len()).map(|at| (200 + at).to_string()).collect();
    let names: Vec<&str> = extensions.iter().map(String::as_str).collect();
    let rule = "    route: {team: support}\n    ring_time: 10s\n";
    let site = Site::open(|network| with_agents(network, &names, rule));
    let mut calls = Vec::new();
    for (pair, network) in names.chunks_exact(2).zip(networks) {
        calls.push(Call::between((pair[0], pair[1]), site.network, network, codecs, speech));
    }
    connect(&mut calls);
    talk(&mut calls);
    calls
}

fn print_row(calls: &[Call<'_>]) {
    let (mut scores, mut waits, mut unscored) = (String::new(), String::new(), 0);
    for cell in calls.chunks(SEEDS as usize) {
        let scored: Vec<f64> = cell.iter().filter_map(Call::score).collect();
        unscored += cell.len() - scored.len();
        scores.push_str(&format!("{:6.2}", scored.iter().sum::<f64>() / scored.len() as f64));
        let means = cell.iter().map(|call| added(&call.heard.sent, call.codecs.1.rate()).0);
        waits.push_str(&format!(" {:>3}", means.max().unwrap_or_default().as_millis()));
    }
    let (from, to) = calls[0].codecs;
    let name = format!("{from:?} to {to:?}, jitter {} ms", calls[0].network.jitter.as_millis());
    let unscored =
        if unscored > 0 { format!("   ({unscored} without a score)") } else { String::new() };
    println!("{name:34} {scores}   {waits}{unscored}");
}

/// Everybody registers, then every speaker calls its hearer.
fn connect(calls: &mut [Call<'_>]) {
    for call in &mut *calls {
        for phone in [&mut call.speaker, &mut call.hearer] {
            phone.agent.register(3_600, clock::now().ticks);
            pump_until("a phone registers", || phone.pump(), &Event::Registered);
        }
    }
    for Call { speaker, hearer, .. } in &mut *calls {
        speaker.agent.dial(&hearer.name, clock::now().ticks);
        let pump = || {
            hearer.pump();
            speaker.pump()
        };
        pump_until("a call is answered", pump, &Event::Answered);
    }
}

fn pump_until(what: &str, mut pump: impl FnMut() -> Vec<Event>, wanted: &Event) {
    let deadline = clock::now().ticks + SOON;
    while !pump().contains(wanted) {
        assert!(clock::now().ticks < deadline, "{what}: not in time");
        park_timeout(A_MOMENT);
    }
}

/// All speakers speak at once, each through its own network.
fn talk(calls: &mut [Call<'_>]) {
    let mut plan: Vec<(Duration, usize, usize)> = Vec::new();
    for (call, of) in calls.iter().enumerate() {
        plan.extend(
            arrivals(of.network, &of.packets).into_iter().map(|(at, count)| (at, call, count)),
        );
    }
    plan.sort_unstable();
    let start = clock::now().ticks;
    let end = plan.last().map_or(Duration::ZERO, |(at, ..)| *at) + AFTERWARDS;
    let mut plan = plan.into_iter().peekable();
    loop {
        let now = clock::now().ticks.saturating_duration_since(start);
        while let Some((_, call, count)) = plan.next_if(|(at, ..)| *at <= now) {
            calls[call].say(count);
        }
        calls.iter_mut().for_each(|call| call.listen(start));
        if now > end {
            break;
        }
        park_timeout(A_MOMENT);
    }
}

impl<'a> Call<'a> {
    fn between(
        (one, other): (&str, &str),
        site: network::Network,
        network: Network,
        codecs: (Codec, Codec),
        speech: &'a [i16],
    ) -> Self {
        let packets = spoken(codecs.0, network.loss, speech);
        let speaker = Mobile::new(one, site, codecs.0);
        let hearer = Mobile::new(other, site, codecs.1);
        Self { network, codecs, speech, packets, speaker, hearer, heard: Phone::new(codecs.1) }
    }

    fn say(&self, count: usize) {
        let Some(to) = self.speaker.remote else { return };
        let mut datagram = [0; LARGEST];
        let length = packed(self.codecs.0, count, &self.packets[count]).write(&mut datagram);
        self.speaker.media.send_to(&datagram[..length], to).unwrap();
    }

    /// Takes in what has come to the hearer, and keeps both in their dialogs.
    fn listen(&mut self, start: Instant) {
        for phone in [&mut self.speaker, &mut self.hearer] {
            phone.pump();
        }
        while let Some(datagram) = received(&self.hearer.media) {
            let at = clock::now().ticks.saturating_duration_since(start);
            if let Ok(packet) = Packet::parse(&datagram)
                && packet.payload_type == self.codecs.1.payload_type()
            {
                self.heard.hear(&packet, at);
            }
        }
    }

    fn score(&self) -> Option<f64> {
        worth(self.speech, &self.heard.sound, self.codecs.1)
    }
}

/// A phone of one codec.
struct Mobile {
    name: String,
    codec: Codec,
    agent: UserAgent,
    sip: UdpSocket,
    media: UdpSocket,
    server: SocketAddr,
    /// Where naru wants its sound.
    remote: Option<SocketAddr>,
}

impl Mobile {
    fn new(name: &str, site: network::Network, codec: Codec) -> Self {
        let open = || {
            let socket = UdpSocket::bind(SocketAddr::new(site.host(10).ip(), 0)).unwrap();
            socket.set_nonblocking(true).unwrap();
            socket
        };
        let (sip, media, server) = (open(), open(), site.server());
        let profile = Profile {
            username: name.to_owned(),
            password: password(name),
            laws: vec![Law::Mu],
            when_called: WhenCalled::AnswerAfter(Duration::ZERO),
        };
        let (local, sound) = (sip.local_addr().unwrap(), media.local_addr().unwrap());
        let agent = UserAgent::new(profile, local, sound, server, local.port().into());
        Self { name: name.to_owned(), codec, agent, sip, media, server, remote: None }
    }

    /// Moves messages both ways; returns what has happened.
    fn pump(&mut self) -> Vec<Event> {
        let now = clock::now().ticks;
        while let Some(datagram) = received(&self.sip) {
            let body = Message::parse(&datagram).map(|message| message.body);
            self.remote = body.as_deref().and_then(sound_of).or(self.remote);
            self.agent.handle_datagram(&datagram, now);
        }
        self.agent.handle_timeout(now);
        while let Some(datagram) = self.agent.poll_transmit() {
            self.sip.send_to(&self.in_own_codec(datagram), self.server).unwrap();
        }
        std::iter::from_fn(|| self.agent.poll_event()).collect()
    }

    /// The test phones know G.711 alone: their descriptions are told again with this one's codec.
    fn in_own_codec(&self, datagram: Vec<u8>) -> Vec<u8> {
        let Some(mut message) =
            Message::parse(&datagram).filter(|message| !message.body.is_empty())
        else {
            return datagram;
        };
        let (codec, local) = (self.codec, self.media.local_addr().unwrap());
        let (payload, ip) = (codec.payload_type(), local.ip());
        let channels = if codec == Codec::Opus { "/2" } else { "" };
        message.body = format!(
            "v=0\r\no=- 1 1 IN IP4 {ip}\r\ns=-\r\nc=IN IP4 {ip}\r\nt=0 0\r\n\
             m=audio {} RTP/AVP {payload}\r\na=rtpmap:{payload} {}/{}{channels}\r\n\
             a=ptime:20\r\na=sendrecv\r\n",
            local.port(),
            codec.name(),
            codec.clock(),
        );
        message.headers.retain(|(name, _)| !name.eq_ignore_ascii_case("Content-Length"));
        message.to_bytes()
    }
}

fn received(socket: &UdpSocket) -> Option<Vec<u8>> {
    let mut datagram = vec![0; 4_096];
    match socket.recv(&mut datagram) {
        Ok(length) => {
            datagram.truncate(length);
            Some(datagram)
        }
        Err(error) if error.kind() == ErrorKind::WouldBlock => None,
        // Somebody's port was closed: that is told once, and goes on.
        Err(_) => None,
    }
}

fn sound_of(body: &str) -> Option<SocketAddr> {
    let word = |start: &str, at: usize| {
        let line = body.lines().find_map(|line| line.strip_prefix(start))?;
        line.split(' ').nth(at).map(str::trim)
    };
    Some(SocketAddr::new(word("c=IN ", 1)?.parse().ok()?, word("m=audio ", 0)?.parse().ok()?))
}
