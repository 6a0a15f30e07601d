//! The key that proves to a receiver who tells it something: a file in the data folder.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, chown};
use std::path::{Path, PathBuf};
use std::process;

use hmac::{Hmac, Mac};
use sha2::Sha256;

/// 256 bits, as long as what HMAC-SHA256 gives (RFC 2104, 3).
const BYTES: usize = 32;
const FILE: &str = "webhook.key";

/// Its text is what the receiver is given: 64 hexadecimal digits.
#[derive(Clone, PartialEq, Eq)]
pub struct WebhookKey(String);

impl WebhookKey {
    /// Made at first use. Read anew for every delivery, so that a rotation needs no restart.
    ///
    /// # Errors
    /// When the file cannot be read or made, or holds no key.
    pub fn load_or_make(data: &Path) -> io::Result<Self> {
        let file = Self::path(data);
        match Self::load(&file) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            loaded => return loaded,
        }
        let (key, made) = Self::make(data)?;
        let linked = fs::hard_link(&made, &file);
        fs::remove_file(&made)?;
        match linked {
            // Somebody else was quicker.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Self::load(&file),
            linked => linked.map(|()| key),
        }
    }

    /// A new one in the place of the old one: from the next delivery on.
    ///
    /// # Errors
    /// When the folder cannot be written to.
    pub fn rotate(data: &Path) -> io::Result<Self> {
        let (key, made) = Self::make(data)?;
        fs::rename(made, Self::path(data))?;
        Ok(key)
    }

    #[must_use]
    pub fn path(data: &Path) -> PathBuf {
        data.join(FILE)
    }

    fn load(file: &Path) -> io::Result<Self> {
        let text = fs::read_to_string(file)?;
        let text = text.trim();
        let is_key = text.len() == BYTES * 2 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        if is_key {
            return Ok(Self(text.to_owned()));
        }
        let why = format!("{} holds no key of {} digits", file.display(), BYTES * 2);
        Err(io::Error::new(io::ErrorKind::InvalidData, why))
    }

    /// A new key, whole in a file of its own beside the one that counts: a power cut must not leave
    /// half a key.
    fn make(data: &Path) -> io::Result<(Self, PathBuf)> {
        let mut random = [0_u8; BYTES];
        getrandom::fill(&mut random).map_err(|error| io::Error::other(error.to_string()))?;
        let text: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
        let file = data.join(format!("{FILE}.{}", process::id()));
        match fs::remove_file(&file) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            Ok(()) | Err(_) => {}
        }
        let mut made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&file)?;
        made.write_all(format!("{text}\n").as_bytes())?;
        made.sync_all()?;
        keep_owner(data, &file)?;
        Ok((Self(text), file))
    }

    #[must_use]
    pub fn text(&self) -> &str {
        &self.0
    }

    /// `t=…,v1=…`: the seconds since 1970 at which it was signed, and HMAC-SHA256 over those
    /// digits, a dot and the body, in hexadecimal digits.
    #[must_use]
    pub fn sign(&self, seconds: i64, body: &[u8]) -> String {
        let Ok(mut seal) = Hmac::<Sha256>::new_from_slice(self.0.as_bytes()) else {
            return String::new();
        };
        seal.update(format!("{seconds}.").as_bytes());
        seal.update(body);
        let seal = seal.finalize().into_bytes();
        let seal: String = seal.iter().map(|byte| format!("{byte:02x}")).collect();
        format!("t={seconds},v1={seal}")
    }
}

/// The daemon must still be able to read what root has written for it.
fn keep_owner(data: &Path, file: &Path) -> io::Result<()> {
    let (folder, made) = (fs::metadata(data)?, fs::metadata(file)?);
    if folder.uid() == made.uid() {
        return Ok(());
    }
    chown(file, Some(folder.uid()), Some(folder.gid()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn a_key_is_made_once_kept_to_its_owner_and_can_be_changed() {
        let folder = tempfile::tempdir().unwrap();
        let first = WebhookKey::load_or_make(folder.path()).unwrap();
        assert_eq!(first.text().len(), 64);
        let mode = fs::metadata(WebhookKey::path(folder.path())).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert!(WebhookKey::load_or_make(folder.path()).unwrap() == first);
        let second = WebhookKey::rotate(folder.path()).unwrap();
        assert!(second != first);
        assert!(WebhookKey::load_or_make(folder.path()).unwrap() == second);
        fs::write(WebhookKey::path(folder.path()), "short\n").unwrap();
        let Err(error) = WebhookKey::load_or_make(folder.path()) else { panic!("no key is read") };
        assert!(error.to_string().contains("holds no key"), "{error}");
    }

    #[test]
    fn a_signature_is_what_openssl_says() {
        // printf '1700000000.{"a":1}' | openssl dgst -sha256 -hmac "$key"
        let key = WebhookKey("0".repeat(64));
        let seal = "caafd0ed9692600443a85f0d9db578a51fb152da7057440d444bc3f66dc967e6";
        assert_eq!(key.sign(1_700_000_000, b"{\"a\":1}"), format!("t=1700000000,v1={seal}"));
    }
}
