//! TLS on loopback: whom we show what, whom we believe.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use naru::office::transport::Transport;
use naru::sip::transport::connections::TlsSetup;
use naru::sip::transport::wire::{Wire, WireEvent};
use naru::tls::authorities;
use naru::tls::certificate::CertificateFiles;
use naru::tls::own::own_certificate;
use naru::tls::shown::Shown;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::{TlsAcceptor, TlsConnector};

use crate::{MESSAGE, PATIENCE, closed, message, next};

/// A certificate for those names.
fn certificate(names: &[&str]) -> (TempDir, CertificateFiles) {
    let folder = tempfile::tempdir().unwrap();
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let files = own_certificate(folder.path(), &names).unwrap().files;
    (folder, files)
}

fn listening(files: &CertificateFiles) -> (Wire, SocketAddr, Shown) {
    let shown = Shown::open(files.clone()).unwrap();
    let setup = TlsSetup { shown: Some(shown.watched()), authorities: None };
    let wire = Wire::bind(&[(Transport::Tls, "127.0.0.1:0".parse().unwrap())], setup).unwrap();
    let bound = wire.listening()[0].1;
    (wire, bound, shown)
}

async fn phone(server: SocketAddr, believes: &Path, name: &str) -> TlsStream<TcpStream> {
    let client = authorities::client(Some(believes)).unwrap();
    let stream = TcpStream::connect(server).await.unwrap();
    let name = ServerName::try_from(name.to_owned()).unwrap();
    TlsConnector::from(client).connect(name, stream).await.unwrap()
}

#[tokio::test]
async fn a_phone_is_reached_by_its_own_connection_alone() {
    let (_folder, files) = certificate(&["localhost", "127.0.0.1"]);
    let (mut wire, bound, _shown) = listening(&files);
    let wire_side = async {
        let (bytes, flow) = message(&mut wire).await;
        assert_eq!((&bytes[..], flow.transport), (MESSAGE, Transport::Tls));
        wire.send(flow, Bytes::from_static(b"answer"));
        let closed_flow = closed(&mut wire).await;
        assert_eq!(closed_flow, flow);
        // An address proves nothing: nobody is connected to.
        wire.send(naru::sip::flow::Flow { connection: None, ..flow }, Bytes::from_static(b"late"));
        assert_eq!(closed(&mut wire).await.connection, None);
        assert_eq!(wire.connections(), 0);
    };
    let phone_side = async {
        let mut phone = phone(bound, &files.certificate, "localhost").await;
        phone.write_all(MESSAGE).await.unwrap();
        let mut answer = [0; 6];
        timeout(PATIENCE, phone.read_exact(&mut answer)).await.unwrap().unwrap();
        assert_eq!(&answer, b"answer");
    };
    tokio::join!(wire_side, phone_side);
}

/// One provider that takes two connections and reads a message on each.
async fn provider(listener: TcpListener, files: CertificateFiles) -> Vec<Vec<u8>> {
    let acceptor = TlsAcceptor::from(Arc::clone(&files.read().unwrap().server));
    let mut heard = Vec::new();
    for _ in 0..2 {
        let (stream, _) = listener.accept().await.unwrap();
        let mut stream = acceptor.accept(stream).await.unwrap();
        let mut bytes = vec![0; MESSAGE.len()];
        stream.read_exact(&mut bytes).await.unwrap();
        heard.push(bytes);
        stream.shutdown().await.unwrap();
    }
    heard
}

/// A wire that listens nowhere and believes `authority`.
fn trunk_wire(authority: &Path) -> Wire {
    let setup = TlsSetup { shown: None, authorities: Some(authority.to_owned()) };
    Wire::bind(&[], setup).unwrap()
}

#[tokio::test]
async fn a_line_to_a_provider_is_opened_again_after_it_has_ended() {
    let (_folder, files) = certificate(&["sip.carrier.example"]);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let heard = tokio::spawn(provider(listener, files.clone()));
    let mut wire = trunk_wire(&files.certificate);
    let flow = wire.way_to(address, Transport::Tls, "sip.carrier.example").unwrap();
    assert_eq!(flow.local, "127.0.0.1:5061".parse().unwrap());
    assert_eq!(wire.way_to(address, Transport::Tls, "sip.carrier.example"), Some(flow));
    for _ in 0..2 {
        wire.send(flow, Bytes::from_static(MESSAGE));
        assert_eq!(closed(&mut wire).await, flow);
    }
    assert_eq!(heard.await.unwrap(), [MESSAGE, MESSAGE]);
}

#[tokio::test]
async fn a_provider_that_is_somebody_else_hears_nothing() {
    let (_folder, files) = certificate(&["sip.carrier.example"]);
    let (_other, stranger) = certificate(&["sip.carrier.example"]);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let acceptor = TlsAcceptor::from(Arc::clone(&files.read().unwrap().server));
    let heard = tokio::spawn(async move {
        let mut heard = Vec::new();
        for _ in 0..2 {
            let (stream, _) = listener.accept().await.unwrap();
            if let Ok(mut stream) = acceptor.accept(stream).await {
                let read = stream.read_to_end(&mut heard).await;
                assert!(read.is_err() || heard.is_empty());
            }
        }
        heard
    });
    let tries = [
        (&files.certificate, "sip.other.example", "not valid for name"),
        (&stranger.certificate, "sip.carrier.example", "invalid peer certificate"),
    ];
    for (authority, name, wanted) in tries {
        let mut wire = trunk_wire(authority);
        let flow = wire.way_to(address, Transport::Tls, name).unwrap();
        wire.send(flow, Bytes::from_static(MESSAGE));
        match next(&mut wire).await {
            WireEvent::Closed { flow: ended, why } => {
                assert_eq!(ended, flow);
                let why = why.unwrap();
                assert!(why.contains(wanted), "{why}");
            }
            WireEvent::Message { bytes, .. } => panic!("{bytes:?}"),
        }
    }
    assert!(heard.await.unwrap().is_empty());
}
