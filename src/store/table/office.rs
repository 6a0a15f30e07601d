//! The office as rows.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use rusqlite::{Connection, Row, params};

use crate::office::agent::Agent;
use crate::office::announcement::{Situation, Voices};
use crate::office::conference::ConferenceRules;
use crate::office::continuation::Continuation;
use crate::office::device::{Device, Secret};
use crate::office::dial_out::DialOut;
use crate::office::extension::Extension;
use crate::office::hours::hours::HoursName;
use crate::office::number::{Number, RingTime};
use crate::office::number_form::{NumberForm, Prefix};
use crate::office::phone_number::PhoneNumber;
use crate::office::route::Route;
use crate::office::snapshot::Office;
use crate::office::team::{Team, TeamName};
use crate::office::trunk::{NumberBlock, Trunk, TrunkAccount, TrunkName};
use crate::office::wrap_up::WrapUpRule;
use crate::store::error::StoreError;
use crate::store::rows::each;
use crate::store::table::customers::{load_customers, save_customers};
use crate::store::table::hours::{load_hours, save_hours};
use crate::store::table::recording::{load_recording, save_recording};
use crate::store::table::speaker::{load_speaker, save_speaker};
use crate::store::table::targets::{load_targets, save_targets};
use crate::store::table::workflows::{load_workflows, save_workflows};
use crate::store::table::zone::{load_zone, save_zone};
use crate::store::word::{optional_word, to_word, word};

/// Children before parents, so that no reference is left dangling on the way.
const EMPTY: &str = "
    DELETE FROM number_voices; DELETE FROM number_announcements; DELETE FROM numbers;
    DELETE FROM trunk_presentable; DELETE FROM trunk_blocks; DELETE FROM trunks;
    DELETE FROM team_members; DELETE FROM teams; DELETE FROM devices; DELETE FROM agents;
    DELETE FROM dial_out; DELETE FROM dial_out_countries; DELETE FROM dial_out_emergency;
    DELETE FROM wrap_up; DELETE FROM conference;";

/// Replaces the whole office. Call it inside a transaction.
///
/// # Errors
/// When the disk fails, or the office does not fit together.
pub(crate) fn save(connection: &Connection, office: &Office) -> Result<(), StoreError> {
    connection.execute_batch(EMPTY)?;
    for agent in office.agents.values() {
        save_agent(connection, agent)?;
    }
    save_hours(connection, &office.hours)?;
    for team in office.teams.values() {
        save_team(connection, team)?;
    }
    for trunk in office.trunks.values() {
        save_trunk(connection, trunk)?;
    }
    for number in office.numbers.values() {
        save_number(connection, number)?;
    }
    connection.execute("INSERT INTO wrap_up VALUES (1, ?1)", [office.wrap_up.to_string()])?;
    connection.execute("INSERT INTO conference VALUES (1, ?1)", [office.conference.tones])?;
    save_zone(connection, office.timezone.as_ref())?;
    save_targets(connection, &office.targets)?;
    save_customers(connection, &office.customers)?;
    save_dial_out(connection, &office.dial_out)?;
    save_speaker(connection, &office.speaker)?;
    save_workflows(connection, office)?;
    save_recording(connection, &office.recording)?;
    // A phone that is no longer set up cannot be reached.
    connection
        .execute("DELETE FROM bindings WHERE device NOT IN (SELECT username FROM devices)", [])?;
    connection
        .execute("DELETE FROM duties WHERE agent NOT IN (SELECT extension FROM agents)", [])?;
    Ok(())
}

fn save_agent(connection: &Connection, agent: &Agent) -> Result<(), StoreError> {
    let mut insert = connection.prepare_cached(
        "INSERT INTO agents (extension, name, language, unassigned_calls, call_waiting,
             phone_calls, missed_alerts) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?;
    insert.execute(params![
        agent.extension.as_str(),
        agent.name,
        agent.language.code(),
        agent.unassigned_calls,
        agent.call_waiting,
        agent.phone_calls,
        agent.missed_alerts
    ])?;
    let mut insert = connection.prepare_cached(
        "INSERT INTO devices (username, agent, position, password, digest, srtp, rings)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?;
    for (position, device) in (0_i64..).zip(&agent.devices) {
        insert.execute(params![
            device.username.as_str(),
            agent.extension.as_str(),
            position,
            device.password.reveal(),
            to_word(&device.digest)?,
            to_word(&device.srtp)?,
            device.rings
        ])?;
    }
    Ok(())
}

fn save_team(connection: &Connection, team: &Team) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT INTO teams (name, assignment, hours, wrap_up) VALUES (?1, ?2, ?3, ?4)",
        )?
        .execute(params![
            team.name.0,
            to_word(&team.assignment)?,
            team.hours.as_ref().map(|hours| &hours.0),
            team.wrap_up.map(|rule| rule.to_string())
        ])?;
    let mut insert = connection.prepare_cached("INSERT INTO team_members VALUES (?1, ?2)")?;
    for member in &team.members {
        insert.execute(params![team.name.0, member.as_str()])?;
    }
    Ok(())
}

