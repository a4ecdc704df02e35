//! Turns the key of a site into the secret that its server signs ids of people with.

use std::io::Write;

use clap::{ArgMatches, Args, Subcommand};
use store::{Directory, IdentitySecret, Store};
use store_sqlite::SqliteStore;

use super::{DataArgs, runtime};
use crate::audit::{Deed, note_command};
use crate::clock::Clock;
use crate::error::RunError;
use crate::setup::{random_hex, say};

#[derive(Debug, Args)]
pub(super) struct SiteArgs {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Print the secret that your server signs ids of people with; made when there is none.
    #[command(
        long_about = "Print the secret that your server signs ids of people with; made when there \
                      is none. The signature of an id is its HMAC-SHA-256 with this secret, in hex. \
                      Keep it on your server: whoever has it can answer in anybody's name."
    )]
    Secret {
        #[command(flatten)]
        data: DataArgs,
        /// Public key of the site, as in data-site-key
        #[arg(long, value_name = "KEY", env = "FIRSTHAND_SITE_KEY")]
        site_key: String,
        /// Make a new one; what was signed with the old one is believed no longer
        #[arg(long)]
        rotate: bool,
    },
}

impl SiteArgs {
    pub(super) fn run(
        self,
        matches: &ArgMatches,
        out: &mut (dyn Write + Send),
    ) -> Result<(), RunError> {
        let Command::Secret {
            data,
            site_key,
            rotate,
        } = self.command;
        let secret = runtime()?.block_on(secret(data.open(matches)?, site_key, rotate))?;
        say(out, &format!("{}\n", secret.0))
    }
}

async fn secret(store: SqliteStore, key: String, rotate: bool) -> Result<IdentitySecret, RunError> {
    let known = store.site_secret(key.clone()).await?;
    let secret = match known.filter(|_| !rotate) {
        Some(known) => known,
        None => {
            let secret = IdentitySecret(random_hex::<32>()?);
            if !store.put_site_secret(key.clone(), secret.clone()).await? {
                return Err(RunError::Missing {
                    what: "site with the key",
                    name: key,
                    hint: String::from("; `firsthand init` makes one"),
                });
            }
            if let Some(site) = store.site(key.clone()).await? {
                let deed = Deed::new("site.secret", key);
                note_command(&store, site.project, deed, Clock::system().now_ms()).await?;
            }
            secret
        }
    };
    store.close().await?;
    Ok(secret)
}
