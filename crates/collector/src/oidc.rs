//! Turns somebody whom an OpenID provider knows into a verified e-mail address.
//!
//! The authorization code flow with PKCE, a state and a nonce. What belongs to an attempt stays here, under its
//! state, until it is used once or ten minutes have passed; the browser that began it has a cookie without
//! which nobody can end it. Whatever is asked of the provider goes through [`crate::outgoing`], which may
//! ask the host that the configuration names, wherever it is, and otherwise nobody inside.

use std::collections::HashMap;
use std::fmt;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use axum::http::{Request, Response};
use openidconnect::core::{CoreAuthenticationFlow, CoreClient, CoreProviderMetadata};
use openidconnect::{
    AuthorizationCode, ClientId, ClientSecret, CsrfToken, EndpointMaybeSet, EndpointNotSet,
    EndpointSet, IssuerUrl, Nonce, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope,
    TokenResponse,
};
use sha2::{Digest, Sha256};
use url::Url;

use crate::outgoing::{Ask, Outgoing, OutgoingError};
use crate::settings::OidcSettings;

/// How long somebody may take at the provider.
const ATTEMPT_MS: u64 = 10 * 60_000;
/// Attempts that may be under way; the oldest give way.
const MAX_ATTEMPTS: usize = 10_000;
/// How long what the provider says of itself is believed. Keys change, and a key that is not known is
/// asked for anew.
const METADATA_MS: u64 = 10 * 60_000;
/// For one answer of the provider.
const TIMEOUT: Duration = Duration::from_secs(10);
/// Bytes of an answer of the provider.
const MAX_BYTES: u64 = 1 << 20;

/// Why somebody could not be told from the provider.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OidcError {
    /// The provider could not be asked, or said something that makes no sense.
    #[error("the provider could not be asked: {0}")]
    Provider(Box<dyn std::error::Error + Send + Sync>),
    /// Nobody began this here, or it took too long.
    #[error("nobody began this in this browser within ten minutes")]
    Stale,
    /// What the provider says of somebody is not signed, not for us, or too old.
    #[error("what the provider says cannot be believed: {0}")]
    Claims(Box<dyn std::error::Error + Send + Sync>),
    /// The provider knows no address that it has verified.
    #[error("the provider knows no verified e-mail address")]
    NoAddress,
}

fn provider(error: impl std::error::Error + Send + Sync + 'static) -> OidcError {
    OidcError::Provider(Box::new(error))
}

fn claims(error: impl std::error::Error + Send + Sync + 'static) -> OidcError {
    OidcError::Claims(Box::new(error))
}

type Client = CoreClient<
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// What is known of an attempt.
struct Attempt {
    verifier: PkceCodeVerifier,
    nonce: Nonce,
    /// Hash of what the browser's cookie says.
    browser: [u8; 32],
    /// Where to go on, below the console's base.
    to: String,
    begun_ms: u64,
}

/// Where to send a browser, and what its cookie says.
pub(crate) struct Begun {
    pub(crate) url: Url,
    pub(crate) cookie: String,
}

/// Somebody whom the provider vouches for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Known {
    /// Names the provider.
    pub(crate) issuer: String,
    /// Names the person there, for good.
    pub(crate) subject: String,
    /// Verified, lower case.
    pub(crate) email: String,
    /// Where to go on, below the console's base.
    pub(crate) to: String,
}

/// An answer of the provider, sooner or later.
type Asked = Pin<Box<dyn Future<Output = Result<Response<Vec<u8>>, OutgoingError>> + Send>>;

/// What the provider said of itself, and when.
type Metadata = Option<(u64, CoreProviderMetadata)>;

/// One provider.
pub(crate) struct Oidc {
    settings: OidcSettings,
    /// Where the provider sends browsers back to.
    redirect: RedirectUrl,
    outgoing: Outgoing,
    metadata: tokio::sync::Mutex<Metadata>,
    attempts: Mutex<HashMap<String, Attempt>>,
}

impl fmt::Debug for Oidc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Oidc")
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}

impl Oidc {
    /// A provider that sends browsers back to `redirect`.
    pub(crate) fn new(settings: OidcSettings, redirect: Url, outgoing: &Outgoing) -> Self {
        Self {
            outgoing: outgoing.trusting(&settings.issuer),
            redirect: RedirectUrl::from_url(redirect),
            metadata: tokio::sync::Mutex::new(None),
            attempts: Mutex::default(),
            settings,
        }
    }

    /// What people call the provider.
    pub(crate) fn name(&self) -> &str {
        &self.settings.name
    }

    /// Whether somebody with this address is let in without an invitation.
    pub(crate) fn is_own(&self, email: &str) -> bool {
        let domain = email.rsplit_once('@').map(|(_, domain)| domain);
        domain.is_some_and(|domain| self.settings.domains.iter().any(|own| own == domain))
    }

