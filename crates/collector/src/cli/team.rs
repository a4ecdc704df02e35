//! Turns e-mail addresses into people who may sign in: for whoever has no admin to ask.

use std::io::Write;

use clap::{ArgMatches, Args, Subcommand};
use protocol::query::access::Role;
use store::{AuditEntry, Changed, Guards, Member, ProjectId, Store};
use store_sqlite::SqliteStore;

use super::init::{check_email, checked};
use super::survey::Place;
use super::{project, runtime};
use crate::audit::{Deed, command};
use crate::clock::Clock;
use crate::console_api::new_link;
use crate::error::RunError;
use crate::setup::say;

type Out<'a> = &'a mut (dyn Write + Send);

#[derive(Debug, Args)]
pub(super) struct TeamArgs {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// List who may sign in, and what they may do
    List {
        #[command(flatten)]
        place: Place,
    },
    /// Let somebody in; prints a link by which they choose a password, once
    Add {
        /// E-mail address
        email: String,
        /// viewer, responder, manager or admin
        #[arg(long, default_value = "viewer", value_parser = role)]
        role: Role,
        #[command(flatten)]
        place: Place,
    },
    /// Give somebody another role; ends their sessions
    Role {
        /// E-mail address
        email: String,
        /// viewer, responder, manager or admin
        #[arg(value_parser = role)]
        role: Role,
        #[command(flatten)]
        place: Place,
    },
    /// Print a link by which somebody chooses another password, once
    Reset {
        /// E-mail address
        email: String,
        #[command(flatten)]
        place: Place,
    },
}

fn role(text: &str) -> Result<Role, String> {
    Role::from_name(text)
        .ok_or_else(|| String::from("is none of viewer, responder, manager, admin"))
}

impl TeamArgs {
    pub(super) fn run(self, matches: &ArgMatches, out: Out<'_>) -> Result<(), RunError> {
        if let Command::Add { email, .. } = &self.command {
            checked("EMAIL", email.clone(), check_email)?;
        }
        let place = match self.command {
            Command::List { ref place }
            | Command::Add { ref place, .. }
            | Command::Role { ref place, .. }
            | Command::Reset { ref place, .. } => place.clone(),
        };
        let (store, name) = place.open(matches)?;
        runtime()?.block_on(async {
            let project = project(&store, name.as_deref()).await?.id;
            let desk = Desk { store, project };
            let text = match self.command {
                Command::List { .. } => desk.list().await,
                Command::Add { email, role, .. } => desk.add(email.to_lowercase(), role).await,
                Command::Role { email, role, .. } => desk.change_role(&email, role).await,
                Command::Reset { email, .. } => desk.reset(&email).await,
            }?;
            desk.store.close().await?;
            say(out, &text)
        })
    }
}

/// Where people are looked after.
struct Desk {
    store: SqliteStore,
    project: ProjectId,
}

impl Desk {
    async fn list(&self) -> Result<String, RunError> {
        let members = self.store.people(self.project).await?;
        let lines = members.iter().map(|member| {
            let invited = if member.has_password {
                ""
            } else {
                " (invited)"
            };
            format!("{} {}{invited}\n", member.role, member.email)
        });
        Ok(lines.collect())
    }

    async fn add(&self, email: String, role: Role) -> Result<String, RunError> {
        let now_ms = Clock::system().now_ms();
        let (secret, link) = new_link(now_ms).map_err(RunError::Random)?;
        let deed = Deed::new("person.invite", email.as_str()).with(format!("role {role}"));
        let entry = self.entry(deed, now_ms);
        self.store.invite(email, role, link, entry).await?;
        Ok(told(&secret))
    }

    async fn reset(&self, email: &str) -> Result<String, RunError> {
        let member = self.member(email).await?;
        let now_ms = Clock::system().now_ms();
        let (secret, link) = new_link(now_ms).map_err(RunError::Random)?;
        let entry = self.entry(Deed::new("password.link", member.email), now_ms);
        self.store.put_link(member.id, link, entry).await?;
        Ok(told(&secret))
    }

    async fn change_role(&self, email: &str, role: Role) -> Result<String, RunError> {
        let member = self.member(email).await?;
        let detail = format!("{} to {role}", member.role);
        let deed = Deed::new("person.role", member.email.as_str()).with(detail);
        let entry = self.entry(deed, Clock::system().now_ms());
        match self.store.change_role(member.id, role, entry).await? {
            Changed::Done => Ok(format!("{role} {}\n", member.email)),
            Changed::LastAdmin => Err(RunError::LastAdmin),
            Changed::Missing => Err(missing(email)),
        }
    }

    async fn member(&self, email: &str) -> Result<Member, RunError> {
        let email = email.to_lowercase();
        let members = self.store.people(self.project).await?;
        let mut members = members.into_iter();
        let found = members.find(|member| member.email == email);
        found.ok_or_else(|| missing(&email))
    }

    fn entry(&self, deed: Deed, now_ms: u64) -> AuditEntry {
        command(self.project).entry(deed, now_ms)
    }
}

fn missing(email: &str) -> RunError {
    RunError::Missing {
        what: "person",
        name: String::from(email),
        hint: String::from("; `firsthand team list` names them"),
    }
}

/// Below whatever address the console has; behind `#`, so that no server sees it.
fn told(secret: &str) -> String {
    format!("open this below the console's address, within three days:\npassword#{secret}\n")
}
