//! UTF-16 read as UTF-8.

use std::io::{Chain, Cursor, Error, ErrorKind, Read, Result};

/// A text as UTF-8, whether it came so or as UTF-16.
#[derive(Debug)]
pub(crate) struct Decoded<R> {
    input: Chain<Cursor<Vec<u8>>, R>,
    /// Which byte of a unit comes first; `None` for UTF-8.
    order: Option<Order>,
    /// Bytes of a character whose end has not been read.
    rest: Vec<u8>,
    /// What was decoded and not yet given.
    ready: Cursor<Vec<u8>>,
}

/// Which byte of a unit of UTF-16 comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    Little,
    Big,
}

impl<R: Read> Decoded<R> {
    /// A text whose first bytes have been read already.
    pub(crate) fn new(start: Vec<u8>, input: R) -> Self {
        let order = order(&start);
        let marked = start.starts_with(b"\xff\xfe") || start.starts_with(b"\xfe\xff");
        let mut start = Cursor::new(start);
        start.set_position(if marked { 2 } else { 0 });
        Self { input: start.chain(input), order, rest: Vec::new(), ready: Cursor::default() }
    }

    /// Reads and decodes some more; nothing is ready at the end of the text.
    fn decode(&mut self, order: Order) -> Result<()> {
        const BYTES: u64 = 1 << 13;
        let mut bytes = std::mem::take(&mut self.rest);
        let before = bytes.len();
        let read = self.input.by_ref().take(BYTES).read_to_end(&mut bytes)?;
        let unit = |pair: &[u8]| match order {
            Order::Little => u16::from_le_bytes([pair[0], pair[1]]),
            Order::Big => u16::from_be_bytes([pair[0], pair[1]]),
        };
        let mut whole = bytes.len() / 2 * 2;
        let is_first_half = |unit: u16| (0xD800..0xDC00).contains(&unit);
        if read > 0 && whole >= 2 && is_first_half(unit(&bytes[whole - 2..whole])) {
            whole -= 2;
        }
        let broken = || Error::new(ErrorKind::InvalidData, "it is UTF-16 with half a character in it");
        if read == 0 && before > 0 {
            return Err(broken());
        }
        let units = bytes[..whole].chunks_exact(2).map(unit);
        let text = char::decode_utf16(units).collect::<std::result::Result<String, _>>().map_err(|_| broken())?;
        self.rest = bytes.split_off(whole);
        self.ready = Cursor::new(text.into_bytes());
        Ok(())
    }
}

impl<R: Read> Read for Decoded<R> {
    fn read(&mut self, into: &mut [u8]) -> Result<usize> {
        let Some(order) = self.order else { return self.input.read(into) };
        loop {
            let given = self.ready.read(into)?;
            if given > 0 || into.is_empty() {
                return Ok(given);
            }
            let waiting = self.rest.len();
            self.decode(order)?;
            if self.ready.get_ref().is_empty() && self.rest.len() == waiting {
                return Ok(0);
            }
        }
    }
}

/// The order of bytes, if the text is UTF-16: its mark says so, or it has a zero beside nearly every digit, blank, comma
/// and line end.
fn order(start: &[u8]) -> Option<Order> {
    match start {
        [0xFF, 0xFE, ..] => return Some(Order::Little),
        [0xFE, 0xFF, ..] => return Some(Order::Big),
        _ => {}
    }
    let fits = |low: usize| {
        let pairs = start.chunks_exact(2).map(|pair| (pair[low], pair[1 - low]));
        let common = |byte: u8| byte.is_ascii_digit() || b" ,;\t\r\n".contains(&byte);
        let (mut zeros, mut others) = (0_usize, 0_usize);
        for (_, high) in pairs.filter(|(low, _)| common(*low)) {
            if high == 0 { zeros += 1 } else { others += 1 }
        }
        zeros > 3 * others
    };
    match (fits(0), fits(1)) {
        (true, false) => Some(Order::Little),
        (false, true) => Some(Order::Big),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(bytes: &[u8]) -> Result<String> {
        let (start, rest) = bytes.split_at(bytes.len().min(64));
        let mut text = String::new();
        Decoded::new(start.to_vec(), rest).read_to_string(&mut text).map(|_| text)
    }

    #[test]
    fn both_orders_with_and_without_mark() {
        let long = "满意度,q2\r\n7,8\r\n😀,9\r\n".repeat(2000);
        for text in ["a,b\n1,2\n", "名,q2\n7,8\n", long.as_str()] {
            let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
            let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
            for bytes in [
                little.clone(),
                big.clone(),
                [b"\xff\xfe".as_slice(), &little].concat(),
                [b"\xfe\xff".as_slice(), &big].concat(),
                text.as_bytes().to_vec(),
            ] {
                assert!(decoded(&bytes).unwrap() == text);
            }
        }
        assert_eq!(decoded(b"").unwrap(), "");
    }

    #[test]
    fn half_characters_are_refused() {
        for bytes in [b"\xff\xfea\x00b".as_slice(), b"\xff\xfe\x3d\xd8", b"\xff\xfe\x3d\xd8a\x00"] {
            assert!(decoded(bytes).unwrap_err().to_string().contains("half a character"), "{bytes:?}");
        }
    }
}