    async fn client(&self, now_ms: u64) -> Result<Client, OidcError> {
        let mut known = self.metadata.lock().await;
        let is_fresh = |at: u64| at <= now_ms && now_ms - at < METADATA_MS;
        let metadata = match known.as_ref().filter(|(at, _)| is_fresh(*at)) {
            Some((_, metadata)) => metadata.clone(),
            None => {
                let issuer = self.settings.issuer.as_str();
                // A path alone is written with a slash, and an issuer is compared letter by letter.
                let issuer = match self.settings.issuer.path() {
                    "/" => issuer.trim_end_matches('/'),
                    _ => issuer,
                };
                let issuer = IssuerUrl::new(String::from(issuer)).map_err(provider)?;
                let asker = self.asker();
                let found = CoreProviderMetadata::discover_async(issuer, &asker).await;
                let found = found.map_err(provider)?;
                *known = Some((now_ms, found.clone()));
                found
            }
        };
        let (id, secret) = (&self.settings.client_id, &self.settings.client_secret);
        let client = CoreClient::from_provider_metadata(
            metadata,
            ClientId::new(id.clone()),
            Some(ClientSecret::new(secret.0.clone())),
        );
        Ok(client.set_redirect_uri(self.redirect.clone()))
    }

    /// What asks the provider.
    fn asker(&self) -> impl Fn(Request<Vec<u8>>) -> Asked + Send + Sync + 'static + use<> {
        let outgoing = self.outgoing.clone();
        move |request| {
            let outgoing = outgoing.clone();
            Box::pin(async move { ask(&outgoing, request).await })
        }
    }

    /// Begins an attempt.
    pub(crate) async fn begin(&self, to: String, now_ms: u64) -> Result<Begun, OidcError> {
        let client = self.client(now_ms).await?;
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let asked = client
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                CsrfToken::new_random,
                Nonce::new_random,
            )
            .add_scope(Scope::new(String::from("email")))
            .set_pkce_challenge(challenge);
        let (url, state, nonce) = asked.url();
        let cookie = CsrfToken::new_random().into_secret();
        let attempt = Attempt {
            verifier,
            nonce,
            browser: Sha256::digest(&cookie).into(),
            to,
            begun_ms: now_ms,
        };
        self.keep(state.into_secret(), attempt, now_ms);
        Ok(Begun { url, cookie })
    }

    fn keep(&self, state: String, attempt: Attempt, now_ms: u64) {
        let mut attempts = self.attempts.lock().unwrap_or_else(PoisonError::into_inner);
        attempts.retain(|_, one| now_ms.saturating_sub(one.begun_ms) < ATTEMPT_MS);
        if attempts.len() >= MAX_ATTEMPTS {
            let oldest = attempts.iter().min_by_key(|(_, one)| one.begun_ms);
            if let Some(oldest) = oldest.map(|(state, _)| state.clone()) {
                attempts.remove(&oldest);
            }
        }
        attempts.insert(state, attempt);
    }

    /// The attempt of a state, once.
    fn take(&self, state: &str, cookie: &str, now_ms: u64) -> Option<Attempt> {
        let mut attempts = self.attempts.lock().unwrap_or_else(PoisonError::into_inner);
        let browser: [u8; 32] = Sha256::digest(cookie).into();
        // Whoever has only the state of somebody else does not end their attempt.
        if attempts.get(state)?.browser != browser {
            return None;
        }
        let attempt = attempts.remove(state)?;
        (now_ms.saturating_sub(attempt.begun_ms) < ATTEMPT_MS).then_some(attempt)
    }

    /// Ends an attempt: asks the provider who it was.
    pub(crate) async fn end(
        &self,
        state: &str,
        cookie: &str,
        code: String,
        now_ms: u64,
    ) -> Result<Known, OidcError> {
        let attempt = self.take(state, cookie, now_ms).ok_or(OidcError::Stale)?;
        let client = self.client(now_ms).await?;
        let asker = self.asker();
        let asked = client
            .exchange_code(AuthorizationCode::new(code))
            .map_err(provider)?
            .set_pkce_verifier(attempt.verifier);
        let token = asked.request_async(&asker).await.map_err(provider)?;
        let signed = token.id_token().ok_or(OidcError::NoAddress)?;
        let verifier = client.id_token_verifier();
        let told = signed.claims(&verifier, &attempt.nonce);
        if told.is_err() {
            // Its keys may have changed: the next attempt reads them anew.
            *self.metadata.lock().await = None;
        }
        let told = told.map_err(claims)?;
        let email = told.email().filter(|_| told.email_verified() == Some(true));
        let email = email.ok_or(OidcError::NoAddress)?;
        Ok(Known {
            issuer: told.issuer().as_str().to_owned(),
            subject: told.subject().as_str().to_owned(),
            email: email.as_str().trim().to_lowercase(),
            to: attempt.to,
        })
    }
}

async fn ask(
    outgoing: &Outgoing,
    request: Request<Vec<u8>>,
) -> Result<Response<Vec<u8>>, OutgoingError> {
    let (parts, body) = request.into_parts();
    let url = Url::parse(&parts.uri.to_string());
    let url = url.map_err(|_| OutgoingError::Refused {
        url: String::from("the provider"),
        reason: "it is no URL",
    })?;
    let headers = parts.headers.iter();
    let asked = Ask {
        method: parts.method,
        url,
        headers: headers
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect(),
        body,
        timeout: TIMEOUT,
        max_bytes: MAX_BYTES,
    };
    let answer = outgoing.send(asked).await?;
    let mut response = Response::new(answer.body);
    *response.status_mut() = answer.status;
    Ok(response)
}
