//! Turns paths into templates, of which there are few.
