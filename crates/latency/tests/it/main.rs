//! Public API only.

mod class;
mod distinct;
mod feature;
mod histogram;
mod template;
