//! Turns what the collector knows into what product, support and ops people look at.
//!
//! The whole console runs in the browser and talks only [`protocol::query`] to the collector that
//! serves it. What matters about a view is in its URL. The modules, from numbers to pixels:
//!
//! - [`scores_url`], [`words`], [`picture`], [`thread`], [`snippet`], [`mod@pointer`], [`performance`], [`node`]:
//!   decisions without a browser, tested natively;
//! - [`api`], [`browser`] and [`route`]: the collector, and what only the browser knows;
//! - [`account`], [`refresh`], [`live`], [`asked`], [`fetched`]: who is signed in, and numbers that keep
//!   themselves up to date;
//! - [`inbox`]: what people wrote, with changes that are still under way;
//! - [`part`] and [`page`]: components, small and whole.

pub mod account;
pub mod api;
pub mod app;
pub mod asked;
pub mod browser;
pub mod chunk;
pub mod fetched;
pub mod inbox;
pub mod live;
pub mod node;
pub mod page;
pub mod part;
pub mod performance;
pub mod picture;
pub mod pointer;
pub mod refresh;
pub mod route;
pub mod scores_url;
pub mod shell;
pub mod snippet;
pub mod surveys;
pub mod thread;
pub mod view_url;
pub mod views;
pub mod visit;
pub mod words;

pub use app::App;
