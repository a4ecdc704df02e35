//! Turns a compiled rule, a visit and the ledger into gates that pass or do not.
