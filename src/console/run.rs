//! The console's only loop: draw, wait for what happens, handle it.

use std::io;
use std::net::{IpAddr, UdpSocket};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::time::Duration;

use crate::api::client::Client;
use crate::clock;
use crate::config::settings::Config;
use crate::console::app::{App, Settings};
use crate::console::editor;
use crate::console::event::Event;
use crate::console::link::Link;
use crate::console::report::Report;
use crate::console::setup::SetupReport;
use crate::console::terminal::{Keyboard, Screen};
use crate::console::theme::Theme;
use crate::locale::Speech;
use crate::time::unix_millis;

/// What may wait while a screen is drawn.
const EVENTS: usize = 4096;

/// Lines and phones are looked after so often, in milliseconds.
const LOOK: i64 = 10_000;

/// Sits at the terminal until the person leaves.
///
/// # Errors
/// When this is no terminal, or it has gone.
pub fn run(config: &Config, speech: Speech, may_write: bool) -> io::Result<()> {
    let (events, happened) = sync_channel(EVENTS);
    let link = Link::start(Client::new(&config.api.socket), events.clone())?;
    let mut screen = Screen::open()?;
    let keyboard = Keyboard::listen(events)?;
    let settings = Settings {
        speech,
        theme: Theme::of_environment(),
        zone: clock::zone(),
        may_write,
        server: server(config),
    };
    let mut app = App::new(settings, now());
    let mut looked = now();
    while !app.is_over() {
        app.turn(now());
        screen.terminal.draw(|frame| app.draw(frame.area(), frame.buffer_mut()))?;
        wait(&mut app, &happened);
        if now() - looked >= LOOK {
            looked = now();
            app.look_after_states();
        }
        if let Some(draft) = app.take_draft() {
            let told = screen.lend(&keyboard, || editor::write(&draft.text))?;
            let written = SetupReport::Written { ticket: draft.ticket, told };
            app.handle(Event::Report(Report::Setup(written)), now());
        }
        for request in app.take_requests() {
            if !link.ask(request) {
                break;
            }
        }
    }
    Ok(())
}

/// Handles all that has happened, or lets the second pass.
fn wait(app: &mut App, happened: &Receiver<Event>) {
    let pause = if app.has_clocks() { 1000 - now().rem_euclid(1000) } else { LOOK };
    let pause = Duration::from_millis(pause.unsigned_abs());
    match happened.recv_timeout(pause) {
        Ok(event) => app.handle(event, now()),
        Err(RecvTimeoutError::Timeout) => return,
        Err(RecvTimeoutError::Disconnected) => app.handle(Event::Closed, now()),
    }
    while let Ok(event) = happened.try_recv() {
        app.handle(event, now());
    }
}

fn now() -> i64 {
    unix_millis(clock::now().wall)
}

/// Where phones register: what the settings say, else the address this box goes out by.
fn server(config: &Config) -> String {
    let named = config.sip.domain.clone();
    let external = config.sip.external_address.map(|address| address.to_string());
    let Some((_, first)) = config.sip.listen.first() else {
        return named.or(external).unwrap_or_default();
    };
    let own = if first.ip().is_unspecified() { outward() } else { Some(first.ip()) };
    let host = named.or(external).or(own.map(|address| address.to_string())).unwrap_or_default();
    // RFC 3261 19.1.2: 5060 need not be told.
    if first.port() == 5060 { host } else { format!("{host}:{}", first.port()) }
}

/// Asks the kernel's routes; nothing is sent. The address is one of documentation (RFC 5737).
fn outward() -> Option<IpAddr> {
    let socket = UdpSocket::bind("0.0.0.0:0").ok()?;
    socket.connect("192.0.2.1:9").ok()?;
    socket.local_addr().ok().map(|address| address.ip())
}
