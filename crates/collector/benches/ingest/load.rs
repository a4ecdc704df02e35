//! Turns one address into answered items a second, as seen by senders that do little else.

use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use crate::{Failure, items};

/// Who sends how much at a time.
#[derive(Clone, Copy)]
pub(crate) struct Shape {
    pub(crate) senders: u32,
    pub(crate) items: u32,
}

impl Shape {
    pub(crate) const fn of(senders: u32, items: u32) -> Self {
        Self { senders, items }
    }
}

/// What senders saw.
#[derive(Default)]
pub(crate) struct Measured {
    /// Items that were answered "accepted".
    pub(crate) items: u64,
    pub(crate) items_per_s: f64,
    /// How long each request took, in order of length.
    took: Vec<Duration>,
}

impl Measured {
    pub(crate) fn new(items: u64, over: Duration, mut took: Vec<Duration>) -> Self {
        took.sort_unstable();
        Self {
            items,
            items_per_s: items as f64 / over.as_secs_f64(),
            took,
        }
    }

    /// How many requests those were.
    pub(crate) fn count(&self) -> usize {
        self.took.len()
    }

    pub(crate) fn quantile_ms(&self, q: f64) -> f64 {
        let at = (self.took.len() as f64 * q) as usize;
        let at = at.min(self.took.len().saturating_sub(1));
        self.took
            .get(at)
            .map_or(0.0, |took| took.as_secs_f64() * 1_000.0)
    }
}

/// Sends for so long.
pub(crate) async fn run(
    address: &str,
    shape: Shape,
    length: Duration,
) -> Result<Measured, Failure> {
    let start = Instant::now();
    let mut senders = JoinSet::new();
    for sender in 0..shape.senders {
        let address = address.to_owned();
        senders
            .spawn(async move { send_until(&address, sender, shape.items, start + length).await });
    }
    let (mut accepted, mut took) = (0, Vec::new());
    while let Some(sent) = senders.join_next().await {
        let (items, times) = sent??;
        accepted += items;
        took.extend(times);
    }
    Ok(Measured::new(accepted, start.elapsed(), took))
}

async fn send_until(
    address: &str,
    sender: u32,
    items: u32,
    end: Instant,
) -> Result<(u64, Vec<Duration>), Failure> {
    let mut connection = Connection::open(address).await?;
    let (mut n, mut accepted, mut took) = (1, 0, Vec::new());
    while Instant::now() < end {
        let request = items::request(sender, n, items);
        let start = Instant::now();
        let answer = connection.ask(&request).await?;
        took.push(start.elapsed());
        if answer.status != 200 {
            return Err(format!("{}: {}", answer.status, answer.body).into());
        }
        accepted += answer.accepted();
        n += items;
    }
    Ok((accepted, took))
}

/// One connection that is kept.
pub(crate) struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: String,
}

impl Answer {
    /// Letters for "accepted": `{"r":"aaa…"}`.
    pub(crate) fn accepted(&self) -> u64 {
        let letters = self.body.strip_prefix(r#"{"r":""#).unwrap_or_default();
        letters.bytes().take_while(|letter| *letter == b'a').count() as u64
    }

    /// Letters for "on disk": accepted now, or at an attempt whose answer came too late.
    pub(crate) fn kept(&self) -> u64 {
        let letters = self.body.strip_prefix(r#"{"r":""#).unwrap_or_default();
        let is_kept = |letter: &u8| matches!(letter, b'a' | b'd');
        letters.bytes().take_while(is_kept).count() as u64
    }
}

impl Connection {
    pub(crate) async fn open(address: &str) -> Result<Self, Failure> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            buffer: Vec::with_capacity(4_096),
        })
    }

    /// Sends a request and reads its answer.
    pub(crate) async fn ask(&mut self, request: &[u8]) -> Result<Answer, Failure> {
        self.stream.write_all(request).await?;
        self.buffer.clear();
        loop {
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                return Err("the connection was closed".into());
            }
            if let Some(answer) = answer_from(&self.buffer)? {
                return Ok(answer);
            }
        }
    }
}

/// The answer, once all of it is there.
fn answer_from(bytes: &[u8]) -> Result<Option<Answer>, Failure> {
    let text = std::str::from_utf8(bytes)?;
    let Some((head, body)) = text.split_once("\r\n\r\n") else {
        return Ok(None);
    };
    let mut lines = head.split("\r\n");
    let status = lines.next().and_then(|line| line.get(9..12)).unwrap_or("");
    let length = lines
        .filter_map(|line| line.split_once(": "))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .map_or("0", |(_, value)| value);
    if body.len() < length.parse()? {
        return Ok(None);
    }
    Ok(Some(Answer {
        status: status.parse()?,
        body: body.to_owned(),
    }))
}
