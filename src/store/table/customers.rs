//! Customers of the office document, and the leads that calls have brought.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, Row, params};
use serde::de::DeserializeOwned;

use crate::history::conversation::lead::Lead;
use crate::office::customer::Customer;
use crate::office::phone_number::PhoneNumber;
use crate::office::sought::{Sought, holds};
use crate::store::error::StoreError;
use crate::store::rows::each;
use crate::store::table::parties::{self, Party, holding, home};
use crate::store::word::{optional_word, word};

/// # Errors
/// When the disk fails.
pub(crate) fn save_customers(
    connection: &Connection,
    customers: &BTreeMap<PhoneNumber, Customer>,
) -> Result<(), StoreError> {
    connection.execute("DELETE FROM customers", [])?;
    let mut insert =
        connection.prepare_cached("INSERT INTO customers VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?;
    for customer in customers.values() {
        insert.execute(params![
            customer.number.as_str(),
            json(&customer.also)?,
            customer.name,
            customer.language.map(crate::office::language::Language::code),
            json(&customer.tags)?,
            customer.blocked
        ])?;
    }
    Ok(())
}

/// # Errors
/// When the file cannot be read, or a row holds what no customer has.
pub(crate) fn load_customers(
    connection: &Connection,
) -> Result<BTreeMap<PhoneNumber, Customer>, StoreError> {
    let mut customers = BTreeMap::new();
    each(connection, "SELECT * FROM customers", |row| {
        let customer = Customer {
            number: word(row, "number")?,
            also: set(row, "also")?,
            name: row.get("name")?,
            language: optional_word(row, "language")?,
            tags: set(row, "tags")?,
            blocked: row.get("blocked")?,
        };
        customers.insert(customer.number.clone(), customer);
        Ok(())
    })?;
    Ok(customers)
}

/// A lead that calls again keeps the day it was first met; a newer name takes the place of an
/// older, an empty one of none (L195).
///
/// # Errors
/// When the disk fails.
pub(crate) fn save_lead(connection: &Connection, lead: &Lead) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT INTO leads VALUES (?1, ?2, ?3, ?4) ON CONFLICT (number) DO UPDATE SET
             name = CASE WHEN excluded.name = '' THEN name ELSE excluded.name END,
             last_met = max(last_met, excluded.last_met)",
        )?
        .execute(params![lead.number.as_str(), lead.name, lead.first_met, lead.last_met])?;
    parties::remember(connection, lead.number.as_str(), &lead.name)
}

/// Leads whose number or name holds `part`, the last met first.
///
/// # Errors
/// When the file cannot be read.
pub(crate) fn list_leads(
    connection: &Connection,
    part: &str,
    rows: u32,
) -> Result<Vec<Lead>, StoreError> {
    let sought = Sought::new(part, Some(&home(connection)?));
    let few = if sought.is_empty() { None } else { holding(connection, &sought)? };
    if let Some(parties) = few {
        return leads_of(connection, &parties, sought.typed(), rows);
    }
    // Many are like this: some of them are among the last met.
    let mut statement = connection.prepare_cached(
        "SELECT * FROM leads WHERE ?1 = '' OR instr(number, ?1) OR instr(lower(name), ?1)
             OR instr(number, ?3) OR instr(number, ?4)
         ORDER BY last_met DESC LIMIT ?2",
    )?;
    // As it was typed, and the two other ways to write it.
    let written = |at| sought.written().get(at).map_or(sought.typed(), String::as_str);
    let mut found = statement.query(params![sought.typed(), rows, written(1), written(2)])?;
    let mut leads = Vec::new();
    while let Some(row) = found.next()? {
        leads.push(read_lead(row)?);
    }
    Ok(leads)
}

fn leads_of(
    connection: &Connection,
    parties: &[Party],
    part: &str,
    rows: u32,
) -> Result<Vec<Lead>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT * FROM leads WHERE number = ?1")?;
    let mut leads = Vec::new();
    for party in parties {
        let lead = statement.query_and_then([&party.number], read_lead)?.next().transpose()?;
        leads.extend(lead.filter(|lead| party.is_by_number || holds(&lead.name, part)));
    }
    leads.sort_by_key(|lead| std::cmp::Reverse(lead.last_met));
    leads.truncate(rows as usize);
    Ok(leads)
}

fn read_lead(row: &Row<'_>) -> Result<Lead, StoreError> {
    Ok(Lead {
        number: word(row, "number")?,
        name: row.get("name")?,
        first_met: row.get("first_met")?,
        last_met: row.get("last_met")?,
    })
}

pub(crate) fn json<T: serde::Serialize>(values: &BTreeSet<T>) -> Result<String, StoreError> {
    serde_json::to_string(values).map_err(|error| StoreError::Refused(error.to_string()))
}

pub(crate) fn set<T: DeserializeOwned + Ord>(
    row: &Row<'_>,
    column: &str,
) -> Result<BTreeSet<T>, StoreError> {
    let text: String = row.get(column)?;
    serde_json::from_str(&text).map_err(|error| StoreError::Damaged(format!("{column}: {error}")))
}
