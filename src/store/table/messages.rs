//! Messages that callers have left, as rows.

use rusqlite::{Connection, Row, params};

use crate::history::conversation_id::ConversationId;
use crate::history::recording_name::RecordingName;
use crate::history::voice_message::{Heard, VoiceMessage};
use crate::office::team::TeamName;
use crate::store::error::StoreError;
use crate::store::word::optional_word;

/// As many as the engine knows at once.
const MOST: u32 = 20_000;

/// Writes a message, over what was known of it; without one, forgets it.
///
/// # Errors
/// When the disk fails.
pub(crate) fn save(
    connection: &Connection,
    name: &RecordingName,
    message: Option<&VoiceMessage>,
) -> Result<(), StoreError> {
    let Some(message) = message else {
        let mut delete = connection.prepare_cached("DELETE FROM voice_messages WHERE name = ?1")?;
        delete.execute([name.to_string()])?;
        return Ok(());
    };
    let mut insert = connection.prepare_cached(
        "INSERT OR REPLACE INTO voice_messages (name, call, conversation, caller, caller_name,
             number, team, agent, at, seconds, heard_at, heard_by)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
    )?;
    insert.execute(params![
        name.to_string(),
        whole(name.call.0),
        message.conversation.map(|id| whole(id.0)),
        message.from,
        message.from_name,
        message.number.as_ref().map(|number| number.as_str()),
        message.team.as_ref().map(|team| team.0.as_str()),
        message.agent.as_ref().map(|agent| agent.as_str()),
        message.at,
        message.seconds.map(whole),
        message.heard.as_ref().map(|heard| heard.at),
        message.heard.as_ref().map(|heard| heard.who.as_str())
    ])?;
    Ok(())
}

/// The newest.
///
/// # Errors
/// When the file cannot be read.
pub(crate) fn load(connection: &Connection) -> Result<Vec<VoiceMessage>, StoreError> {
    let mut question =
        connection.prepare("SELECT * FROM voice_messages ORDER BY at DESC LIMIT ?1")?;
    let mut rows = question.query([MOST])?;
    let mut messages = Vec::new();
    while let Some(row) = rows.next()? {
        match read(row) {
            Ok(message) => messages.push(message),
            // Its sound is still there; one bad row must not keep the office shut.
            Err(error) => tracing::warn!(%error, "a message cannot be read"),
        }
    }
    Ok(messages)
}

fn read(row: &Row<'_>) -> Result<VoiceMessage, StoreError> {
    let name: String = row.get("name")?;
    let heard = row.get::<_, Option<i64>>("heard_at")?.zip(row.get("heard_by")?);
    let conversation = row.get::<_, Option<i64>>("conversation")?;
    Ok(VoiceMessage {
        name: name.parse().map_err(|_| StoreError::Damaged(format!("'{name}'")))?,
        conversation: conversation.map(|id| ConversationId(id.unsigned_abs())),
        from: row.get("caller")?,
        from_name: row.get("caller_name")?,
        number: optional_word(row, "number")?,
        team: row.get::<_, Option<String>>("team")?.map(TeamName),
        agent: optional_word(row, "agent")?,
        at: row.get("at")?,
        seconds: row.get::<_, Option<i64>>("seconds")?.map(i64::unsigned_abs),
        heard: heard.map(|(at, who)| Heard { at, who }),
    })
}

fn whole(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::office::extension::Extension;
    use crate::office::phone_number::PhoneNumber;
    use crate::store::schema;

    #[test]
    fn a_message_comes_back_as_it_was_kept() {
        let connection = Connection::open_in_memory().unwrap();
        schema::at_version(&connection, schema::known());
        let message = VoiceMessage {
            name: "message-12-1.opus".parse().unwrap(),
            conversation: Some(ConversationId(3)),
            from: "+821098765432".to_owned(),
            from_name: "김고객".to_owned(),
            number: PhoneNumber::parse("+827012345678").ok(),
            team: Some(TeamName("support".to_owned())),
            agent: None,
            at: 1_000,
            seconds: None,
            heard: None,
        };
        save(&connection, &message.name, Some(&message)).unwrap();
        assert_eq!(load(&connection).unwrap(), std::slice::from_ref(&message));
        let heard = VoiceMessage {
            agent: Extension::parse("102").ok(),
            seconds: Some(7),
            heard: Some(Heard { at: 2_000, who: "102".to_owned() }),
            ..message
        };
        save(&connection, &heard.name, Some(&heard)).unwrap();
        assert_eq!(load(&connection).unwrap(), std::slice::from_ref(&heard));
        save(&connection, &heard.name, None).unwrap();
        assert_eq!(load(&connection).unwrap(), []);
    }
}
