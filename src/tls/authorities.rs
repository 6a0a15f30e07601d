//! Whom we believe when we connect: the machine's authorities, and the office's own beside them.

use std::path::Path;
use std::sync::Arc;

use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::version::{TLS12, TLS13};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use crate::tls::certificate::read_chain;
use crate::tls::fault::TlsFault;

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
    match config {
        Ok(config) => {
            let config = config.with_root_certificates(believed).with_no_client_auth();
            Ok(Arc::new(config))
        }
        // Cannot be: ring speaks both versions.
        Err(error) => Err(TlsFault(crate::words::Words::new(
            format!("TLS를 쓸 수 없습니다({error})"),
            format!("TLS cannot be used ({error})"),
        ))),
    }
}
