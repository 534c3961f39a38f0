//! A text in pieces of whole records, read without keeping what is done with.

use std::io::Read;

use super::dialect::Dialect;
use crate::error::{Error, ErrorKind, Result};
use crate::numeric::parallel;
use crate::survey::responses::PIECE;

/// How much is read at once, at least.
const CHUNK: usize = 1 << 18;

/// A text that is being read.
pub(super) struct Pieces<R> {
    input: R,
    buffer: Vec<u8>,
    /// How much of the buffer has been given away as pieces.
    used: usize,
    /// Where the record begins whose end is to be found next.
    scanned: usize,
    ended: bool,
    /// Lines before `scanned`.
    lines: u64,
    /// Rows before `scanned`, the header aside.
    rows: usize,
}

/// As many rows as one thread takes in before the next piece, empty lines aside; the last piece may have fewer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Piece {
    start: usize,
    end: usize,
    /// The number of its first row, from 1.
    pub(super) first_row: usize,
    /// The number of its first line, from 1.
    pub(super) first_line: u64,
}

impl<R: Read> Pieces<R> {
    pub(super) fn new(input: R, lines: u64) -> Self {
        Self { input, buffer: Vec::new(), used: 0, scanned: 0, ended: false, lines, rows: 0 }
    }

    /// The beginning of the text: its first records in all likelihood.
    pub(super) fn head(&mut self) -> Result<&[u8]> {
        self.fill(CHUNK)?;
        Ok(&self.buffer)
    }

    /// The first record that is not empty, without its terminator.
    pub(super) fn header(&mut self, dialect: Dialect) -> Result<Option<Vec<u8>>> {
        while let Some(end) = self.next_record(dialect)? {
            let record = dialect.trim_end(&self.buffer[self.used..end]).to_vec();
            self.used = end;
            if !record.is_empty() {
                return Ok(Some(record));
            }
        }
        Ok(None)
    }

    /// The next pieces, one for each thread; none at the end of the text.
    pub(super) fn next_batch(&mut self, dialect: Dialect) -> Result<Vec<Piece>> {
        self.buffer.drain(..self.used);
        self.scanned -= self.used;
        self.used = 0;
        let mut pieces = Vec::new();
        while pieces.len() < parallel::threads() {
            let (start, first_row, first_line) = (self.scanned, self.rows + 1, self.lines + 1);
            while self.rows + 1 < first_row + PIECE {
                let before = self.scanned;
                let Some(end) = self.next_record(dialect)? else { break };
                self.rows += usize::from(!dialect.trim_end(&self.buffer[before..end]).is_empty());
            }
            if self.rows + 1 == first_row {
                break;
            }
            pieces.push(Piece { start, end: self.scanned, first_row, first_line });
        }
        self.used = self.scanned;
        Ok(pieces)
    }

    /// How many rows have been met.
    pub(super) fn rows(&self) -> usize {
        self.rows
    }

    /// The records of a piece of the present batch.
    pub(super) fn text(&self, piece: Piece) -> &[u8] {
        &self.buffer[piece.start..piece.end]
    }

    /// Goes on to the end of the next record, if there is one, reading as needed.
    fn next_record(&mut self, dialect: Dialect) -> Result<Option<usize>> {
        let mut chunk = CHUNK;
        let end = loop {
            if let Some(end) = dialect.record_end(&self.buffer, self.scanned) {
                break end;
            }
            if self.ended {
                break self.buffer.len();
            }
            self.fill(chunk)?;
            // A record that does not end is not searched again and again.
            chunk *= 2;
        };
        if end == self.scanned {
            return Ok(None);
        }
        let record = &self.buffer[self.scanned..end];
        let breaks = || memchr::memchr_iter(dialect.terminator, record).count() as u64;
        self.lines += if memchr::memchr(b'"', record).is_some() { breaks() } else { 1 };
        self.scanned = end;
        Ok(Some(end))
    }

    /// Reads so many further bytes, or to the end.
    fn fill(&mut self, count: usize) -> Result<()> {
        let read = self.input.by_ref().take(count as u64).read_to_end(&mut self.buffer);
        let read = read.map_err(|error| {
            Error::from(ErrorKind::Unreadable { place: "the input".into(), reason: error.to_string() })
        })?;
        self.ended = read < count;
        Ok(())
    }
}
