//! Turns what people wrote, and what a team does about it, into a list and one item of it, as they are and
//! as they will be once the collector has heard.
//!
//! - [`url`]: the view and the chosen item, from the URL and back;
//! - [`edit`]: what a change makes of an item, before the collector says so;
//! - [`list`]: pages that come at different times, put together;
//! - [`names`]: words for what has stable names;
//! - [`asked`]: what is asked of the collector;
//! - [`opened`]: what is known of the open item, and of others that were or will be;
//! - [`board`]: all of it together, in the context of the page.

pub mod asked;
pub mod board;
pub mod edit;
mod hands;
pub mod list;
pub mod names;
pub mod opened;
mod sent;
pub mod url;
