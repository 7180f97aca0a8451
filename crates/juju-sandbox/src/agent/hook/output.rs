//! A charm's output, split into the lines that are logged.

/// The maximum length of a line, in bytes; a longer one becomes several records
/// (`charmrunner/logger.go`).
const LINE_LIMIT: usize = 4096;

/// Bytes that are not yet a whole line.
#[derive(Debug, Default)]
pub(super) struct Lines {
    rest: Vec<u8>,
}

impl Lines {
    /// Adds output, and returns the lines that are now complete.
    pub(super) fn feed(&mut self, bytes: &[u8]) -> Vec<String> {
        self.rest.extend(bytes);
        let mut lines = Vec::new();
        loop {
            let end = self.rest.iter().position(|byte| *byte == b'\n');
            let (length, taken) = match end {
                Some(end) if end <= LINE_LIMIT => (end, end + 1),
                _ if self.rest.len() >= LINE_LIMIT => (LINE_LIMIT, LINE_LIMIT),
                _ => return lines,
            };
            lines.push(text(&self.rest[..length]));
            self.rest.drain(..taken);
        }
    }

    /// The last line, if it has no newline.
    pub(super) fn finish(self) -> Option<String> {
        (!self.rest.is_empty()).then(|| text(&self.rest))
    }
}

fn text(line: &[u8]) -> String {
    String::from_utf8_lossy(line.strip_suffix(b"\r").unwrap_or(line)).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines() {
        let mut lines = Lines::default();
        assert_eq!(lines.feed(b"a\nb"), ["a"]);
        assert_eq!(lines.feed(b"c\r\n\nd"), ["bc", ""]);
        assert_eq!(lines.finish().as_deref(), Some("d"));
        let long = "x".repeat(LINE_LIMIT + 3);
        let cut: Vec<usize> = Lines::default()
            .feed(format!("{long}\n").as_bytes())
            .iter()
            .map(String::len)
            .collect();
        assert_eq!(cut, [LINE_LIMIT, 3]);
    }
}
