//! `naru workflows`: what there is, and where callers go and leave.

use crate::api::schema::workflow::{WorkflowLine, WorkflowList};
use crate::cli::arguments::people::WorkflowArguments;
use crate::cli::daemon_or_store::{ask_if_up, read};
use crate::cli::failure::Failure;
use crate::cli::table;
use crate::cli::terminal;
use crate::cli::terminal::Terminal;
use crate::config::settings::Config;
use crate::history::figures::workflow_figures::WorkflowFigures;
use crate::history::walk_record::StepCount;
use crate::locale::Speech;
use crate::sheet;
use crate::store::reader::Reader;
use crate::words::Words;

/// # Errors
/// When there is no such workflow, or the figures cannot be read.
pub(crate) fn workflows(
    terminal: &Terminal,
    config: &Config,
    arguments: &WorkflowArguments,
) -> Result<(), Failure> {
    let list = match ask_if_up(terminal, config, ("GET", "/v1/workflows"), "".into())? {
        Some(answer) => read::<WorkflowList>(&answer)?,
        None => {
            let reader = Reader::open(&config.data_dir)?;
            WorkflowList::new(&reader.office()?, reader.workflows()?)
        }
    };
    if arguments.json {
        let text = serde_json::to_string_pretty(&list).map_err(std::io::Error::from)?;
        terminal::raw(format!("{text}\n").as_bytes())?;
        return Ok(());
    }
    let speech = terminal.speech;
    let rows = match &arguments.name {
        None if arguments.csv => ends(terminal, &list),
        None => overview(terminal, &list),
        Some(name) => {
            let found = list.workflows.iter().find(|workflow| workflow.name == *name);
            steps(speech, found.ok_or_else(|| unknown(name))?, &list)
        }
    };
    if arguments.csv {
        return Ok(terminal::raw(sheet::table(&rows).as_bytes())?);
    }
    for line in table::lines(&rows) {
        terminal::line(&line)?;
    }
    Ok(())
}

fn unknown(name: &str) -> Failure {
    Failure::failed(Words::new(
        format!("'{name}' 워크플로우가 없습니다"),
        format!("there is no workflow '{name}'"),
    ))
}

fn head(speech: Speech, names: &[(&str, &str)]) -> Vec<String> {
    names.iter().map(|(ko, en)| speech.pick(ko, en).to_owned()).collect()
}

fn overview(terminal: &Terminal, list: &WorkflowList) -> Vec<Vec<String>> {
    let speech = terminal.speech;
    let mut rows = vec![head(
        speech,
        &[
            ("이름", "NAME"),
            ("상태", "STATE"),
            ("트리거", "TRIGGER"),
            ("번호", "NUMBERS"),
            ("단계", "STEPS"),
            ("실행", "RUNS"),
            ("시작", "SINCE"),
        ],
    )];
    for workflow in &list.workflows {
        let figures = in_force(workflow, list);
        let runs: u64 = figures.map(|figures| figures.runs.values().sum()).unwrap_or_default();
        rows.push(vec![
            workflow.name.clone(),
            if workflow.active {
                speech.pick("동작 중", "active")
            } else {
                speech.pick("멈춤", "off")
            }
            .to_owned(),
            workflow.trigger.clone(),
            workflow.numbers.join(" "),
            workflow.steps.len().to_string(),
            runs.to_string(),
            figures.map(|figures| terminal.time(figures.first)).unwrap_or_default(),
        ]);
    }
    rows
}

/// Every version that was ever run, by how the ways through it ended (L182).
fn ends(terminal: &Terminal, list: &WorkflowList) -> Vec<Vec<String>> {
    let names = [
        ("워크플로우", "workflow"),
        ("버전", "version"),
        ("시작", "first run"),
        ("끝", "end"),
        ("실행", "runs"),
    ];
    let rows = list.figures.iter().flat_map(|figures| {
        figures.runs.iter().map(|(end, runs)| {
            vec![
                figures.workflow.clone(),
                figures.version.clone(),
                sheet::exact_time(figures.first, &terminal.zone),
                sheet::word(end),
                runs.to_string(),
            ]
        })
    });
    std::iter::once(head(terminal.speech, &names)).chain(rows).collect()
}

fn in_force<'a>(workflow: &WorkflowLine, list: &'a WorkflowList) -> Option<&'a WorkflowFigures> {
    let is_it = |figures: &&WorkflowFigures| {
        figures.workflow == workflow.name && figures.version == workflow.version
    };
    list.figures.iter().find(is_it)
}

fn steps(speech: Speech, workflow: &WorkflowLine, list: &WorkflowList) -> Vec<Vec<String>> {
    let mut rows = vec![head(
        speech,
        &[("단계", "STEP"), ("도달", "VIEWS"), ("이탈", "LEFT"), ("누른 키", "KEYS")],
    )];
    let figures = in_force(workflow, list);
    for step in &workflow.steps {
        let nothing = StepCount::default();
        let count = figures.and_then(|figures| figures.steps.get(step)).unwrap_or(&nothing);
        let keys: Vec<String> =
            count.keys.iter().map(|(key, times)| format!("{key}×{times}")).collect();
        rows.push(vec![
            step.clone(),
            count.views.to_string(),
            count.left.to_string(),
            keys.join(" "),
        ]);
    }
    rows
}