fn save_trunk(connection: &Connection, trunk: &Trunk) -> Result<(), StoreError> {
    let account = trunk.register.as_ref();
    let sql = "INSERT INTO trunks (name, peer, register_server, register_username,
        register_password, label, number_format, countries, ringback, srtp,
        abroad_prefix, dial_prefix, transport)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)";
    let form = &trunk.number_form;
    let countries = trunk.countries.as_ref().map(to_word).transpose()?;
    connection.prepare_cached(sql)?.execute(params![
        trunk.name.0,
        trunk.peer.map(|peer| peer.to_string()),
        account.map(|account| &account.server),
        account.map(|account| &account.username),
        account.map(|account| account.password.reveal()),
        trunk.label,
        to_word(&form.format)?,
        countries,
        to_word(&trunk.ringback)?,
        to_word(&trunk.srtp)?,
        form.abroad.as_str(),
        form.prefix.as_ref().map(Prefix::as_str),
        to_word(&trunk.transport)?
    ])?;
    let mut insert = connection.prepare_cached("INSERT INTO trunk_blocks VALUES (?1, ?2, ?3)")?;
    for (position, block) in (0_i64..).zip(&trunk.blocks) {
        insert.execute(params![trunk.name.0, position, block.to_string()])?;
    }
    let mut insert =
        connection.prepare_cached("INSERT INTO trunk_presentable VALUES (?1, ?2, ?3)")?;
    for (position, number) in (0_i64..).zip(&trunk.presentable) {
        insert.execute(params![trunk.name.0, position, number.as_str()])?;
    }
    Ok(())
}

fn save_number(connection: &Connection, number: &Number) -> Result<(), StoreError> {
    let (agent, team) = match &number.route {
        Route::Off | Route::Workflow(_) => (None, None),
        Route::Agent(extension) => (Some(extension.as_str()), None),
        Route::Team(name) => (None, Some(name.0.as_str())),
    };
    let sql = "INSERT INTO numbers (number, is_default, presented, route_agent, route_team,
        ring_time_ms, ringback, hours, priority, wrap_up, continuation, voicemail)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";
    connection.prepare_cached(sql)?.execute(params![
        number.number.as_str(),
        number.is_default,
        number.presented.as_ref().map(PhoneNumber::as_str),
        agent,
        team,
        i64::try_from(number.ring_time.get().as_millis()).unwrap_or(i64::MAX),
        to_word(&number.ringback)?,
        number.hours.as_ref().map(|hours| &hours.0),
        to_word(&number.priority)?,
        number.wrap_up.map(|rule| rule.to_string()),
        number.continuation.to_string(),
        number.voicemail
    ])?;
    let mut announce =
        connection.prepare_cached("INSERT INTO number_announcements VALUES (?1, ?2)")?;
    let mut insert =
        connection.prepare_cached("INSERT INTO number_voices VALUES (?1, ?2, ?3, ?4)")?;
    for (situation, voices) in &number.announcements {
        let situation = to_word(situation)?;
        announce.execute(params![number.number.as_str(), situation])?;
        for (language, voice) in voices {
            insert.execute(params![
                number.number.as_str(),
                situation,
                language.code(),
                to_word(voice)?
            ])?;
        }
    }
    Ok(())
}

fn save_dial_out(connection: &Connection, dial_out: &DialOut) -> Result<(), StoreError> {
    connection.execute("INSERT INTO dial_out VALUES (1, ?1)", [&dial_out.home])?;
    for code in &dial_out.countries {
        connection.execute("INSERT INTO dial_out_countries VALUES (?1)", [code])?;
    }
    for digits in &dial_out.emergency {
        connection.execute("INSERT INTO dial_out_emergency VALUES (?1)", [digits])?;
    }
    Ok(())
}

/// # Errors
/// When the file cannot be read, or a row holds what no office can.
pub(crate) fn load(connection: &Connection) -> Result<Office, StoreError> {
    let mut office = Office {
        agents: load_agents(connection)?,
        teams: load_teams(connection)?,
        hours: load_hours(connection)?,
        trunks: load_trunks(connection)?,
        numbers: load_numbers(connection)?,
        customers: load_customers(connection)?,
        dial_out: load_dial_out(connection)?,
        wrap_up: load_wrap_up(connection)?,
        speaker: load_speaker(connection)?,
        recording: load_recording(connection)?,
        workflows: Vec::new(),
        conference: load_conference(connection)?,
        timezone: load_zone(connection)?,
        targets: load_targets(connection)?,
    };
    load_workflows(connection, &mut office)?;
    Ok(office)
}

