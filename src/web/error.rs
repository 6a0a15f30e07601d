//! Why a server gave no answer.

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WebError {
    /// The network's words: no such name, connection refused, reset.
    #[error("{0}")]
    Network(String),
    /// What came is not HTTP, or nothing came.
    #[error("no HTTP answer: {0}")]
    NoAnswer(String),
    /// A header that cannot be sent.
    #[error("{0}")]
    Request(String),
    /// The server's certificate is not believed, or TLS fails otherwise.
    #[error("TLS: {0}")]
    Tls(String),
}

impl From<std::io::Error> for WebError {
    fn from(error: std::io::Error) -> Self {
        Self::Network(error.to_string())
    }
}

impl From<hyper::Error> for WebError {
    fn from(error: hyper::Error) -> Self {
        Self::NoAnswer(error.to_string())
    }
}
