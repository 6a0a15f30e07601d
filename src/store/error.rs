//! Why the store could not do what it was asked.

use std::io;

use rusqlite::ErrorCode;

use crate::words::Words;

/// What SQLite says when the file or the machine is at fault, and not what is written.
const THE_DISK: [ErrorCode; 7] = [
    ErrorCode::ReadOnly,
    ErrorCode::SystemIoFailure,
    ErrorCode::CannotOpen,
    ErrorCode::PermissionDenied,
    ErrorCode::FileLockingProtocolFailed,
    ErrorCode::OutOfMemory,
    ErrorCode::NoLargeFileSupport,
];

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    #[error("the disk is full; make room and it goes on by itself")]
    DiskFull,
    #[error("the disk cannot be written: {0}")]
    ReadOnly(String),
    #[error("the database is damaged: {0}")]
    Damaged(String),
    #[error("another naru holds the data folder {0}; stop it first")]
    InUse(String),
    #[error(
        "this was written by a newer naru (version {found} of the tables, this one knows {known}); install the newer naru"
    )]
    Newer { found: u32, known: u32 },
    #[error(
        "the database is of an earlier naru; it is brought up to date when naru starts, which takes minutes after years of calls"
    )]
    Older,
    #[error("this is no backup of naru: {0}")]
    NotABackup(String),
    #[error("there is no database {0} yet; naru serve or naru apply makes one")]
    NoDatabase(String),
    #[error("{0}")]
    File(String),
    #[error(
        "the office's sounds would take more than {} MB together; remove some with naru prompts remove", .limit / 1024 / 1024
    )]
    LibraryFull { limit: u64 },
    #[error("there never were hours '{0}'")]
    NoHours(String),
    #[error("the store is busy; try again")]
    Busy,
    #[error("the store is closed")]
    Closed,
    #[error("the database refuses: {0}")]
    Refused(String),
}

impl StoreError {
    /// The same in both languages.
    #[must_use]
    pub fn message(&self) -> Words {
        let ko = match self {
            Self::DiskFull => "디스크가 가득 찼습니다. 공간을 비우면 저절로 이어집니다".to_owned(),
            Self::ReadOnly(why) => format!("디스크에 쓸 수 없습니다: {why}"),
            Self::Damaged(why) => format!("데이터베이스가 손상되었습니다: {why}"),
            Self::InUse(folder) => {
                format!("다른 naru가 데이터 폴더 {folder}을(를) 쓰고 있습니다. 먼저 멈추세요")
            }
            Self::Newer { found, known } => format!(
                "더 새로운 naru가 쓴 것입니다(표 버전 {found}, 이 프로그램은 {known}까지). 새 naru를 설치하세요"
            ),
            Self::Older => "데이터베이스가 이전 naru의 것입니다. naru가 시작하면서 새 형식으로 바꾸며, 통화 기록이 몇 년 치면 몇 분 걸립니다".to_owned(),
            Self::NotABackup(why) => format!("naru의 백업이 아닙니다: {why}"),
            Self::NoDatabase(file) => {
                format!(
                    "데이터베이스 {file}이(가) 아직 없습니다. naru serve나 naru apply가 만듭니다"
                )
            }
            Self::File(why) => why.clone(),
            Self::LibraryFull { limit } => format!(
                "사무실의 소리가 모두 합쳐 {} MB를 넘게 됩니다. naru prompts remove로 쓰지 않는 소리를 지우세요",
                limit / 1024 / 1024
            ),
            Self::NoHours(name) => format!("운영시간 '{name}'은(는) 있었던 적이 없습니다"),
            Self::Busy => "저장소가 바쁩니다. 다시 시도하세요".to_owned(),
            Self::Closed => "저장소가 닫혀 있습니다".to_owned(),
            Self::Refused(why) => format!("데이터베이스가 거부했습니다: {why}"),
        };
        Words::new(ko, self.to_string())
    }

    /// Whether the same write may well succeed later: the disk's fault, not the value's.
    #[must_use]
    pub fn may_pass(&self) -> bool {
        match self {
            Self::DiskFull | Self::ReadOnly(_) | Self::Damaged(_) | Self::Busy => true,
            Self::InUse(_)
            | Self::Newer { .. }
            | Self::Older
            | Self::NotABackup(_)
            | Self::NoDatabase(_)
            | Self::File(_)
            | Self::LibraryFull { .. }
            | Self::NoHours(_)
            | Self::Closed
            | Self::Refused(_) => false,
        }
    }

    /// A file that could not be used, and what was being done with it.
    pub fn file(doing: impl std::fmt::Display, error: &io::Error) -> Self {
        let kind = error.kind();
        if matches!(kind, io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded) {
            Self::DiskFull
        } else if kind == io::ErrorKind::ReadOnlyFilesystem {
            Self::ReadOnly(format!("{doing}: {error}"))
        } else {
            Self::File(format!("{doing}: {error}"))
        }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        let text = error.to_string();
        let Some(code) = error.sqlite_error_code() else { return Self::Refused(text) };
        if code == ErrorCode::DiskFull {
            Self::DiskFull
        } else if matches!(code, ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) {
            Self::Damaged(text)
        } else if matches!(code, ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) {
            Self::Busy
        } else if THE_DISK.contains(&code) {
            Self::ReadOnly(text)
        } else {
            Self::Refused(text)
        }
    }
}
