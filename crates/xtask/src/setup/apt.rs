//! Turns a list of Debian packages into installed ones, where that is possible without asking anybody.

use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::paths;
use crate::run;

/// Installs packages with apt, as root or through `sudo -n`.
///
/// # Errors
/// When there is no apt, no right to use it, or a package cannot be installed.
pub(crate) fn install(packages: &[&str]) -> Result<()> {
    let list = packages.join(" ");
    if paths::on_path("apt-get").is_none() {
        bail!("there is no apt-get here");
    }
    run::say(format_args!("installing {list} with apt-get"));
    run::run(
        "apt-get update",
        as_root()?.args(["apt-get", "-qq", "update"]),
    )?;
    run::run(
        "apt-get install",
        as_root()?
            .args(["apt-get", "-qq", "-y", "--no-install-recommends", "install"])
            .args(packages),
    )
    .with_context(|| format!("cannot install {list}"))
}

/// `env DEBIAN_FRONTEND=noninteractive`, behind `sudo -n` when we are not root.
fn as_root() -> Result<Command> {
    let quiet = "DEBIAN_FRONTEND=noninteractive";
    let mut command;
    if run::output(Command::new("id").arg("-u"))? == "0" {
        command = Command::new("env");
    } else if run::output(Command::new("sudo").args(["-n", "true"])).is_ok() {
        command = Command::new("sudo");
        command.args(["-n", "env"]);
    } else {
        bail!("apt-get needs root or a sudo that does not ask");
    }
    command.arg(quiet);
    Ok(command)
}
