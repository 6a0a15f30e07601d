//! `naru webhooks`: the key that receivers check signatures with.

use crate::cli::arguments::webhooks::{WebhookAction, WebhookArguments};
use crate::cli::failure::Failure;
use crate::cli::terminal;
use crate::cli::terminal::Terminal;
use crate::config::settings::Config;
use crate::webhook::key::WebhookKey;
use crate::words::Words;

/// # Errors
/// When the data folder cannot be read or written to.
pub(crate) fn webhooks(
    terminal: &Terminal,
    config: &Config,
    arguments: &WebhookArguments,
) -> Result<(), Failure> {
    let WebhookAction::Key(wanted) = &arguments.action;
    let data = &config.data_dir;
    let found =
        if wanted.rotate { WebhookKey::rotate(data) } else { WebhookKey::load_or_make(data) };
    let key = found.map_err(|error| {
        let file = WebhookKey::path(data);
        let file = file.display();
        Failure::failed(Words::new(format!("{file}: {error}"), format!("{file}: {error}")))
    })?;
    terminal::line(key.text())?;
    if wanted.rotate {
        terminal.note(&Words::new(
            "다음 알림부터 이 키로 서명합니다. 받는 쪽에도 새 키를 넣으세요",
            "it signs from the next message on; give it to the receivers, too",
        ));
    }
    Ok(())
}
