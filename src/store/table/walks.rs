//! What is counted of workflows, as rows.

use std::collections::BTreeMap;

use rusqlite::{Connection, params};

use crate::history::figures::workflow_figures::WorkflowFigures;
use crate::history::walk_record::WalkRecord;
use crate::store::error::StoreError;
use crate::store::rows::each;
use crate::store::word::{to_word, word};

const DAY: i64 = 86_400_000;

/// Adds one way through a workflow to the figures.
///
/// # Errors
/// When the disk fails.
pub(crate) fn count(connection: &Connection, walk: &WalkRecord) -> Result<(), StoreError> {
    let mut version = connection.prepare_cached(
        "INSERT INTO workflow_versions VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
    )?;
    version.execute(params![walk.workflow, walk.version, walk.began])?;
    connection
        .prepare_cached(
            "INSERT INTO workflow_runs VALUES (?1, ?2, ?3, ?4, 1)
             ON CONFLICT DO UPDATE SET runs = runs + 1",
        )?
        .execute(params![
            walk.workflow,
            walk.version,
            walk.began.div_euclid(DAY),
            to_word(&walk.end)?
        ])?;
    let mut step = connection.prepare_cached(
        "INSERT INTO workflow_steps VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT DO UPDATE SET views = views + ?4, left = left + ?5",
    )?;
    let mut key = connection.prepare_cached(
        "INSERT INTO workflow_keys VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT DO UPDATE SET presses = presses + ?5",
    )?;
    for (id, counted) in &walk.steps {
        version.execute(params![id.workflow, id.version, walk.began])?;
        let (views, left) = (rows(counted.views), rows(counted.left));
        step.execute(params![id.workflow, id.version, id.step, views, left])?;
        for (pressed, times) in &counted.keys {
            let (pressed, times) = (pressed.to_string(), rows(*times));
            key.execute(params![id.workflow, id.version, id.step, pressed, times])?;
        }
    }
    Ok(())
}

fn rows(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// Every version that was ever run, by workflow, the newest first.
///
/// # Errors
/// When the file cannot be read.
pub(crate) fn figures(connection: &Connection) -> Result<Vec<WorkflowFigures>, StoreError> {
    let mut found: BTreeMap<(String, String), WorkflowFigures> = BTreeMap::new();
    each(connection, "SELECT * FROM workflow_versions", |row| {
        let (workflow, version): (String, String) = (row.get("workflow")?, row.get("version")?);
        let figures = WorkflowFigures {
            workflow: workflow.clone(),
            version: version.clone(),
            first: row.get("first")?,
            ..WorkflowFigures::default()
        };
        found.insert((workflow, version), figures);
        Ok(())
    })?;
    each(connection, "SELECT * FROM workflow_runs", |row| {
        let runs = row.get::<_, i64>("runs")?.unsigned_abs();
        let of = found.entry((row.get("workflow")?, row.get("version")?)).or_default();
        *of.runs.entry(word(row, "end")?).or_default() += runs;
        *of.days.entry(row.get("day")?).or_default() += runs;
        Ok(())
    })?;
    each(connection, "SELECT * FROM workflow_steps", |row| {
        let of = found.entry((row.get("workflow")?, row.get("version")?)).or_default();
        let step = of.steps.entry(row.get("step")?).or_default();
        step.views = row.get::<_, i64>("views")?.unsigned_abs();
        step.left = row.get::<_, i64>("left")?.unsigned_abs();
        Ok(())
    })?;
    each(connection, "SELECT * FROM workflow_keys", |row| {
        let of = found.entry((row.get("workflow")?, row.get("version")?)).or_default();
        let step = of.steps.entry(row.get("step")?).or_default();
        if let Some(key) = row.get::<_, String>("key")?.chars().next() {
            step.keys.insert(key, row.get::<_, i64>("presses")?.unsigned_abs());
        }
        Ok(())
    })?;
    let mut figures: Vec<WorkflowFigures> = found.into_values().collect();
    figures
        .sort_by(|one, other| one.workflow.cmp(&other.workflow).then(other.first.cmp(&one.first)));
    Ok(figures)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::walk_record::{StepCount, StepId, WalkEnd};
    use crate::store::schema;

    #[test]
    fn ways_add_up_by_version() {
        let connection = Connection::open_in_memory().unwrap();
        schema::at_version(&connection, schema::known());
        let walk = |version: &str, end, keys: &[(char, u64)], left| WalkRecord {
            workflow: "main".to_owned(),
            version: version.to_owned(),
            began: 3 * DAY + 5,
            end,
            steps: BTreeMap::from([(
                StepId {
                    workflow: "main".to_owned(),
                    version: version.to_owned(),
                    step: "menu".to_owned(),
                },
                StepCount { views: 2, left, keys: keys.iter().copied().collect() },
            )]),
        };
        count(&connection, &walk("a", WalkEnd::Connected, &[('1', 1), ('5', 2)], 0)).unwrap();
        count(&connection, &walk("a", WalkEnd::CallerLeft, &[('1', 1)], 1)).unwrap();
        count(&connection, &walk("b", WalkEnd::Finished, &[], 0)).unwrap();
        let told = figures(&connection).unwrap();
        assert_eq!(told.len(), 2);
        let a = told.iter().find(|figures| figures.version == "a").unwrap();
        assert_eq!(a.runs, BTreeMap::from([(WalkEnd::Connected, 1), (WalkEnd::CallerLeft, 1)]));
        assert_eq!(a.days, BTreeMap::from([(3, 2)]));
        let keys = BTreeMap::from([('1', 2), ('5', 2)]);
        assert_eq!(a.steps["menu"], StepCount { views: 4, left: 1, keys });
    }
}
