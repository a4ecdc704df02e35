//! Turns bytes into a survey's definition that keeps its promises, or into a finding.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| firsthand_fuzz::survey(bytes));
