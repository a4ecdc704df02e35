//! Turns a checkout into a running collector and a demo shop on another origin, until somebody stops them.

use std::ffi::OsStr;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::build;
use crate::paths;
use crate::run;

const COLLECTOR: SocketAddr = loopback(8787);
const SHOP: SocketAddr = loopback(8788);
const SITE_KEY: &str = "fh_demo_shop";
const ADMIN: &str = "demo@firsthand.example";
const PASSWORD: &str = "firsthand-demo";

/// A server on loopback answers within milliseconds; past this it hangs.
const START: Duration = Duration::from_secs(30);

const fn loopback(port: u16) -> SocketAddr {
    SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), port)
}

/// Builds, starts both servers, says where they are, and waits for a signal.
///
/// # Errors
/// When a port is taken, the build fails, or a server ends by itself.
pub(crate) fn demo(args: &[&str]) -> Result<()> {
    let is_empty = match args {
        [] => false,
        ["--empty"] => true,
        _ => bail!("usage: cargo xtask demo [--empty]"),
    };
    // Before the build: nobody should wait minutes for this message.
    ports_are_free()?;
    build::collector()?;
    let data = prepare(is_empty)?;
    ports_are_free()?;
    let mut servers = Servers::default();
    servers.start("collector", &mut collector(&data), COLLECTOR, "/healthz")?;
    servers.start("shop", &mut shop(), SHOP, "/")?;
    announce(is_empty)?;
    servers.watch()
}

fn collector(data: &Path) -> Command {
    let mut serve = leashed(binary());
    serve
        .args(["serve", "--listen", &COLLECTOR.to_string(), "--data"])
        .arg(data);
    serve
}

fn shop() -> Command {
    let mut node = leashed("node");
    node.arg("www/shop/server.mjs")
        .args(["--port", &SHOP.port().to_string()])
        .args(["--collector", &format!("http://{COLLECTOR}/")])
        .args(["--site-key", SITE_KEY]);
    node
}

fn binary() -> PathBuf {
    paths::target().join("debug/firsthand")
}

/// Makes the data folder with the demo's admin, site and budgets, and unless it shall be empty with weeks of
/// made-up data; one that exists is kept, with all its answers.
fn prepare(is_empty: bool) -> Result<PathBuf> {
    let folder = if is_empty { "demo/empty" } else { "demo/data" };
    let data = paths::target().join(folder);
    std::fs::create_dir_all(&data)?;
    if !is_empty && !data.join("firsthand.db").exists() {
        eprintln!("demo: making up six weeks of a shop, once; --empty begins without");
        run::run(
            "firsthand seed",
            Command::new(binary())
                .args(["seed", "--site-key", SITE_KEY, "--data"])
                .arg(&data),
        )?;
    }
    run::run(
        "firsthand init",
        Command::new(binary())
            .arg("init")
            .arg("--data")
            .arg(&data)
            .args(["--admin", ADMIN, "--password", PASSWORD])
            .args(["--site-key", SITE_KEY])
            .args(["--origin", &format!("http://{SHOP}")])
            .args(["--origin", &format!("http://localhost:{}", SHOP.port())]),
    )?;
    run::run(
        "firsthand budget publish",
        Command::new(binary())
            .args(["budget", "publish", "www/shop/budgets.json", "--data"])
            .arg(&data),
    )?;
    Ok(data)
}

/// The four lines that scripts read.
fn announce(is_empty: bool) -> Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "shop http://{SHOP}/")?;
    writeln!(out, "console http://{COLLECTOR}/")?;
    writeln!(out, "login {ADMIN} {PASSWORD}")?;
    writeln!(out, "ready")?;
    out.flush()?;
    if !is_empty {
        eprintln!("demo: people and answers of the past weeks are made up (`firsthand seed`)");
    }
    Ok(())
}

fn ports_are_free() -> Result<()> {
    for address in [COLLECTOR, SHOP] {
        TcpListener::bind(address).with_context(|| {
            format!(
                "port {} is in use; stop what listens there, then try again",
                address.port()
            )
        })?;
    }
    Ok(())
}

/// The servers of the demo; they end when this is dropped.
#[derive(Default)]
struct Servers(Vec<(&'static str, Child)>);

impl Servers {
    /// Starts a server and waits until it answers `GET path`.
    fn start(
        &mut self,
        name: &'static str,
        command: &mut Command,
        address: SocketAddr,
        path: &str,
    ) -> Result<()> {
        let child = command
            .current_dir(paths::root())
            .stdin(Stdio::null())
            .stdout(run::to_stderr())
            .spawn()
            .with_context(|| format!("cannot start the {name}"))?;
        self.0.push((name, child));
        let start = Instant::now();
        while !answers(address, path) {
            self.check()?;
            if start.elapsed() > START {
                bail!("the {name} does not answer on http://{address}{path}");
            }
            sleep(Duration::from_millis(50));
        }
        Ok(())
    }

    fn watch(&mut self) -> Result<()> {
        loop {
            match self.check() {
                Err(error) if error.is::<run::Interrupted>() => return Ok(()),
                other => other?,
            }
            sleep(Duration::from_millis(100));
        }
    }

    /// Fails when we are asked to stop or a server ended.
    fn check(&mut self) -> Result<()> {
        if run::stopping() {
            bail!(run::Interrupted);
        }
        for (name, child) in &mut self.0 {
            if let Some(status) = child.try_wait()? {
                bail!("the {name} ended by itself ({status})");
            }
        }
        Ok(())
    }
}

impl Drop for Servers {
    fn drop(&mut self) {
        for (_, child) in self.0.iter_mut().rev() {
            run::stop(child);
        }
    }
}

/// A program that, on Linux, the kernel ends also when we are killed outright.
fn leashed(program: impl AsRef<OsStr>) -> Command {
    let Some(setpriv) = paths::on_path("setpriv") else {
        return Command::new(program);
    };
    let mut leash = Command::new(setpriv);
    leash.args(["--pdeathsig", "TERM", "--"]).arg(program);
    leash
}

/// True when the server answers with a success.
fn answers(address: SocketAddr, path: &str) -> bool {
    let ask = || -> std::io::Result<bool> {
        let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(1))?;
        stream.set_read_timeout(Some(Duration::from_secs(2)))?;
        write!(
            stream,
            "GET {path} HTTP/1.1\r\nHost: {address}\r\nAccept: text/html\r\nConnection: close\r\n\r\n"
        )?;
        let mut head = [0; 12];
        stream.read_exact(&mut head)?;
        Ok(head.starts_with(b"HTTP/1.1 2"))
    };
    ask().unwrap_or(false)
}
