//! Turns every behaviour of the conformance suite into a test of this backend.

store::conformance_suite!(crate::open);