fn load_agents(connection: &Connection) -> Result<BTreeMap<Extension, Agent>, StoreError> {
    let mut agents = BTreeMap::new();
    each(connection, "SELECT * FROM agents", |row| {
        let agent = Agent {
            extension: word(row, "extension")?,
            name: row.get("name")?,
            language: word(row, "language")?,
            phone_calls: row.get("phone_calls")?,
            unassigned_calls: row.get("unassigned_calls")?,
            call_waiting: row.get("call_waiting")?,
            missed_alerts: row.get("missed_alerts")?,
            devices: Vec::new(),
        };
        agents.insert(agent.extension.clone(), agent);
        Ok(())
    })?;
    each(connection, "SELECT * FROM devices ORDER BY agent, position", |row| {
        let owner: Extension = word(row, "agent")?;
        let device = Device {
            username: word(row, "username")?,
            password: Secret::new(row.get("password")?),
            digest: word(row, "digest")?,
            srtp: word(row, "srtp")?,
            rings: row.get("rings")?,
        };
        let agent = agents.get_mut(&owner).ok_or_else(|| dangling("devices"))?;
        agent.devices.push(device);
        Ok(())
    })?;
    Ok(agents)
}

fn load_teams(connection: &Connection) -> Result<BTreeMap<TeamName, Team>, StoreError> {
    let mut teams = BTreeMap::new();
    each(connection, "SELECT * FROM teams", |row| {
        let name = TeamName(row.get("name")?);
        let assignment = word(row, "assignment")?;
        let wrap_up = wrap_up(row)?;
        let hours = row.get::<_, Option<String>>("hours")?.map(HoursName);
        let members = BTreeSet::new();
        teams.insert(name.clone(), Team { name, members, assignment, hours, wrap_up });
        Ok(())
    })?;
    each(connection, "SELECT * FROM team_members", |row| {
        let team =
            teams.get_mut(&TeamName(row.get("team")?)).ok_or_else(|| dangling("team_members"))?;
        team.members.insert(word(row, "agent")?);
        Ok(())
    })?;
    Ok(teams)
}

fn number_form(row: &Row<'_>) -> Result<NumberForm, StoreError> {
    let form = NumberForm::of(word(row, "number_format")?);
    let abroad = optional_word(row, "abroad_prefix")?;
    let prefix = optional_word(row, "dial_prefix")?;
    Ok(NumberForm { abroad: abroad.unwrap_or_else(|| form.abroad.clone()), prefix, ..form })
}

fn load_trunks(connection: &Connection) -> Result<BTreeMap<TrunkName, Trunk>, StoreError> {
    let mut trunks = BTreeMap::new();
    each(connection, "SELECT * FROM trunks", |row| {
        let name = TrunkName(row.get("name")?);
        let peer = row.get::<_, Option<String>>("peer")?;
        let peer = peer.map(|peer| {
            peer.parse().map_err(|_| StoreError::Damaged(format!("'{peer}' is no address")))
        });
        let trunk = Trunk {
            name: name.clone(),
            peer: peer.transpose()?,
            register: trunk_account(row)?,
            label: row.get("label")?,
            blocks: Vec::new(),
            presentable: Vec::new(),
            number_form: number_form(row)?,
            ringback: word(row, "ringback")?,
            srtp: word(row, "srtp")?,
            transport: word(row, "transport")?,
            countries: optional_word(row, "countries")?,
        };
        trunks.insert(name, trunk);
        Ok(())
    })?;
    each(connection, "SELECT * FROM trunk_blocks ORDER BY trunk, position", |row| {
        let block: NumberBlock = word(row, "block")?;
        owner(&mut trunks, row)?.blocks.push(block);
        Ok(())
    })?;
    each(connection, "SELECT * FROM trunk_presentable ORDER BY trunk, position", |row| {
        let number: PhoneNumber = word(row, "number")?;
        owner(&mut trunks, row)?.presentable.push(number);
        Ok(())
    })?;
    Ok(trunks)
}

fn owner<'a>(
    trunks: &'a mut BTreeMap<TrunkName, Trunk>,
    row: &Row<'_>,
) -> Result<&'a mut Trunk, StoreError> {
    trunks.get_mut(&TrunkName(row.get("trunk")?)).ok_or_else(|| dangling("a trunk's"))
}

