//! A certificate of our own making, for an office that has none.

use std::fs::{self, File};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use rcgen::{CertificateParams, DnType, KeyPair, date_time_ymd};

use crate::tls::certificate::CertificateFiles;

/// Phones that were told to accept it should not have to be told again.
const LAST_YEAR: i32 = 2049;

/// The files, and whether they have just been made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnCertificate {
    pub files: CertificateFiles,
    pub is_new: bool,
}

/// Where it lies.
#[must_use]
pub fn own_files(folder: &Path) -> CertificateFiles {
    CertificateFiles { certificate: folder.join("tls.crt"), key: folder.join("tls.key") }
}

/// The self-signed certificate of `folder`, made on the first call for `names`: host names and
/// addresses by which phones reach us. Only its owner may read the key.
///
/// # Errors
/// When the folder cannot be written to.
pub fn own_certificate(folder: &Path, names: &[String]) -> io::Result<OwnCertificate> {
    let files = own_files(folder);
    if files.certificate.exists() && files.key.exists() {
        return Ok(OwnCertificate { files, is_new: false });
    }
    let made = |error: rcgen::Error| io::Error::other(error.to_string());
    let key = KeyPair::generate().map_err(made)?;
    let mut wanted = CertificateParams::new(names.to_vec()).map_err(made)?;
    wanted.not_after = date_time_ymd(LAST_YEAR, 12, 31);
    wanted.distinguished_name.push(DnType::CommonName, names.first().map_or("naru", |name| name));
    let certificate = wanted.self_signed(&key).map_err(made)?;
    write(&files.key, &key.serialize_pem(), 0o600)?;
    write(&files.certificate, &certificate.pem(), 0o644)?;
    Ok(OwnCertificate { files, is_new: true })
}

/// Whole or not at all: a power cut must not leave half a key.
fn write(file: &Path, text: &str, mode: u32) -> io::Result<()> {
    let part = file.with_extension("part");
    if part.exists() {
        fs::remove_file(&part)?;
    }
    let mut open: File = File::options().write(true).create_new(true).mode(mode).open(&part)?;
    open.write_all(text.as_bytes())?;
    open.sync_all()?;
    fs::rename(&part, file)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn it_is_made_once_and_its_key_is_closed_to_others() {
        let folder = tempfile::tempdir().unwrap();
        let names = ["office.example".to_owned(), "192.0.2.5".to_owned()];
        let first = own_certificate(folder.path(), &names).unwrap();
        assert!(first.is_new);
        assert!(first.files.read().is_ok());
        let mode = fs::metadata(&first.files.key).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0);
        let text = fs::read(&first.files.certificate).unwrap();
        let again = own_certificate(folder.path(), &[]).unwrap();
        assert!(!again.is_new);
        assert_eq!(fs::read(&again.files.certificate).unwrap(), text);
    }
}
