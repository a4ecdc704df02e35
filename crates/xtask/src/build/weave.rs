//! Turns a wasm module into the same bytes sorted by what they stand for, which compress better.
//!
//! Between two instructions of a kind stand numbers of another kind: a compressor that reads bytes in their
//! order learns neither. Sorted, a tenth of the agent is gone once it is compressed, beyond what puts it
//! together again: `pkg/sdk/src/agent/unweave.ts`. Fonts travel like this, too (WOFF 2.0, section 5).
//!
//! What is written: for each opcode what follows it ([`KINDS`]), where each stream begins (u16, little-endian), the streams.

use anyhow::{Context as _, Result, bail, ensure};

/// The streams, in this order.
#[derive(Clone, Copy)]
enum Stream {
    /// Everything up to the first function body.
    Head,
    /// Opcodes, types of blocks, and what hardly ever differs.
    Op,
    /// Groups of local variables.
    Groups,
    Local,
    I32,
    Call,
    Align,
    Offset,
    /// How far branches go; bytes of floating-point numbers.
    Branch,
    I64,
    /// Everything after the last function body.
    Tail,
}

const STREAMS: usize = Stream::Tail as usize + 1;
/// Bytes that say how long a function body is: three groups of seven bits.
const SIZE_BYTES: usize = 3;
const END: u8 = 0x0b;
const BR_TABLE: u8 = 0x0e;
const F32_CONST: u8 = 0x43;
const F64_CONST: u8 = 0x44;
const PREFIX: u8 = 0xfc;
const CODE: u8 = 10;

/// Streams of the one or two numbers that follow an opcode: the first in the lower four bits; 0 stands for none.
const KINDS: [u8; 256] = {
    let mut kinds = [0; 256];
    let op = Stream::Op as u8;
    let call = Stream::Call as u8;
    let mut at = 0;
    while at < 256 {
        kinds[at] = match at {
            // Types of block, loop, if; globals; the memory's number and size; what a prefix stands before.
            0x02..=0x04 | 0x23 | 0x24 | 0x3f | 0x40 | 0xfc => op,
            0x0c..=0x0e => Stream::Branch as u8,
            0x10 => call,
            0x11 => call | call << 4,
            0x20..=0x22 => Stream::Local as u8,
            0x28..=0x3e => Stream::Align as u8 | (Stream::Offset as u8) << 4,
            0x41 => Stream::I32 as u8,
            0x42 => Stream::I64 as u8,
            _ => 0,
        };
        at += 1;
    }
    kinds
};

/// Sorts the bytes of `wasm`.
///
/// # Errors
/// When it is no module, or has an instruction that is not known here.
pub(super) fn weave(wasm: &[u8]) -> Result<Vec<u8>> {
    let mut weaver = Weaver {
        rest: wasm,
        streams: Default::default(),
    };
    weaver.module().context("cannot weave")?;
    let mut woven = KINDS.to_vec();
    let mut at = KINDS.len() + STREAMS * 2;
    for stream in &weaver.streams {
        let begin = u16::try_from(at).context("too large to be woven")?;
        woven.extend_from_slice(&begin.to_le_bytes());
        at += stream.len();
    }
    woven.extend(weaver.streams.iter().flatten());
    Ok(woven)
}

/// Reads the binary format: <https://webassembly.github.io/spec/core/binary/modules.html>.
struct Weaver<'a> {
    rest: &'a [u8],
    streams: [Vec<u8>; STREAMS],
}