fn trunk_account(row: &Row<'_>) -> Result<Option<TrunkAccount>, StoreError> {
    let Some(server) = row.get("register_server")? else { return Ok(None) };
    Ok(Some(TrunkAccount {
        server,
        username: row.get("register_username")?,
        password: Secret::new(row.get("register_password")?),
    }))
}

fn load_numbers(connection: &Connection) -> Result<BTreeMap<PhoneNumber, Number>, StoreError> {
    let mut numbers = BTreeMap::new();
    each(connection, "SELECT * FROM numbers", |row| {
        let number = load_number(row)?;
        numbers.insert(number.number.clone(), number);
        Ok(())
    })?;
    each(connection, "SELECT * FROM number_announcements", |row| {
        announcement(&mut numbers, row)?;
        Ok(())
    })?;
    each(connection, "SELECT * FROM number_voices", |row| {
        let (language, voice) = (word(row, "language")?, word(row, "voice")?);
        announcement(&mut numbers, row)?.insert(language, voice);
        Ok(())
    })?;
    Ok(numbers)
}

fn load_number(row: &Row<'_>) -> Result<Number, StoreError> {
    let agent = optional_word::<Extension>(row, "route_agent")?;
    let team = row.get::<_, Option<String>>("route_team")?;
    let route = match (agent, team) {
        (Some(extension), _) => Route::Agent(extension),
        (None, Some(name)) => Route::Team(TeamName(name)),
        (None, None) => Route::Off,
    };
    let millis = row.get::<_, i64>("ring_time_ms")?;
    let ring_time = RingTime::new(Duration::from_millis(millis.unsigned_abs()))
        .map_err(|error| StoreError::Damaged(error.to_string()))?;
    Ok(Number {
        number: word(row, "number")?,
        is_default: row.get("is_default")?,
        presented: optional_word(row, "presented")?,
        hours: row.get::<_, Option<String>>("hours")?.map(HoursName),
        route,
        ring_time,
        ringback: word(row, "ringback")?,
        continuation: continuation(row)?,
        announcements: BTreeMap::new(),
        priority: word(row, "priority")?,
        wrap_up: wrap_up(row)?,
        voicemail: row.get("voicemail")?,
    })
}

/// The rule of one number, one team or the office, if it has one.
fn wrap_up(row: &Row<'_>) -> Result<Option<WrapUpRule>, StoreError> {
    let rule = row.get::<_, Option<String>>("wrap_up")?;
    let rule = rule.map(|rule| {
        rule.parse().map_err(|_| StoreError::Damaged(format!("'{rule}' is no rule of wrap-up")))
    });
    rule.transpose()
}

fn load_wrap_up(connection: &Connection) -> Result<WrapUpRule, StoreError> {
    let mut rule = None;
    each(connection, "SELECT wrap_up FROM wrap_up", |row| {
        rule = wrap_up(row)?;
        Ok(())
    })?;
    Ok(rule.unwrap_or_default())
}

fn load_conference(connection: &Connection) -> Result<ConferenceRules, StoreError> {
    let mut rules = ConferenceRules::default();
    each(connection, "SELECT tones FROM conference", |row| {
        rules.tones = row.get(0)?;
        Ok(())
    })?;
    Ok(rules)
}

fn continuation(row: &Row<'_>) -> Result<Continuation, StoreError> {
    let text: String = row.get("continuation")?;
    text.parse().map_err(|_| StoreError::Damaged(format!("'{text}' is no continuation")))
}

fn announcement<'a>(
    numbers: &'a mut BTreeMap<PhoneNumber, Number>,
    row: &Row<'_>,
) -> Result<&'a mut Voices, StoreError> {
    let situation: Situation = word(row, "situation")?;
    let number =
        numbers.get_mut(&word(row, "number")?).ok_or_else(|| dangling("number_announcements"))?;
    Ok(number.announcements.entry(situation).or_default())
}

fn load_dial_out(connection: &Connection) -> Result<DialOut, StoreError> {
    let mut home = None;
    each(connection, "SELECT home FROM dial_out", |row| {
        home = Some(row.get(0)?);
        Ok(())
    })?;
    // No row: nobody has saved an office yet.
    let Some(home) = home else { return Ok(DialOut::default()) };
    let mut dial_out = DialOut { home, countries: BTreeSet::new(), emergency: BTreeSet::new() };
    each(connection, "SELECT code FROM dial_out_countries", |row| {
        dial_out.countries.insert(row.get(0)?);
        Ok(())
    })?;
    each(connection, "SELECT digits FROM dial_out_emergency", |row| {
        dial_out.emergency.insert(row.get(0)?);
        Ok(())
    })?;
    Ok(dial_out)
}

fn dangling(table: &str) -> StoreError {
    StoreError::Damaged(format!("a row of {table} belongs to nobody"))
}
