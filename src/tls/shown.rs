//! The certificate that phones are shown: read at start, and again when its files change.

use std::fs;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tokio::sync::{Notify, watch};
use tokio::time::{MissedTickBehavior, interval};
use tokio_rustls::rustls::ServerConfig;
use tracing::{info, warn};

use crate::clock;
use crate::tls::certificate::{Certificate, CertificateFiles};
use crate::tls::fault::TlsFault;

/// How often the files are looked at. Who renews a certificate does so days before its end.
const LOOK_EVERY: Duration = Duration::from_secs(60);

/// An end that is nearer than this is told: an office needs a few days to get a new one.
pub const SOON: Duration = Duration::from_secs(21 * 24 * 3600);

/// When each of the two files was last written.
type Written = [Option<SystemTime>; 2];

/// How a certificate stands to the wall clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    Good,
    /// It ends within [`SOON`].
    EndsSoon,
    Over,
}

#[derive(Debug)]
pub struct Shown {
    files: CertificateFiles,
    written: Written,
    ends: Option<SystemTime>,
    told: Standing,
    given: watch::Sender<Arc<ServerConfig>>,
}

impl Shown {
    /// # Errors
    /// As [`CertificateFiles::read`].
    pub fn open(files: CertificateFiles) -> Result<Self, TlsFault> {
        let written = written(&files);
        let Certificate { server, ends } = files.read()?;
        let (given, _) = watch::channel(server);
        let mut shown = Self { files, written, ends, told: Standing::Good, given };
        shown.tell(clock::now().wall);
        Ok(shown)
    }

    /// What new connections are to be shown; the latest counts.
    #[must_use]
    pub fn watched(&self) -> watch::Receiver<Arc<ServerConfig>> {
        self.given.subscribe()
    }

    /// Reads the files anew if they have changed. What cannot be used changes nothing.
    ///
    /// # Errors
    /// As [`CertificateFiles::read`]; told once for each change.
    pub fn refresh(&mut self) -> Result<bool, TlsFault> {
        let written = written(&self.files);
        if written == self.written {
            return Ok(false);
        }
        self.written = written;
        let Certificate { server, ends } = self.files.read()?;
        (self.ends, self.told) = (ends, Standing::Good);
        self.given.send_replace(server);
        Ok(true)
    }

    /// Looks at the files for ever, at once when `asked`.
    pub async fn keep(mut self, asked: Arc<Notify>) {
        let mut beat = interval(LOOK_EVERY);
        beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                _ = beat.tick() => {}
                () = asked.notified() => {}
            }
            match self.refresh() {
                Ok(true) => {
                    let file = self.files.certificate.display();
                    info!(%file, "new connections are shown the new certificate");
                }
                Ok(false) => {}
                Err(fault) => warn!(%fault, "the certificate before stays in use"),
            }
            self.tell(clock::now().wall);
        }
    }

    fn tell(&mut self, now: SystemTime) {
        let stands = standing(self.ends, now);
        if stands == self.told {
            return;
        }
        self.told = stands;
        let file = self.files.certificate.display();
        match stands {
            Standing::Good => {}
            Standing::EndsSoon => warn!(%file, "the certificate ends within three weeks"),
            Standing::Over => warn!(%file, "the certificate has ended; phones may refuse it"),
        }
    }
}

#[must_use]
pub fn standing(ends: Option<SystemTime>, now: SystemTime) -> Standing {
    match ends {
        Some(ends) if ends <= now => Standing::Over,
        Some(ends) if ends <= now + SOON => Standing::EndsSoon,
        Some(_) | None => Standing::Good,
    }
}

/// A file that is replaced whole has another time, also when a symbolic link now leads elsewhere.
fn written(files: &CertificateFiles) -> Written {
    [&files.certificate, &files.key]
        .map(|file| fs::metadata(file).and_then(|about| about.modified()).ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tls::own::own_certificate;

    #[test]
    fn a_renewed_certificate_is_taken_and_a_broken_one_is_not() {
        let (old, new) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let files = own_certificate(old.path(), &["a".to_owned()]).unwrap().files;
        let renewed = own_certificate(new.path(), &["a".to_owned()]).unwrap().files;
        let mut shown = Shown::open(files.clone()).unwrap();
        let watched = shown.watched();
        let first = Arc::clone(&watched.borrow());
        assert_eq!(shown.refresh(), Ok(false));
        let later = clock::now().wall + Duration::from_secs(5);
        let touch = |file: &std::path::Path| {
            fs::File::options().append(true).open(file).unwrap().set_modified(later).unwrap();
        };
        fs::copy(&renewed.certificate, &files.certificate).unwrap();
        touch(&files.certificate);
        assert!(shown.refresh().is_err(), "its key has not come yet");
        assert!(Arc::ptr_eq(&first, &watched.borrow()));
        fs::copy(&renewed.key, &files.key).unwrap();
        touch(&files.key);
        assert_eq!(shown.refresh(), Ok(true));
        assert!(!Arc::ptr_eq(&first, &watched.borrow()));
    }

    #[test]
    fn an_end_that_is_near_is_seen() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_900_000_000);
        for (ends, stands) in [
            (now, Standing::Over),
            (now + SOON, Standing::EndsSoon),
            (now + SOON + Duration::from_secs(1), Standing::Good),
        ] {
            assert_eq!(standing(Some(ends), now), stands);
        }
        assert_eq!(standing(None, now), Standing::Good);
    }
}
