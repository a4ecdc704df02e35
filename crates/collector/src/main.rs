//! Turns the process into a call of [`collector::cli::run`].

use std::process::ExitCode;

fn main() -> ExitCode {
    collector::cli::run(std::env::args_os(), &mut std::io::stdout())
}
