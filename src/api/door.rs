//! Where clients come in: the socket whose file mode is the permission, and an address with a token.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, Write};
use std::net::{SocketAddr, TcpListener};
use std::os::unix::fs::{DirBuilderExt, FileTypeExt, OpenOptionsExt, PermissionsExt};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use nix::unistd::{Uid, User};
use sha2::{Digest, Sha256};

/// By which door a request came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Door {
    /// Whoever may open the socket may do everything.
    Socket,
    /// Whoever knows the token; secrets are not shown here.
    Address,
}

/// Who came in: the user of the box at the socket's other end, or `token`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Caller(pub(crate) String);

impl Caller {
    /// SO_PEERCRED of unix(7): the kernel says who connected.
    pub(crate) fn of(stream: &tokio::net::UnixStream) -> Self {
        let Ok(credentials) = stream.peer_cred() else { return Self("?".to_owned()) };
        let user = User::from_uid(Uid::from_raw(credentials.uid()));
        Self(user.ok().flatten().map_or_else(|| credentials.uid().to_string(), |user| user.name))
    }

    pub(crate) fn with_token() -> Self {
        Self("token".to_owned())
    }
}

/// Where to listen.
#[derive(Clone, Debug)]
pub struct Doors {
    pub socket: PathBuf,
    pub listen: Option<SocketAddr>,
    /// Holds the token of `listen`; made with a random one when it is missing.
    pub token_file: PathBuf,
}

/// Reading and writing for owner and group; the group is who may operate the office.
const SOCKET_MODE: u32 = 0o660;

/// Opens the socket; a file left by a daemon that is gone is replaced.
///
/// # Errors
/// When another daemon listens there, or the path is no socket.
pub(crate) fn open_socket(path: &Path) -> anyhow::Result<UnixListener> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        DirBuilder::new()
            .recursive(true)
            .mode(0o750)
            .create(folder)
            .with_context(|| format!("cannot make {}", folder.display()))?;
    }
    make_way(path)?;
    let listener =
        UnixListener::bind(path).with_context(|| format!("cannot listen on {}", path.display()))?;
    fs::set_permissions(path, fs::Permissions::from_mode(SOCKET_MODE))
        .with_context(|| format!("cannot set the mode of {}", path.display()))?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

fn make_way(path: &Path) -> anyhow::Result<()> {
    let found = match fs::symlink_metadata(path) {
        Ok(found) => found,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error).with_context(|| path.display().to_string()),
    };
    if !found.file_type().is_socket() {
        bail!("{} is no socket; move it away or name another api.socket", path.display());
    }
    match UnixStream::connect(path) {
        Ok(_) => bail!("another naru listens on {}; stop it first", path.display()),
        Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => {
            fs::remove_file(path).with_context(|| format!("cannot replace {}", path.display()))
        }
        Err(error) => Err(error).with_context(|| path.display().to_string()),
    }
}

/// # Errors
/// When the address cannot be had.
pub(crate) fn open_address(address: SocketAddr) -> anyhow::Result<TcpListener> {
    let listener = TcpListener::bind(address)
        .with_context(|| format!("api.listen: cannot listen on http://{address}"))?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

/// What proves that a client of the address may come in.
#[derive(Clone)]
pub(crate) struct Token {
    /// Comparing digests tells nothing about the token by the time it takes.
    digest: [u8; 32],
}

impl Token {
    /// # Errors
    /// When the file cannot be read or made, or holds no token.
    pub(crate) fn load_or_make(file: &Path) -> anyhow::Result<Self> {
        let naming = || format!("the token file {}", file.display());
        match OpenOptions::new().write(true).create_new(true).mode(0o600).open(file) {
            Ok(mut new) => {
                let mut random = [0_u8; 32];
                getrandom::fill(&mut random)
                    .map_err(|error| anyhow::anyhow!("{}: {error}", naming()))?;
                let token: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
                new.write_all(format!("{token}\n").as_bytes()).with_context(naming)?;
                new.sync_all().with_context(naming)?;
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error).with_context(naming),
        }
        let token = fs::read_to_string(file).with_context(naming)?;
        let token = token.trim();
        if token.len() < 16 {
            bail!("{}: a token has 16 characters or more; delete the file to get one", naming());
        }
        Ok(Self { digest: Sha256::digest(token.as_bytes()).into() })
    }

    /// Whether an `Authorization` header carries it (RFC 6750 2.1).
    pub(crate) fn is_in(&self, authorization: Option<&str>) -> bool {
        let given = authorization.and_then(|value| value.split_once(' '));
        given.is_some_and(|(scheme, token)| {
            let digest: [u8; 32] = Sha256::digest(token.trim().as_bytes()).into();
            scheme.eq_ignore_ascii_case("bearer") && digest == self.digest
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_socket_of_the_dead_is_replaced_and_one_of_the_living_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("run/api.sock");
        let first = open_socket(&path).unwrap();
        let refused = open_socket(&path).unwrap_err().to_string();
        assert!(refused.contains("another naru"), "{refused}");
        drop(first);
        assert!(path.exists());
        let _second = open_socket(&path).unwrap();
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o660);
    }

    #[test]
    fn a_file_that_is_no_socket_is_left_alone() {
        let file = tempfile::NamedTempFile::new().unwrap();
        assert!(open_socket(file.path()).is_err());
        assert!(file.path().exists());
    }

    #[test]
    fn only_the_token_opens() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("api.token");
        let token = Token::load_or_make(&file).unwrap();
        let text = fs::read_to_string(&file).unwrap();
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        assert!(token.is_in(Some(&format!("Bearer {}", text.trim()))));
        assert!(Token::load_or_make(&file).unwrap().is_in(Some(&format!("bearer {text}"))));
        for wrong in [None, Some(""), Some("Bearer"), Some("Bearer x"), Some(text.trim())] {
            assert!(!token.is_in(wrong), "{wrong:?}");
        }
    }
}
