//! Turns an empty data folder into one with a project, a person, a site and a survey.

mod first;

use std::io::Write;
use std::path::{Path, PathBuf};

use protocol::query::access::Role;
use protocol::survey::Survey;
use store::{NewPerson, Person, ProjectId, Site, Store};
use store_sqlite::SqliteStore;

use crate::assets::hex;
use crate::attachments::sync_now;
use crate::audit::{Deed, command, itself, note_command};
use crate::clock::Clock;
use crate::console_api::{hash_password, is_password};
use crate::definitions;
use crate::error::RunError;
use crate::settings::{Given, SettingsError, Settled, Source};

pub use self::first::{first_feedback, first_survey};

/// The database's name in its folder.
pub(crate) const FILE: &str = "firsthand.db";
/// What a project is called until somebody gives it a name.
const PROJECT: &str = "My product";
/// Who signs in after a first start; an address that cannot receive mail, to be replaced.
const FIRST_ADMIN: &str = "admin@firsthand.localhost";
/// Where pages are while somebody tries things out.
const LOCAL_ORIGINS: [&str; 2] = ["http://localhost:*", "http://127.0.0.1:*"];

/// What `firsthand init` puts into a data folder. Everything was checked.
#[derive(Clone)]
pub struct Preparation {
    /// E-mail address of a person who may sign in.
    pub admin: String,
    /// That person's password.
    pub password: String,
    /// Public key of the site.
    pub site_key: String,
    /// Origins that may use the key.
    pub origins: Vec<String>,
    /// Survey to publish; without it an NPS survey and a feedback form when there is none.
    pub survey: Option<Survey>,
}

impl std::fmt::Debug for Preparation {
    // The password must not reach a log by way of `{:?}`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Preparation")
            .field("site_key", &self.site_key)
            .finish_non_exhaustive()
    }
}

/// Opens the database of a data folder, and makes both when they are not there.
///
/// # Errors
///
/// [`RunError::Settings`] when the folder cannot be made, [`RunError::Store`] when the database
/// cannot be opened.
pub fn open(data: &Settled<PathBuf>) -> Result<SqliteStore, RunError> {
    make_private_folder(&data.value).map_err(|error| {
        let reason = format!("cannot be used as a folder: {error}");
        data.given.wrong(reason)
    })?;
    Ok(SqliteStore::open(&data.value.join(FILE))?)
}

/// Opens the database of a data folder that has one.
///
/// # Errors
///
/// [`RunError::Settings`] when it has none, [`RunError::Store`] when it cannot be opened.
pub(crate) fn open_existing(data: &Settled<PathBuf>) -> Result<SqliteStore, RunError> {
    let file = data.value.join(FILE);
    if !file.exists() {
        let reason = format!("has no {FILE}; `firsthand init` makes one");
        return Err(data.given.wrong(reason).into());
    }
    Ok(SqliteStore::open(&file)?)
}

/// Makes a folder, and those above it, so that a power cut does not take it away again. Nobody else on
/// the machine shall read what people wrote, nor the hashes of passwords.
pub(crate) fn make_private_folder(folder: &Path) -> std::io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    if let Some(above) = folder
        .parent()
        .filter(|above| !above.as_os_str().is_empty())
    {
        make_private_folder(above)?;
    }
    let mut builder = std::fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    match builder.create(folder) {
        // Somebody else may have been quicker.
        Err(error) if !folder.is_dir() => return Err(error),
        _ => {}
    }
    sync_now(folder.parent().unwrap_or(folder))
}

/// `firsthand init`: makes what is not there and updates what is.
///
/// # Errors
///
/// As [`open`], and whatever the store has against the changes.
pub async fn init(
    data: &Settled<PathBuf>,
    preparation: Preparation,
    out: &mut (dyn Write + Send),
) -> Result<(), RunError> {
    let store = open(data)?;
    let site_key = preparation.site_key.clone();
    prepare(&store, preparation, &Clock::system()).await?;
    store.close().await?;
    say(
        out,
        &format!(
            "{} is ready for the site {site_key}\n",
            data.value.display()
        ),
    )
}

/// What a first start made, to be shown once.
#[derive(Clone)]
pub(crate) struct FirstStart {
    password: String,
    site_key: String,
}

