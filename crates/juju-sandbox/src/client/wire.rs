//! How a hook tool and the sandbox talk: frames of byte strings over a unix socket.
//!
//! A frame is the number of its fields, then each field's length and bytes; numbers are four
//! bytes, big-endian. A request is `context id, directory, tool, "" or "stdin", stdin, argument…`.
//! A reply is `"done", exit code, stdout, stderr`, or just `"stdin"`, which asks the tool to read
//! its standard input and call again: Juju's own second round (`ErrNoStdin` in `jujuc/server.go`).

use std::io::{self, Read, Write};

/// The maximum length of a field, in bytes: a guard against a peer that speaks another protocol.
const FIELD_LIMIT: u32 = 1 << 28;

/// Writes one frame.
///
/// # Errors
///
/// When the peer is gone, or a field is too long.
pub(crate) fn write(to: &mut impl Write, fields: &[&[u8]]) -> io::Result<()> {
    let mut frame = count(fields.len())?.to_vec();
    for field in fields {
        frame.extend(count(field.len())?);
        frame.extend(*field);
    }
    to.write_all(&frame)?;
    to.flush()
}

/// Reads one frame.
///
/// # Errors
///
/// When the peer is gone before the frame is complete, or what it sends is not a frame.
pub(crate) fn read(from: &mut impl Read) -> io::Result<Vec<Vec<u8>>> {
    let fields = number(from)?;
    (0..fields)
        .map(|_| {
            let length = number(from)?;
            let mut field = Vec::new();
            // Not allocated at once: the peer may claim more than it sends.
            let read = from.take(length.into()).read_to_end(&mut field)?;
            if read as u64 == u64::from(length) {
                Ok(field)
            } else {
                Err(io::ErrorKind::UnexpectedEof.into())
            }
        })
        .collect()
}

fn count(length: usize) -> io::Result<[u8; 4]> {
    u32::try_from(length)
        .ok()
        .filter(|length| *length <= FIELD_LIMIT)
        .map(u32::to_be_bytes)
        .ok_or_else(|| io::ErrorKind::InvalidInput.into())
}

fn number(from: &mut impl Read) -> io::Result<u32> {
    let mut bytes = [0; 4];
    from.read_exact(&mut bytes)?;
    let number = u32::from_be_bytes(bytes);
    if number > FIELD_LIMIT {
        return Err(io::ErrorKind::InvalidData.into());
    }
    Ok(number)
}
