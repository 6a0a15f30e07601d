//! Sound files as rows: each held once, however many names lead to it.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, params};

use crate::office::library::{HeldSound, MOST_SOUND, recordings};
use crate::office::recording::{SoundHash, SoundName};
use crate::office::snapshot::Office;
use crate::store::error::StoreError;
use crate::store::rows::each;
use crate::store::word::{optional_word, word};

/// A sound nobody names is kept so long, in milliseconds: the document that names it may be on its way.
const GRACE: i64 = 3_600_000;

/// A sound file with the samples it is played from.
#[derive(Clone, PartialEq, Eq)]
pub struct NewSound {
    /// Of the file, or of what it says.
    pub sha256: SoundHash,
    /// Text, voice and language, when it was made of them.
    pub said: Option<String>,
    pub file: Vec<u8>,
    /// Samples a second.
    pub rate: u32,
    pub samples: Vec<i16>,
    /// Milliseconds since 1970.
    pub added: i64,
}

/// What a sound is played from.
#[derive(Clone, PartialEq, Eq)]
pub struct Samples {
    pub sha256: SoundHash,
    pub rate: u32,
    pub samples: Vec<i16>,
}

impl std::fmt::Debug for NewSound {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "NewSound({} bytes)", self.file.len())
    }
}

impl std::fmt::Debug for Samples {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Samples({:?}, {})", self.sha256, self.samples.len())
    }
}

/// Keeps the sound, under `name` if it has one, and forgets those that nobody wants any more.
///
/// # Errors
/// When the disk fails, or all sounds together would take too much.
pub(crate) fn add(
    connection: &Connection,
    sound: &NewSound,
    name: Option<&SoundName>,
) -> Result<HeldSound, StoreError> {
    add_within(MOST_SOUND, connection, sound, name)
}

fn add_within(
    limit: u64,
    connection: &Connection,
    sound: &NewSound,
    name: Option<&SoundName>,
) -> Result<HeldSound, StoreError> {
    let sha256 = sound.sha256;
    let bytes: Vec<u8> = sound.samples.iter().flat_map(|sample| sample.to_le_bytes()).collect();
    sweep(connection, sound.added - GRACE)?;
    let others: u64 = connection.query_row(
        "SELECT coalesce(sum(length(file) + length(sound)), 0) FROM sounds WHERE sha256 <> ?1",
        [sha256.to_string()],
        |row| row.get(0),
    )?;
    if others + (sound.file.len() + bytes.len()) as u64 > limit {
        return Err(StoreError::LibraryFull { limit });
    }
    connection
        .prepare_cached(
            "INSERT INTO sounds (sha256, file, rate, sound, added, said)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (sha256) DO UPDATE SET added = excluded.added",
        )?
        .execute(params![
            sha256.to_string(),
            sound.file,
            sound.rate,
            bytes,
            sound.added,
            sound.said
        ])?;
    if let Some(name) = name {
        call(connection, name, &sha256)?;
    }
    sweep(connection, sound.added - GRACE)?;
    let millis = sound.samples.len() as u64 * 1_000 / u64::from(sound.rate.max(1));
    Ok(HeldSound { name: name.cloned(), sha256, bytes: sound.file.len() as u64, millis })
}

/// What the office's documents call its sounds is what the next document means.
///
/// # Errors
/// When the disk fails, or the office plays a sound that is not there.
pub(crate) fn name_all(connection: &Connection, office: &Office) -> Result<(), StoreError> {
    for recording in recordings(office) {
        call(connection, &recording.name, &recording.sha256)?;
    }
    Ok(())
}

fn call(connection: &Connection, name: &SoundName, sha256: &SoundHash) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT INTO sound_names VALUES (?1, ?2)
             ON CONFLICT (name) DO UPDATE SET sha256 = excluded.sha256",
        )?
        .execute(params![name.as_str(), sha256.to_string()])?;
    Ok(())
}

/// Takes the name away; false when there is none. The sound goes when nobody else wants it.
///
/// # Errors
/// When the disk fails.
pub(crate) fn remove(
    connection: &Connection,
    name: &SoundName,
    now: i64,
) -> Result<bool, StoreError> {
    let removed = connection.execute("DELETE FROM sound_names WHERE name = ?1", [name.as_str()])?;
    sweep(connection, now)?;
    Ok(removed > 0)
}

/// Forgets what was added before `until` and has no name, no place in the office, and none in an
/// office that a change could be taken back to.
fn sweep(connection: &Connection, until: i64) -> Result<(), StoreError> {
    connection.execute(
        "DELETE FROM sounds WHERE added <= ?1 AND said IS NULL
           AND NOT EXISTS (SELECT 1 FROM sound_names n WHERE n.sha256 = sounds.sha256)
           AND NOT EXISTS (SELECT 1 FROM number_voices v WHERE instr(v.voice, sounds.sha256))
           AND NOT EXISTS (SELECT 1 FROM numbers n WHERE instr(n.ringback, sounds.sha256))
           AND NOT EXISTS (SELECT 1 FROM office_changes c
             WHERE instr(c.before, sounds.sha256) OR instr(c.after, sounds.sha256))",
        [until],
    )?;
    Ok(())
}

/// Every sound by its names; one without a name stands there once.
///
/// # Errors
/// When the file cannot be read.
pub(crate) fn list(connection: &Connection) -> Result<Vec<HeldSound>, StoreError> {
    let mut found = Vec::new();
    let question = "SELECT n.name, s.sha256, length(s.file) AS bytes,
         length(s.sound) / 2 * 1000 / s.rate AS millis
         FROM sounds s LEFT JOIN sound_names n ON n.sha256 = s.sha256 ORDER BY n.name, s.sha256";
    each(connection, question, |row| {
        found.push(HeldSound {
            name: optional_word(row, "name")?,
            sha256: word(row, "sha256")?,
            bytes: row.get::<_, i64>("bytes")?.unsigned_abs(),
            millis: row.get::<_, i64>("millis")?.unsigned_abs(),
        });
        Ok(())
    })?;
    Ok(found)
}