impl FirstStart {
    /// For the person in front of the terminal. The password is nowhere else.
    pub(crate) fn announce(&self, out: &mut (dyn Write + Send)) -> Result<(), RunError> {
        let Self { password, site_key } = self;
        let origins = LOCAL_ORIGINS.join(" ");
        let text = format!(
            "first start: this is shown once\n  \
             e-mail    {FIRST_ADMIN}\n  \
             password  {password}\n  \
             site key  {site_key}\n  \
             origins   {origins}\n"
        );
        say(out, &text)
    }
}

/// Prepares a store in which nobody can sign in yet; `None` when somebody can.
pub(crate) async fn first_start(
    store: &dyn Store,
    clock: &Clock,
) -> Result<Option<FirstStart>, RunError> {
    if store.has_people().await? {
        return Ok(None);
    }
    let first = FirstStart {
        password: random_hex::<12>()?,
        site_key: format!("fh_{}", random_hex::<12>()?),
    };
    let preparation = Preparation {
        admin: String::from(FIRST_ADMIN),
        password: first.password.clone(),
        site_key: first.site_key.clone(),
        origins: LOCAL_ORIGINS.map(String::from).to_vec(),
        survey: None,
    };
    prepare(store, preparation, clock).await?;
    Ok(Some(first))
}

/// So many random bytes, in hexadecimal digits.
pub(crate) fn random_hex<const N: usize>() -> Result<String, RunError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(RunError::Random)?;
    Ok(hex(&bytes))
}

/// Brings a store to what `preparation` says. The person comes last: until then it is a first start.
pub(crate) async fn prepare(
    store: &dyn Store,
    preparation: Preparation,
    clock: &Clock,
) -> Result<(), RunError> {
    let now_ms = clock.now_ms();
    let project = match store.projects().await?.first() {
        Some(project) => project.id,
        None => store.create_project(String::from(PROJECT), now_ms).await?,
    };
    let site = Site {
        key: preparation.site_key,
        project,
        origins: preparation.origins,
    };
    store.put_site(site, now_ms).await?;
    let has_survey = !store.surveys(project).await?.is_empty();
    let (who, surveys) = match preparation.survey {
        Some(survey) => (command(project), vec![survey]),
        None if has_survey => (itself(project), Vec::new()),
        None => (itself(project), vec![first_survey(), first_feedback()]),
    };
    if !surveys.is_empty() {
        definitions::publish_anyway(store, &who, surveys, now_ms).await?;
    }
    put_person(
        store,
        project,
        preparation.admin,
        &preparation.password,
        now_ms,
    )
    .await
}

/// Lets an admin in, unless they can come in with this password already: a new hash would end their
/// sessions for nothing.
async fn put_person(
    store: &dyn Store,
    project: ProjectId,
    email: String,
    password: &str,
    now_ms: u64,
) -> Result<(), RunError> {
    let known = store.person(email.clone()).await?;
    let is_the_same = |known: &Person| {
        known.project == project
            && known.role == Role::Admin
            && is_password(password, &known.password_hash)
    };
    if known.as_ref().is_some_and(is_the_same) {
        return Ok(());
    }
    let person = NewPerson {
        project,
        email,
        password_hash: hash_password(password)?,
        role: Role::Admin,
    };
    let deed = Deed::new("person.put", person.email.as_str()).with("role admin, another password");
    store.put_person(person, now_ms).await?;
    note_command(store, project, deed, now_ms).await?;
    Ok(())
}

/// Reads a survey and has it checked.
///
/// # Errors
///
/// [`SettingsError`] for `--survey`: what is wrong, and where in the file.
pub fn read_survey(file: &Path) -> Result<Survey, SettingsError> {
    let given = Given {
        from: Source::Flag("--survey"),
        value: PathBuf::from(file).display().to_string(),
    };
    let text = std::fs::read_to_string(file)
        .map_err(|error| given.wrong(format!("cannot be read: {error}")))?;
    let checked = definitions::check(&text);
    checked.survey.ok_or_else(|| {
        let mut errors = checked.findings.iter().filter(|finding| finding.is_error);
        let first = errors.next();
        let reason = first.map_or(String::new(), |error| match error.pointer.as_str() {
            "" => format!(": {}", error.message),
            pointer => format!(": {pointer}: {}", error.message),
        });
        given.wrong(format!("cannot be published{reason}"))
    })
}

/// Writes to whoever started the process.
pub(crate) fn say(out: &mut (dyn Write + Send), text: &str) -> Result<(), RunError> {
    out.write_all(text.as_bytes())
        .and_then(|()| out.flush())
        .map_err(|source| RunError::System {
            doing: "write to stdout",
            source,
        })
}
