//! Whom we believe when we connect: the machine's authorities, and the office's own beside them.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::task::spawn_blocking;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::version::{TLS12, TLS13};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use crate::tls::certificate::read_chain;
use crate::tls::fault::TlsFault;
use crate::words::Words;

/// As [`client`], read beside a loop that must not wait for files; anew each time, so that a
/// renewed authority is believed at once.
///
/// # Errors
/// As [`client`].
pub async fn client_beside(private: Option<PathBuf>) -> Result<Arc<ClientConfig>, TlsFault> {
    let read = spawn_blocking(move || client(private.as_deref())).await;
    read.unwrap_or_else(|error| Err(unusable(&error)))
}

/// How we connect to servers whose certificates an authority of the machine or one in the PEM file
/// `private` has signed. Reads files: not for a signalling loop.
///
/// # Errors
/// When `private` cannot be read, or holds no certificate that can be believed.
pub fn client(private: Option<&Path>) -> Result<Arc<ClientConfig>, TlsFault> {
    let mut believed = RootCertStore::empty();
    // Machines carry certificates that nobody can read; the others count.
    believed.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if let Some(file) = private {
        for certificate in read_chain(file)? {
            believed.add(certificate).map_err(|error| {
                TlsFault::of(
                    file,
                    &format!("믿을 수 있는 인증서가 아닙니다({error})"),
                    &format!("holds a certificate that cannot be believed ({error})"),
                )
            })?;
        }
    }
    let config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
        .with_protocol_versions(&[&TLS13, &TLS12]);
    // Cannot fail: ring speaks both versions.
    let config = config.map_err(|error| unusable(&error))?;
    Ok(Arc::new(config.with_root_certificates(believed).with_no_client_auth()))
}

fn unusable(error: &dyn Error) -> TlsFault {
    TlsFault(Words::new(
        format!("TLS를 쓸 수 없습니다({error})"),
        format!("TLS cannot be used ({error})"),
    ))
}
