//! Turns everything that is kept about somebody into lines of JSON, a few rows at a time.
//!
//! The first line says whom it is about, when, and how much follows; the last one that it is whole.
//! Between them each row is a line: its `kind`, then its columns; images with their bytes in base64.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::vec;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::value::RawValue;
use serde_json::{Value, json};
use store::{Attachment, HeldKey, HeldKind, HeldRow, HeldValue, Project, Store, Subject};

use super::{CustodyError, named};
use crate::attachments::Folder;

/// Rows that are read at a time. A line has at most 64 KiB.
const ROWS: usize = 50;

/// Version of the form of these lines.
const VERSION: u32 = 1;

/// What is still to be told.
pub(crate) struct Export {
    store: Arc<dyn Store>,
    project: Project,
    /// The first line, until it was told.
    header: Option<String>,
    /// All but images.
    rows: vec::IntoIter<HeldKey>,
    images: vec::IntoIter<Attachment>,
    lines: u64,
    is_whole: bool,
    /// How much there is, by kind.
    pub(crate) counts: BTreeMap<String, u64>,
}

impl Export {
    /// Looks for what is kept about somebody.
    pub(crate) async fn begin(
        store: Arc<dyn Store>,
        project: Project,
        subject: Subject,
        now_ms: u64,
    ) -> Result<Self, CustodyError> {
        let about = match &subject {
            Subject::Install(install) => json!({ "install": install }),
            Subject::Person(person) => json!({ "person": person }),
            Subject::Response(response) => json!({ "response": response }),
        };
        let held = store.held(project.id, subject).await?;
        let counts = named(held.counts());
        let header = json!({
            "kind": "export", "v": VERSION, "project": project.name, "about": about,
            "at_ms": now_ms, "counts": counts,
        });
        let mut rows = held.rows;
        rows.retain(|key| key.kind != HeldKind::Attachment);
        Ok(Self {
            store,
            project,
            header: Some(format!("{header}\n")),
            rows: rows.into_iter(),
            images: held.attachments.into_iter(),
            lines: 0,
            is_whole: false,
            counts,
        })
    }

    /// Some more lines, each with its end; `None` when everything was told.
    pub(crate) async fn next(
        &mut self,
        folder: Option<&Folder>,
    ) -> Result<Option<String>, CustodyError> {
        if let Some(header) = self.header.take() {
            return Ok(Some(header));
        }
        let keys: Vec<_> = self.rows.by_ref().take(ROWS).collect();
        if !keys.is_empty() {
            let rows = self.store.tell(self.project.id, keys).await?;
            self.lines += rows.len() as u64;
            return Ok(Some(rows.into_iter().map(line).collect()));
        }
        if let Some(image) = self.images.next() {
            self.lines += 1;
            return line_of_image(folder, &image).await.map(Some);
        }
        let is_whole = std::mem::replace(&mut self.is_whole, true);
        let end = json!({ "kind": "end", "lines": self.lines });
        Ok((!is_whole).then(|| format!("{end}\n")))
    }
}

/// One line of JSON. What is JSON already stays as it came.
fn line(row: HeldRow) -> String {
    let mut line = format!("{{\"kind\":{}", Value::from(row.kind.as_str()));
    for (name, value) in row.fields {
        let value = match value {
            HeldValue::Number(number) => number.to_string(),
            HeldValue::Text(text) => Value::from(text).to_string(),
            HeldValue::Json(text) => match serde_json::from_str::<&RawValue>(&text) {
                Ok(json) if !text.contains('\n') => json.to_string(),
                _ => Value::from(text).to_string(),
            },
        };
        line.push_str(&format!(",{}:{value}", Value::from(name)));
    }
    line.push_str("}\n");
    line
}

async fn line_of_image(
    folder: Option<&Folder>,
    image: &Attachment,
) -> Result<String, CustodyError> {
    let read = match folder {
        Some(folder) => folder.read(&image.path).await,
        None => Err(std::io::ErrorKind::NotFound.into()),
    };
    let mut told = json!({
        "kind": HeldKind::Attachment.as_str(), "id": image.id, "mime": image.mime,
        "bytes": image.bytes, "created_ms": image.created_ms,
    });
    match read {
        Ok(bytes) => told["base64"] = Value::from(STANDARD.encode(bytes)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            told["missing"] = Value::from(true);
        }
        Err(source) => {
            return Err(CustodyError::File {
                done: "read",
                source,
            });
        }
    }
    Ok(format!("{told}\n"))
}
