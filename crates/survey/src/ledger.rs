//! Turns what happened to surveys in this browser into what is remembered of them.
