//! Turns a request into the feature that it belongs to.
