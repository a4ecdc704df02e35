//! Turns several surveys that could be shown into the one that is.
