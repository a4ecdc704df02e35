//! Turns the flags of `firsthand serve` into settings that know where they came from.

mod keep;

use std::io::Write;

use clap::{ArgMatches, Args};

use self::keep::KeepArgs;
use super::{given, runtime};
use crate::error::RunError;
use crate::serve::serve;
use crate::settings::{OidcGiven, Overrides, Settings};

// Values stay text here, so that one place reads them all and names where each came from.
#[derive(Debug, Args)]
pub(super) struct ServeArgs {
    /// Address and port; port 0 picks a free one [default: 127.0.0.1:8787]
    #[arg(long, value_name = "ADDRESS:PORT", env = "FIRSTHAND_LISTEN")]
    listen: Option<String>,
    /// Folder of the database [default: ./firsthand-data]
    #[arg(long, value_name = "FOLDER", env = "FIRSTHAND_DATA")]
    data: Option<String>,
    /// Path below which everything is served [default: /]
    #[arg(long, value_name = "PATH", env = "FIRSTHAND_BASE_PATH")]
    base_path: Option<String>,
    /// Where people reach the console, when a proxy stands in front of it
    #[arg(long, value_name = "URL", env = "FIRSTHAND_PUBLIC_URL")]
    public_url: Option<String>,
    /// TOML file with any of these settings, underscores for hyphens
    #[arg(long, value_name = "FILE", env = "FIRSTHAND_CONFIG")]
    config: Option<String>,
    /// Log lines as text or json [default: text]
    #[arg(long, value_name = "FORMAT", env = "FIRSTHAND_LOG")]
    log: Option<String>,
    /// off, error, warn, info, debug or trace [default: info]
    #[arg(long, value_name = "LEVEL", env = "FIRSTHAND_LOG_LEVEL")]
    log_level: Option<String>,
    /// How long sums of 10 s are kept [default: 48h]
    #[arg(long, value_name = "LENGTH", env = "FIRSTHAND_KEEP_SLICES")]
    keep_slices: Option<String>,
    /// How long sums of a minute are kept; those of an hour are for good [default: 30d]
    #[arg(long, value_name = "LENGTH", env = "FIRSTHAND_KEEP_MINUTES")]
    keep_minutes: Option<String>,
    #[command(flatten)]
    keep: KeepArgs,
    /// What `GET /metrics` asks for as a bearer token; without one, only this machine may ask
    #[arg(
        long,
        value_name = "TOKEN",
        env = "FIRSTHAND_METRICS_TOKEN",
        hide_env_values = true
    )]
    metrics_token: Option<String>,
    /// Where metrics are sent every minute, by OTLP over HTTP
    #[arg(long, value_name = "URL", env = "FIRSTHAND_OTLP_ENDPOINT")]
    otlp_endpoint: Option<String>,
    /// Requests a second that are taken of one site key, or off [default: 10000]
    #[arg(long, value_name = "NUMBER", env = "FIRSTHAND_RATE_PER_KEY")]
    rate_per_key: Option<String>,
    /// Requests a second that are taken of one network (/24 or /48), or off [default: 200]
    #[arg(long, value_name = "NUMBER", env = "FIRSTHAND_RATE_PER_NETWORK")]
    rate_per_network: Option<String>,
    /// Header in which your proxy writes the address of its client, as in X-Forwarded-For; only the
    /// last address in it is believed
    #[arg(long, value_name = "NAME", env = "FIRSTHAND_ADDRESS_HEADER")]
    address_header: Option<String>,
    /// OpenID provider by which people may sign in, as it names itself; needs --public-url
    #[arg(long, value_name = "URL", env = "FIRSTHAND_OIDC_ISSUER")]
    oidc_issuer: Option<String>,
    /// What the OpenID provider calls this collector
    #[arg(long, value_name = "ID", env = "FIRSTHAND_OIDC_CLIENT_ID")]
    oidc_client_id: Option<String>,
    /// What this collector proves itself to the OpenID provider with
    #[arg(
        long,
        value_name = "SECRET",
        env = "FIRSTHAND_OIDC_CLIENT_SECRET",
        hide_env_values = true
    )]
    oidc_client_secret: Option<String>,
    /// What people call the OpenID provider [default: OpenID]
    #[arg(long, value_name = "NAME", env = "FIRSTHAND_OIDC_NAME")]
    oidc_name: Option<String>,
    /// Domains of e-mail addresses whose people are let in as viewers without an invitation
    #[arg(long, value_name = "DOMAINS", env = "FIRSTHAND_OIDC_DOMAINS")]
    oidc_domains: Option<String>,
}

