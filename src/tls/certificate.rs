//! Who we are: a certificate, the chain behind it and its key, as files.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::pem::{Error as PemError, PemObject};
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::version::{TLS12, TLS13};
use tokio_rustls::rustls::{Error, ServerConfig};

use crate::tls::expiry::expiry;
use crate::tls::fault::TlsFault;

/// A certificate that can be shown to phones.
#[derive(Clone, Debug)]
pub struct Certificate {
    /// TLS 1.2 and 1.3, nothing older (goal S9).
    pub server: Arc<ServerConfig>,
    /// `None` when it says so in a way we cannot read.
    pub ends: Option<SystemTime>,
}

/// Where a certificate and its key lie, both in PEM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateFiles {
    pub certificate: PathBuf,
    pub key: PathBuf,
}

impl CertificateFiles {
    /// Reads both and holds one against the other.
    ///
    /// # Errors
    /// When a file cannot be read, holds something else, or the two do not belong together.
    pub fn read(&self) -> Result<Certificate, TlsFault> {
        let Self { certificate, key } = self;
        let chain = read_chain(certificate)?;
        let ends = chain.first().and_then(|first| expiry(first));
        let private = read_key(key)?;
        let built = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_protocol_versions(&[&TLS13, &TLS12])
            .and_then(|config| config.with_no_client_auth().with_single_cert(chain, private));
        match built {
            Ok(server) => Ok(Certificate { server: Arc::new(server), ends }),
            Err(Error::InconsistentKeys(_)) => Err(TlsFault::of(
                key,
                &format!("{}의 키가 아닙니다", certificate.display()),
                &format!("is not the key of {}", certificate.display()),
            )),
            Err(error) => Err(TlsFault::of(
                certificate,
                &format!("쓸 수 없는 인증서입니다({error})"),
                &format!("is no certificate that can be used ({error})"),
            )),
        }
    }
}

/// The certificates of a PEM file, in its order.
///
/// # Errors
/// When it cannot be read or holds none.
pub(crate) fn read_chain(file: &Path) -> Result<Vec<CertificateDer<'static>>, TlsFault> {
    let text = fs::read(file).map_err(|error| TlsFault::unreadable(file, &error))?;
    let read: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&text).collect();
    match read {
        Ok(chain) if !chain.is_empty() => Ok(chain),
        Ok(_) | Err(_) => Err(TlsFault::of(
            file,
            "PEM 인증서가 없습니다. -----BEGIN CERTIFICATE-----로 시작해야 합니다",
            "holds no certificate in PEM; it must begin with -----BEGIN CERTIFICATE-----",
        )),
    }
}

fn read_key(file: &Path) -> Result<PrivateKeyDer<'static>, TlsFault> {
    let text = fs::read(file).map_err(|error| TlsFault::unreadable(file, &error))?;
    match PrivateKeyDer::from_pem_slice(&text) {
        Ok(key) => Ok(key),
        Err(PemError::NoItemsFound) if is_locked(&text) => Err(TlsFault::of(
            file,
            "암호로 잠긴 키입니다. openssl pkey -in 잠긴키 -out 새키로 풀어 쓰세요",
            "is locked by a passphrase; open it with openssl pkey -in LOCKED -out OPEN",
        )),
        Err(_) => Err(TlsFault::of(file, "PEM 비밀 키가 없습니다", "holds no private key in PEM")),
    }
}

fn is_locked(text: &[u8]) -> bool {
    String::from_utf8_lossy(text).contains("BEGIN ENCRYPTED PRIVATE KEY")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tls::own::own_certificate;

    fn files(folder: &Path) -> CertificateFiles {
        own_certificate(folder, &["naru.example".to_owned()]).unwrap().files
    }

    #[test]
    fn what_is_wrong_is_told_with_the_file() {
        let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let (good, other) = (files(one.path()), files(two.path()));
        assert!(good.read().unwrap().ends.is_some());
        let mixed = CertificateFiles { key: other.key.clone(), ..good.clone() };
        let told = mixed.read().unwrap_err().0.en;
        assert!(told.starts_with(other.key.to_str().unwrap()), "{told}");
        assert!(told.contains("is not the key of"), "{told}");
        let swapped =
            CertificateFiles { certificate: good.key.clone(), key: good.certificate.clone() };
        assert!(swapped.read().unwrap_err().0.en.contains("no certificate in PEM"));
        let missing = CertificateFiles { certificate: one.path().join("none"), ..good.clone() };
        assert!(missing.read().unwrap_err().0.en.contains("cannot be read"));
        let locked = one.path().join("locked");
        let begin =
            "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n";
        fs::write(&locked, begin).unwrap();
        let locked = CertificateFiles { key: locked, ..good };
        let told = locked.read().unwrap_err().0.en;
        assert!(told.contains("locked by a passphrase"), "{told}");
    }
}
