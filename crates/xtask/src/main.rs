//! Turns `cargo xtask COMMAND` into the tools, builds and checks behind it.
//!
//! Everything a developer or a CI machine runs goes through here, so that both run the same thing. Only the lines that scripts
//! read go to stdout; progress and the output of tools go to stderr.

mod bench;
mod build;
mod codegen;
mod conformance;
mod conserve;
mod demo;
mod fuzz;
mod paths;
mod run;
mod setup;
mod size;
mod stamp;
mod test;
mod tidy;

use std::process::ExitCode;

use anyhow::{Result, bail};

use build::Profile;

const USAGE: &str = "\
usage: cargo xtask COMMAND

  setup                            install what is missing: the way to wasm, npm packages
  build [--debug]                  build every browser asset into www/dist
  demo [--empty]                   build, then serve the collector and a demo shop until Ctrl-C;
                                   with six weeks of made-up data, or none
  test [--only STEP|--from STEP]   run every check and test; --list names the steps
  conformance [--only SDK]         put SDKs through the behaviours that a page may ask of one
  conserve [--seeds N|--seed N]    lose nothing between browsers, a bad network and the disk
  fuzz [TARGET] [--minutes N]      feed made-up bytes to whatever reads bytes of strangers
  bench page                       measure what SDKs cost a page, side by side
  bench ingest [--quick]           measure what is acknowledged a second, beside server and disk
  bench rollup [--quick]           measure what a day of 10 million requests is as rows
  bench console [--quick]          measure how long people wait for the console, over much data
  size                             print the size of every shipped piece beside its budget
  tidy                             check the rules of the source tree
  codegen                          write what pkg/sdk has from the wire types";

fn main() -> ExitCode {
    if let Err(error) = run::watch_signals() {
        eprintln!("xtask: {error:#}");
        return ExitCode::FAILURE;
    }
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match dispatch(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if error.is::<run::Interrupted>() => ExitCode::from(130),
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(args: &[&str]) -> Result<()> {
    match args {
        ["setup"] => setup::all().map(drop),
        ["build"] => build::build(Profile::Release),
        ["build", "--debug"] => build::build(Profile::Debug),
        ["demo", rest @ ..] => demo::demo(rest),
        ["test", rest @ ..] => test::test(rest),
        ["conformance", rest @ ..] => conformance::conformance(rest),
        ["conserve", rest @ ..] => conserve::conserve(rest),
        ["fuzz", rest @ ..] => fuzz::fuzz(rest),
        ["bench", rest @ ..] => bench::bench(rest),
        ["size"] => size::size(),
        ["tidy"] => tidy::tidy(),
        ["codegen"] => codegen::write(),
        [] | ["help" | "--help" | "-h"] => {
            eprintln!("{USAGE}");
            Ok(())
        }
        _ => bail!("do not know `{}`\n\n{USAGE}", args.join(" ")),
    }
}