pub(super) fn run_serve(
    args: ServeArgs,
    matches: &ArgMatches,
    out: &mut (dyn Write + Send),
) -> Result<(), RunError> {
    let given = |value, id, flag, variable| given(matches, value, id, flag, variable);
    let overrides = Overrides {
        listen: given(args.listen, "listen", "--listen", "FIRSTHAND_LISTEN"),
        data: given(args.data, "data", "--data", "FIRSTHAND_DATA"),
        base_path: given(
            args.base_path,
            "base_path",
            "--base-path",
            "FIRSTHAND_BASE_PATH",
        ),
        public_url: given(
            args.public_url,
            "public_url",
            "--public-url",
            "FIRSTHAND_PUBLIC_URL",
        ),
        log: given(args.log, "log", "--log", "FIRSTHAND_LOG"),
        log_level: given(
            args.log_level,
            "log_level",
            "--log-level",
            "FIRSTHAND_LOG_LEVEL",
        ),
        keep_slices: given(
            args.keep_slices,
            "keep_slices",
            "--keep-slices",
            "FIRSTHAND_KEEP_SLICES",
        ),
        keep_minutes: given(
            args.keep_minutes,
            "keep_minutes",
            "--keep-minutes",
            "FIRSTHAND_KEEP_MINUTES",
        ),
        keep: args.keep.given(matches),
        metrics_token: given(
            args.metrics_token,
            "metrics_token",
            "--metrics-token",
            "FIRSTHAND_METRICS_TOKEN",
        ),
        otlp_endpoint: given(
            args.otlp_endpoint,
            "otlp_endpoint",
            "--otlp-endpoint",
            "FIRSTHAND_OTLP_ENDPOINT",
        ),
        rate_per_key: given(
            args.rate_per_key,
            "rate_per_key",
            "--rate-per-key",
            "FIRSTHAND_RATE_PER_KEY",
        ),
        rate_per_network: given(
            args.rate_per_network,
            "rate_per_network",
            "--rate-per-network",
            "FIRSTHAND_RATE_PER_NETWORK",
        ),
        address_header: given(
            args.address_header,
            "address_header",
            "--address-header",
            "FIRSTHAND_ADDRESS_HEADER",
        ),
        oidc: OidcGiven {
            issuer: given(
                args.oidc_issuer,
                "oidc_issuer",
                "--oidc-issuer",
                "FIRSTHAND_OIDC_ISSUER",
            ),
            client_id: given(
                args.oidc_client_id,
                "oidc_client_id",
                "--oidc-client-id",
                "FIRSTHAND_OIDC_CLIENT_ID",
            ),
            client_secret: given(
                args.oidc_client_secret,
                "oidc_client_secret",
                "--oidc-client-secret",
                "FIRSTHAND_OIDC_CLIENT_SECRET",
            ),
            name: given(
                args.oidc_name,
                "oidc_name",
                "--oidc-name",
                "FIRSTHAND_OIDC_NAME",
            ),
            domains: given(
                args.oidc_domains,
                "oidc_domains",
                "--oidc-domains",
                "FIRSTHAND_OIDC_DOMAINS",
            ),
        },
        config: given(args.config, "config", "--config", "FIRSTHAND_CONFIG"),
    };
    let settings = Settings::settle(overrides)?;
    runtime()?.block_on(serve(settings, out))
}
