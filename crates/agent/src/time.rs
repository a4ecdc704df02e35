//! Turns what the page knows about time and chance into values, so that the agent asks for neither.

/// Both clocks of the page at one instant; every input carries one.
///
/// The wall clock dates what must be understood elsewhere or later; the monotonic one measures
/// every wait and every age, because a wall clock jumps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Now {
    /// Milliseconds since 1970 (UTC), as the page believes them: `Date.now()`.
    pub wall_ms: u64,
    /// Milliseconds since the page began: `performance.now()`. Never goes back.
    pub mono_ms: u64,
}

/// Where random bytes come from: the browser's generator in a page, a counter in a test.
pub trait Entropy {
    /// Overwrites every byte of `bytes`.
    fn fill(&mut self, bytes: &mut [u8]);

    /// A number from 0 up to, not including, `below`; 0 when `below` is 0.
    fn below(&mut self, below: u32) -> u32 {
        let mut bytes = [0; 4];
        self.fill(&mut bytes);
        let scaled = u64::from(u32::from_le_bytes(bytes)) * u64::from(below);
        (scaled >> 32) as u32
    }

    /// The random part of a new id.
    fn ten(&mut self) -> [u8; 10] {
        let mut bytes = [0; 10];
        self.fill(&mut bytes);
        bytes
    }
}
