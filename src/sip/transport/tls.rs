//! TLS: the handshake before a connection speaks SIP.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::time::timeout;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::{TlsAcceptor, TlsConnector};

use crate::sip::flow::Flow;
use crate::sip::transport::arrival::Arrival;
use crate::sip::transport::tcp::{Queue, guarded, open, prepare, talk};
use crate::tls::authorities;

/// A far end that has not shaken hands by then holds a place of others.
const HANDSHAKE: Duration = Duration::from_secs(10);

/// Shows `server`'s certificate to an accepted connection, then serves it until it ends.
pub async fn serve(
    stream: TcpStream,
    server: Arc<ServerConfig>,
    flow: Flow,
    queue: Queue,
    arrivals: mpsc::Sender<Arrival>,
) {
    let conversation = async {
        prepare(&stream, flow.remote)?;
        let shaken = timeout(HANDSHAKE, TlsAcceptor::from(server).accept(stream)).await;
        let stream = shaken.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))?;
        talk(tokio::io::split(stream), flow, queue, arrivals.clone()).await
    };
    guarded(flow, arrivals.clone(), conversation).await;
}

/// Connects, has the server prove that it is `name`, then serves.
pub async fn connect(
    name: String,
    private: Option<PathBuf>,
    flow: Flow,
    queue: Queue,
    arrivals: mpsc::Sender<Arrival>,
) {
    let conversation = async {
        let bare = name.trim_matches(['[', ']']).to_owned();
        let name = ServerName::try_from(bare).map_err(io::Error::other)?;
        let client = authorities::client_beside(private).await.map_err(io::Error::other)?;
        let stream = open(flow.remote).await?;
        prepare(&stream, flow.remote)?;
        let shaken = timeout(HANDSHAKE, TlsConnector::from(client).connect(name, stream)).await;
        let stream = shaken.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))?;
        talk(tokio::io::split(stream), flow, queue, arrivals.clone()).await
    };
    guarded(flow, arrivals.clone(), conversation).await;
}
