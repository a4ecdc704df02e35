//! Turns bytes into a body that is not compressed and ends in outcomes, or into a finding.

#![no_main]

use std::sync::LazyLock;

use collector::DryRun;
use protocol::envelope::Encoding;

static SITE: LazyLock<DryRun> = LazyLock::new(firsthand_fuzz::site);

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    firsthand_fuzz::body(&SITE, Encoding::Identity, bytes);
});
