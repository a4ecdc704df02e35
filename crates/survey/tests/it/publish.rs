//! Turns broken surveys into what is said of them.
