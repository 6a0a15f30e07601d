//! `naru generate`: what packages ship beside the binary.

use std::fs;
use std::path::Path;

use clap_complete::Shell;

use crate::cli::arguments::command::command;
use crate::cli::arguments::system::{GenerateArguments, Generated};
use crate::cli::failure::Failure;
use crate::locale::Speech;

/// # Errors
/// When the folder cannot be written.
pub(crate) fn generate(arguments: &GenerateArguments) -> Result<(), Failure> {
    let folder = &arguments.folder;
    let written = fs::create_dir_all(folder).and_then(|()| match arguments.what {
        Generated::Man => clap_mangen::generate_to(command(Speech::English), folder),
        Generated::Completions => completions(folder),
    });
    written.map_err(|error| Failure::file(folder, &error))
}

fn completions(folder: &Path) -> std::io::Result<()> {
    for shell in [Shell::Bash, Shell::Zsh, Shell::Fish] {
        clap_complete::generate_to(shell, &mut command(Speech::English), "naru", folder)?;
    }
    Ok(())
}
