//! Public API only.
