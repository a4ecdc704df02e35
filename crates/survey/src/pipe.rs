//! Turns earlier answers into parts of later texts.