impl Weaver<'_> {
    fn module(&mut self) -> Result<()> {
        self.copy(Stream::Head, 8)?;
        while self.rest.first().context("no code")? != &CODE {
            self.copy(Stream::Head, 1)?;
            let size = self.length(Stream::Head)?;
            self.copy(Stream::Head, size)?;
        }
        self.take(1)?;
        let size = self.skipped()?;
        let after = self.rest.len().checked_sub(size).context("cut short")?;
        let count = self.skipped()?;
        let mut total = 0;
        for _ in 0..count {
            total += SIZE_BYTES + self.function()?;
        }
        ensure!(self.rest.len() == after, "the code ends early");
        let mut head = vec![CODE];
        let count = leb(count);
        head.extend(leb(total + count.len()));
        head.extend(count);
        self.streams[Stream::Head as usize].extend(head);
        self.copy(Stream::Tail, after)
    }

    /// Sorts the bytes of one function, and tells how many they are.
    fn function(&mut self) -> Result<usize> {
        let size = self.skipped()?;
        ensure!(size >> (7 * SIZE_BYTES) == 0, "a function is too long");
        let after = self.rest.len().checked_sub(size).context("cut short")?;
        for _ in 0..self.small(Stream::Groups)? {
            self.number(Stream::Groups)?;
            self.small(Stream::Groups)?;
        }
        let mut depth = 1;
        while depth > 0 {
            match self.instruction()? {
                0x02..=0x04 => depth += 1,
                END => depth -= 1,
                _ => {}
            }
        }
        ensure!(self.rest.len() == after, "a function has another end");
        Ok(size)
    }

    fn instruction(&mut self) -> Result<u8> {
        let op = self.copy(Stream::Op, 1).map(|()| self.last(Stream::Op))?;
        match op {
            0x02..=0x04 => _ = self.small(Stream::Op)?,
            BR_TABLE => {
                let more = self.small(Stream::Branch)? + 1;
                for _ in 0..more {
                    self.small(Stream::Branch)?;
                }
            }
            F32_CONST => self.copy(Stream::Branch, 4)?,
            F64_CONST => self.copy(Stream::Branch, 8)?,
            PREFIX => match self.small(Stream::Op)? {
                0..=7 => {}
                // Copies and fills memory: which.
                which @ (10 | 11) => self.copy(Stream::Branch, 12 - which)?,
                which => bail!("the instruction fc {which:x} is not known"),
            },
            0x00 | 0x01 | 0x05 | END | 0x0f | 0x1a | 0x1b | 0x45..=0xc4 => {}
            op => {
                let kinds = KINDS[usize::from(op)];
                ensure!(kinds > 0, "the instruction {op:x} is not known");
                for kind in [kinds & 15, kinds >> 4].into_iter().filter(|it| *it > 0) {
                    self.number_in(usize::from(kind))?;
                }
            }
        }
        Ok(op)
    }

    fn take(&mut self, n: usize) -> Result<&[u8]> {
        let (taken, rest) = self.rest.split_at_checked(n).context("cut short")?;
        self.rest = rest;
        Ok(taken)
    }

    fn copy(&mut self, to: Stream, n: usize) -> Result<()> {
        let taken = self.take(n)?.to_vec();
        self.streams[to as usize].extend(taken);
        Ok(())
    }

    fn last(&self, of: Stream) -> u8 {
        self.streams[of as usize]
            .last()
            .copied()
            .unwrap_or_default()
    }

    fn number(&mut self, to: Stream) -> Result<()> {
        self.number_in(to as usize)
    }

    /// A number as it is written: groups of seven bits.
    fn number_in(&mut self, to: usize) -> Result<()> {
        let n = self.rest.iter().take_while(|byte| **byte > 127).count() + 1;
        let taken = self.take(n)?.to_vec();
        self.streams[to].extend(taken);
        Ok(())
    }

    /// A number of one byte: whoever reads it does not reckon with more.
    fn small(&mut self, to: Stream) -> Result<usize> {
        self.copy(to, 1)?;
        let number = self.last(to);
        ensure!(number < 128, "{number} is too large");
        Ok(number.into())
    }

    /// A length that is also written.
    fn length(&mut self, to: Stream) -> Result<usize> {
        let before = self.rest;
        let length = self.skipped()?;
        let written = before.len() - self.rest.len();
        self.streams[to as usize].extend_from_slice(&before[..written]);
        Ok(length)
    }

    fn skipped(&mut self) -> Result<usize> {
        let mut value = 0;
        for shift in (0..35).step_by(7) {
            let byte = self.take(1)?[0];
            value |= usize::from(byte & 127) << shift;
            if byte < 128 {
                return Ok(value);
            }
        }
        bail!("a length has no end")
    }
}

/// An unsigned LEB128 number.
fn leb(mut number: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    while number > 127 {
        bytes.push(number as u8 | 128);
        number >>= 7;
    }
    bytes.push(number as u8);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A module with an instruction of every kind, as it is and woven; the SDK's tests run what becomes of it.
    const MODULE: &[u8] = include_bytes!("../../../../tests/fixtures/woven/module.wasm");
    const WOVEN: &[u8] = include_bytes!("../../../../tests/fixtures/woven/module.woven");

    #[test]
    fn bytes_are_sorted_and_none_is_lost() {
        assert_eq!(weave(MODULE).unwrap(), WOVEN);
    }

    #[test]
    fn what_is_no_module_is_refused() {
        // Its end is data, which nobody looks into.
        const DATA: usize = 13;
        for end in 0..MODULE.len() - DATA {
            assert!(weave(&MODULE[..end]).is_err(), "cut at {end}");
        }
        // `select` with a type, which nobody could put together again.
        let select = b"\0asm\x01\0\0\0\x0a\x09\x01\x07\0\x1c\x01\x7f\x0b\0\0";
        let error = weave(select).unwrap_err();
        assert_eq!(
            format!("{error:#}"),
            "cannot weave: the instruction 1c is not known"
        );
    }
}
