//! Turns sites, their keys, names and the filtered audit log into rows, and back.

mod audit;
mod identity;
mod keep;
mod sites;

use protocol::query::performance::{Maintenance, NewMaintenance};
use rusqlite::{OptionalExtension, params};
use store::{
    AuditEntry, AuditFilter, AuditNames, BudgetsPublication, Identity, KeepChoice, KeepKind, Moved,
    Person, ProjectId, Reply, Setup, Site, SiteChange, SiteEntry,
};

use crate::SqliteStore;
use crate::guards::audit::add;
use crate::telemetry::plans;

impl Setup for SqliteStore {
    fn site_entries(&self, project: ProjectId) -> Reply<'_, Vec<SiteEntry>> {
        self.read("list sites", move |db| sites::list(db, project))
    }

    fn site_in_use(&self, key: String, now_ms: u64) -> Reply<'_, Option<Site>> {
        self.read("find a site", move |db| sites::in_use(db, &key, now_ms))
    }

    fn add_site(&self, site: Site, name: String, entry: AuditEntry) -> Reply<'_, SiteEntry> {
        self.change("make a site", move |db| {
            sites::add(db, &site, &name, &entry)
        })
    }

    fn change_site(
        &self,
        id: i64,
        rev: u32,
        change: SiteChange,
        entry: AuditEntry,
    ) -> Reply<'_, Moved<SiteEntry>> {
        self.change("change a site", move |db| {
            sites::change(db, id, rev, &change, &entry)
        })
    }

    fn remove_site(&self, id: i64, entry: AuditEntry) -> Reply<'_, bool> {
        self.change("forget a site", move |db| sites::remove(db, id, &entry))
    }

    fn rename_project(
        &self,
        known: String,
        name: String,
        entry: AuditEntry,
    ) -> Reply<'_, Moved<String>> {
        self.change("rename a project", move |db| {
            let found: Option<String> = db
                .prepare_cached("SELECT name FROM project WHERE id = ?1")?
                .query_row([entry.project.0], |row| row.get(0))
                .optional()?;
            match found {
                None => return Ok(Moved::Missing),
                Some(now) if now != known => return Ok(Moved::Overtaken(now)),
                Some(now) if now == name => return Ok(Moved::Done(now)),
                Some(_) => {}
            }
            db.prepare_cached("UPDATE project SET name = ?2 WHERE id = ?1")?
                .execute(params![entry.project.0, name])?;
            add(db, &entry)?;
            Ok(Moved::Done(name))
        })
    }

    fn keep_choices(&self) -> Reply<'_, Vec<KeepChoice>> {
        self.read("read how long things are kept", keep::all)
    }

    fn choose_keep(
        &self,
        kind: KeepKind,
        rev: u32,
        keep_ms: Option<u64>,
        entry: AuditEntry,
    ) -> Reply<'_, Moved<KeepChoice>> {
        self.change("choose how long something is kept", move |db| {
            keep::choose(db, kind, rev, keep_ms, &entry)
        })
    }

    fn publish_budgets_from(
        &self,
        known: Option<u32>,
        document: String,
        entry: AuditEntry,
    ) -> Reply<'_, Moved<BudgetsPublication>> {
        self.change("publish budgets", move |db| {
            plans::publish_from(db, known, &document, entry)
        })
    }

    fn announce_noted(&self, new: NewMaintenance, mut entry: AuditEntry) -> Reply<'_, Maintenance> {
        self.change("announce", move |db| {
            let announced = plans::announce(db, entry.project, new)?;
            entry.target = announced.id.to_string();
            add(db, &entry)?;
            Ok(announced)
        })
    }

    fn withdraw_noted(&self, id: u64, entry: AuditEntry) -> Reply<'_, bool> {
        self.change("withdraw", move |db| {
            let is_gone = plans::withdraw(db, entry.project, id)?;
            if is_gone {
                add(db, &entry)?;
            }
            Ok(is_gone)
        })
    }

    fn identified(
        &self,
        who: Identity,
        join: Option<AuditEntry>,
        tie: AuditEntry,
    ) -> Reply<'_, Option<Person>> {
        self.change("find whom a provider vouches for", move |db| {
            identity::identified(db, &who, join.as_ref(), tie)
        })
    }

    fn audit_lines(
        &self,
        filter: AuditFilter,
        before: Option<u64>,
        limit: u32,
    ) -> Reply<'_, Vec<(u64, AuditEntry)>> {
        self.read("read the audit log", move |db| {
            audit::lines(db, &filter, before, limit)
        })
    }

    fn audit_names(&self, project: ProjectId) -> Reply<'_, AuditNames> {
        self.read("look through the audit log", move |db| {
            audit::names(db, project)
        })
    }
}
