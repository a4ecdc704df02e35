//! Turns the file of a database into what is wrong with it, without changing it.

mod rules;

use std::path::Path;

use protocol::id::AttachmentId;
use rusqlite::Connection;
use store::StoreError;

use self::rules::check_rules;
use crate::connect::{Ground, connect_reader};
use crate::convert::{u64_at, uuid_at};
use crate::fault::{Fault, named};
use crate::migrate;

/// Findings of one kind that are told; a broken disk can make millions.
const MAX_FINDINGS: usize = 100;

/// What was found in a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inspection {
    /// The layout of its tables.
    pub layout: u32,
    /// The newest layout that this build knows.
    pub known_layout: u32,
    /// Items of which a line is kept.
    pub items: u64,
    /// The images that it knows, whose files are elsewhere.
    pub images: Vec<KeptImage>,
    /// What is wrong with it.
    pub flaws: Vec<Flaw>,
}

/// What a file of any layout says of an image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptImage {
    /// Its id.
    pub id: AttachmentId,
    /// Where it is, relative to the folder of all images.
    pub path: String,
    /// How long it is.
    pub bytes: u64,
    /// SHA-256 of the file.
    pub sha256: [u8; 32],
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flaw {
    /// Stable name of its kind.
    pub code: &'static str,
    /// What and where.
    pub what: String,
}

impl Flaw {
    fn new(code: &'static str, what: impl Into<String>) -> Self {
        let what = what.into();
        Self { code, what }
    }
}

/// Looks at the whole file `file`, which may be in use. Takes as long as reading it.
///
/// # Errors
///
/// [`StoreError::NewerLayout`] when a newer build has written it: what has to be true of it is not
/// known. [`StoreError::Engine`] when it cannot be opened. A file that is damaged, or no database, is
/// no error: that is what was asked for.
pub fn inspect(file: &Path) -> Result<Inspection, StoreError> {
    inspect_on(&Ground::of(file)).map_err(|e| named("look at the database", e))
}

/// The images that the file `file` knows right now, which may be in use.
///
/// # Errors
///
/// [`StoreError::Engine`] when it cannot be read.
pub fn images_in(file: &Path) -> Result<Vec<KeptImage>, StoreError> {
    let list = || Ok::<_, Fault>(list_images(&connect_reader(&Ground::of(file))?)?);
    list().map_err(|e| named("list images", e))
}

fn list_images(db: &Connection) -> rusqlite::Result<Vec<KeptImage>> {
    if !has_table(db, "attachment")? {
        return Ok(Vec::new());
    }
    db.prepare("SELECT id, path, bytes, sha256 FROM attachment")?
        .query_map([], |row| {
            Ok(KeptImage {
                id: AttachmentId(uuid_at(row, 0)?),
                path: row.get(1)?,
                bytes: u64_at(row, 2)?,
                sha256: row.get(3)?,
            })
        })?
        .collect()
}

fn inspect_on(ground: &Ground) -> Result<Inspection, Fault> {
    let mut found = Inspection {
        known_layout: migrate::KNOWN,
        ..Inspection::default()
    };
    let looked = connect_reader(ground)
        .map_err(Fault::from)
        .and_then(|db| look_at(&db, &mut found));
    match looked {
        Err(fault) if is_damage(&fault) => {
            if let Fault::Sql(error) = &fault {
                found.flaws.push(Flaw::new("damaged", error.to_string()));
            }
            Ok(found)
        }
        looked => looked.map(|()| found),
    }
}

fn look_at(db: &Connection, found: &mut Inspection) -> Result<(), Fault> {
    // Everything of one moment.
    db.execute_batch("BEGIN")?;
    found.layout = migrate::layout_of(db)?;
    if found.layout > migrate::KNOWN {
        return Err(StoreError::NewerLayout {
            found: found.layout,
            known: migrate::KNOWN,
        }
        .into());
    }
    check_pages(db, found)?;
    if !found.flaws.is_empty() {
        // What is read from damaged pages says nothing.
        return Ok(());
    }
    if found.layout == 0 {
        found.flaws.push(Flaw::new("empty", "there are no tables"));
        return Ok(());
    }
    check_references(db, found)?;
    check_rules(db, found)?;
    found.items = count(db, "SELECT COUNT(*) FROM item")?;
    found.images = list_images(db)?;
    Ok(())
}

fn check_pages(db: &Connection, found: &mut Inspection) -> Result<(), Fault> {
    let mut statement = db.prepare(&format!("PRAGMA integrity_check({MAX_FINDINGS})"))?;
    let told = statement.query_map([], |row| row.get::<_, String>(0))?;
    for line in told {
        let line = line?;
        if line != "ok" {
            found.flaws.push(Flaw::new("damaged", line));
        }
    }
    Ok(())
}

fn check_references(db: &Connection, found: &mut Inspection) -> Result<(), Fault> {
    let mut statement = db.prepare("PRAGMA foreign_key_check")?;
    let told = statement.query_map([], |row| {
        let (table, row_id, parent): (String, Option<i64>, String) =
            (row.get(0)?, row.get(1)?, row.get(2)?);
        let row_id = row_id.map_or(String::new(), |id| format!(" {id}"));
        Ok(format!(
            "row{row_id} of {table} names a row of {parent} that is not there"
        ))
    })?;
    for line in told.take(MAX_FINDINGS) {
        found.flaws.push(Flaw::new("dangling_reference", line?));
    }
    Ok(())
}

fn has_table(db: &Connection, table: &str) -> rusqlite::Result<bool> {
    let sql = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?1";
    db.prepare_cached(sql)?.exists([table])
}

fn count(db: &Connection, sql: &str) -> Result<u64, Fault> {
    Ok(db.query_row(sql, [], |row| u64_at(row, 0))?)
}

fn is_damage(fault: &Fault) -> bool {
    use rusqlite::ErrorCode::{DatabaseCorrupt, NotADatabase};
    let Fault::Sql(error) = fault else {
        return false;
    };
    matches!(
        error.sqlite_error_code(),
        Some(DatabaseCorrupt | NotADatabase)
    )
}
