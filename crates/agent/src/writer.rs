//! Turns numbers, texts and ids into the bytes that [`survey::bytes::Reader`] reads.

use uuid::Uuid;

/// Bytes that grow.
#[derive(Debug, Default)]
pub(crate) struct Writer(pub(crate) Vec<u8>);

impl Writer {
    pub(crate) fn number(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.0.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.0.push(number as u8);
    }

    pub(crate) fn bytes(&mut self, bytes: &[u8]) {
        self.number(bytes.len() as u64);
        self.0.extend_from_slice(bytes);
    }

    pub(crate) fn id(&mut self, id: Uuid) {
        self.0.extend_from_slice(id.as_bytes());
    }
}