/// Those of the sounds that are there.
///
/// # Errors
/// When the file cannot be read.
pub(crate) fn samples(
    connection: &Connection,
    wanted: &BTreeSet<SoundHash>,
) -> Result<Vec<Samples>, StoreError> {
    let mut statement =
        connection.prepare_cached("SELECT rate, sound FROM sounds WHERE sha256 = ?1")?;
    let mut found = Vec::new();
    for sha256 in wanted {
        let row = statement
            .query_row([sha256.to_string()], |row| Ok((row.get(0)?, row.get::<_, Vec<u8>>(1)?)));
        if let Some((rate, sound)) = row.optional()? {
            let (pairs, _) = sound.as_chunks::<2>();
            let samples = pairs.iter().map(|&pair| i16::from_le_bytes(pair)).collect();
            found.push(Samples { sha256: *sha256, rate, samples });
        }
    }
    Ok(found)
}

/// The file as it came.
///
/// # Errors
/// When the database cannot be read.
pub(crate) fn file(
    connection: &Connection,
    sha256: &SoundHash,
) -> Result<Option<Vec<u8>>, StoreError> {
    let question = "SELECT file FROM sounds WHERE sha256 = ?1";
    Ok(connection.query_row(question, [sha256.to_string()], |row| row.get(0)).optional()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::office::document::document::{parse, parse_with};
    use crate::office::library::Library;
    use crate::store::schema;
    use crate::store::table::office;

    fn connection() -> Connection {
        let connection = Connection::open_in_memory().unwrap();
        schema::at_version(&connection, schema::known());
        connection
    }

    fn sound(file: &[u8], added: i64) -> NewSound {
        NewSound {
            sha256: SoundHash::of(file),
            said: None,
            file: file.to_vec(),
            rate: 16_000,
            samples: vec![-1, 256, 7],
            added,
        }
    }

    fn name(text: &str) -> SoundName {
        SoundName::parse(text).unwrap()
    }

    fn hashes(connection: &Connection) -> BTreeSet<SoundHash> {
        list(connection).unwrap().into_iter().map(|sound| sound.sha256).collect()
    }

    #[test]
    fn a_file_is_held_once_under_all_its_names() {
        let connection = connection();
        let first = add(&connection, &sound(b"abc", 1), Some(&name("인사.wav"))).unwrap();
        let again = add(&connection, &sound(b"abc", 2), Some(&name("b.wav"))).unwrap();
        assert_eq!((first.sha256, first.bytes), (again.sha256, 3));
        let rows: i64 =
            connection.query_row("SELECT count(*) FROM sounds", [], |row| row.get(0)).unwrap();
        assert_eq!((rows, list(&connection).unwrap().len()), (1, 2));
        let samples = samples(&connection, &BTreeSet::from([first.sha256])).unwrap();
        assert_eq!((samples[0].rate, &samples[0].samples), (16_000, &vec![-1, 256, 7]));
        assert_eq!(file(&connection, &first.sha256).unwrap(), Some(b"abc".to_vec()));
        assert_eq!(file(&connection, &SoundHash::of(b"other")).unwrap(), None);
    }

    #[test]
    fn a_full_library_takes_no_more_until_something_goes() {
        let connection = connection();
        let put = |file: &'static [u8], at| {
            add_within(
                30,
                &connection,
                &sound(file, at),
                Some(&name(str::from_utf8(file).unwrap())),
            )
        };
        // Three octets of file and three samples of two octets each.
        for file in [b"abc", b"def", b"ghi"] {
            put(file, 1).unwrap();
        }
        assert_eq!(put(b"jkl", 2), Err(StoreError::LibraryFull { limit: 30 }));
        assert_eq!(list(&connection).unwrap().len(), 3, "and nothing is lost");
        put(b"abc", 2).unwrap();
        assert!(remove(&connection, &name("def"), 3).unwrap());
        put(b"jkl", 4).unwrap();
    }

    #[test]
    fn what_nobody_wants_goes_and_what_the_office_plays_stays() {
        let connection = connection();
        add(&connection, &sound(b"old", 1), Some(&name("a.wav"))).unwrap();
        add(&connection, &sound(b"new", 2), Some(&name("a.wav"))).unwrap();
        assert_eq!(hashes(&connection).len(), 2, "a document may be on its way");
        let text = "trunks: [{name: t, peer: \"127.0.0.1:5060\", blocks: [\"+8270\"]}]\nnumbers: [{number: \"+8270\", ringback: {file: a.wav}}]\n"
            .replace("+8270", "+827012345678");
        let library = Library {
            named: [(name("a.wav"), SoundHash::of(b"new"))].into(),
            ..Library::default()
        };
        let playing = parse_with(&text, None, library).unwrap();
        office::save(&connection, &playing).unwrap();
        name_all(&connection, &playing).unwrap();
        assert!(remove(&connection, &name("a.wav"), 3).unwrap());
        assert!(!remove(&connection, &name("a.wav"), 3).unwrap());
        assert_eq!(hashes(&connection), BTreeSet::from([SoundHash::of(b"new")]));
        office::save(&connection, &parse("", None).unwrap()).unwrap();
        add(&connection, &sound(b"third", GRACE + 3), None).unwrap();
        assert_eq!(hashes(&connection), BTreeSet::from([SoundHash::of(b"third")]));
    }
}
