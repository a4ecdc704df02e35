//! Turns the collector's promises into tests: most through `app()`, some through the real binary.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on says so by stopping"
)]

mod alerts;
mod answers;
mod assets;
mod attachments;
mod authoring;
mod availability;
mod bombs;
mod budget;
mod budgets;
mod config;
mod connections;
mod cors;
mod custody;
mod definitions;
mod delivery;
mod doctor;
mod durability;
mod event_path;
mod expiry;
mod faults;
mod full_disk;
mod golden;
mod health;
mod hostile_images;
mod inbox;
mod ingest;
mod latency;
mod limits;
mod made_up;
mod metrics;
mod oidc;
mod openapi;
mod performance;
mod process;
mod rates;
mod reports;
mod retention;
mod roles;
mod scores;
mod scrubbed;
mod secrets;
mod seed;
mod settings;
mod shares;
mod sign_in;
mod sites;
mod socket;
mod team;
mod tokens;
mod upkeep;
mod visitors;
mod world;
