//! The file that the log is in: a record on each line, as JSON. It only grows.

use crate::error::Error;
use crate::log::LogRecord;
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// Reads the log, and what is added to it later. A line is read once it is complete: whoever was
/// writing the last one may still be at it, or may have been killed.
#[derive(Debug)]
pub(crate) struct LogReader {
    path: PathBuf,
    file: Option<File>,
    /// The number of lines that have been read.
    lines: usize,
    /// Their length.
    length: u64,
}

impl LogReader {
    /// A reader from the start; a file that does not exist is an empty log.
    pub(crate) fn open(path: &Path) -> Result<Self, Error> {
        let file = match File::open(path) {
            Ok(file) => Some(file),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(reading(path)(error)),
        };
        Ok(Self {
            path: path.to_owned(),
            file,
            lines: 0,
            length: 0,
        })
    }

    /// The records since the last call.
    pub(crate) fn records(&mut self) -> Result<Vec<LogRecord>, Error> {
        if self.file.is_none() {
            // Nothing has been logged yet, or had not been.
            self.file = Self::open(&self.path)?.file;
        }
        let Some(file) = &mut self.file else {
            return Ok(Vec::new());
        };
        // The start of a line is read again later: it may be another one by then.
        let mut text = Vec::new();
        file.seek(SeekFrom::Start(self.length))
            .and_then(|_| file.read_to_end(&mut text))
            .map_err(reading(&self.path))?;
        let end = text.iter().rposition(|byte| *byte == b'\n');
        text.truncate(end.map_or(0, |end| end + 1));
        self.length += text.len() as u64;
        let mut records = Vec::new();
        for line in text.split_inclusive(|byte| *byte == b'\n') {
            self.lines += 1;
            let record = serde_json::from_slice(line).map_err(|source| Error::Log {
                path: self.path.display().to_string(),
                line: self.lines,
                source,
            })?;
            records.push(record);
        }
        Ok(records)
    }

    /// Whether the file has been removed, with its model.
    pub(crate) fn is_gone(&self) -> bool {
        let file = self.file.as_ref();
        file.is_some_and(|file| file.metadata().is_ok_and(|metadata| metadata.nlink() == 0))
    }
}

fn reading(path: &Path) -> impl FnOnce(io::Error) -> Error {
    Error::io(format!("read {}", path.display()))
}

/// Adds records to the log.
#[derive(Debug)]
pub(crate) struct LogWriter {
    path: PathBuf,
    file: Option<File>,
    /// The length of what is there and complete.
    length: u64,
    /// How many of the model's records are in the file.
    written: usize,
}

impl LogWriter {
    /// For a new log, whose file does not exist.
    pub(crate) fn new(path: PathBuf) -> Self {
        Self {
            path,
            file: None,
            length: 0,
            written: 0,
        }
    }

    /// Reads the log, and goes on after its last complete line.
    pub(crate) fn resume(path: PathBuf) -> Result<(Self, Vec<LogRecord>), Error> {
        let mut reader = LogReader::open(&path)?;
        let records = reader.records()?;
        let mut writer = Self::new(path);
        writer.length = reader.length;
        writer.written = records.len();
        Ok((writer, records))
    }

    /// Writes the records that are not in the file yet, each of them at once.
    pub(crate) fn write(&mut self, records: &[LogRecord]) -> Result<(), Error> {
        let doing = || Error::io(format!("write {}", self.path.display()));
        for record in records.get(self.written..).unwrap_or_default() {
            let file = match &mut self.file {
                Some(file) => file,
                none => {
                    let file = OpenOptions::new()
                        .append(true)
                        .create(true)
                        .mode(0o600)
                        .open(&self.path)
                        .map_err(doing())?;
                    file.set_len(self.length).map_err(doing())?;
                    none.insert(file)
                }
            };
            let mut line = serde_json::to_vec(record).map_err(|error| doing()(error.into()))?;
            line.push(b'\n');
            file.write_all(&line).map_err(doing())?;
            self.length += line.len() as u64;
            self.written += 1;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Timestamp;
    use crate::log::Level;

    fn record(message: &str) -> LogRecord {
        LogRecord {
            time: Timestamp(1),
            unit: "a/0".into(),
            module: "m".into(),
            level: Level::Info,
            message: message.into(),
        }
    }

    #[test]
    fn a_half_written_line_is_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log");
        let mut log = vec![record("one\ntwo")];
        LogWriter::new(path.clone()).write(&log).unwrap();
        let whole = std::fs::read(&path).unwrap();
        for cut in 1..whole.len() {
            let half = [&whole, &whole[..cut]].concat();
            std::fs::write(&path, half).unwrap();
            let mut reader = LogReader::open(&path).unwrap();
            assert_eq!(reader.records().unwrap(), log, "{cut}");
            let (mut writer, read) = LogWriter::resume(path.clone()).unwrap();
            assert_eq!(read, log, "{cut}");
            log.push(record("three"));
            writer.write(&log).unwrap();
            let read = LogReader::open(&path).unwrap().records().unwrap();
            assert_eq!(read, log, "{cut}");
            assert_eq!(reader.records().unwrap(), log[1..], "{cut}");
            log.pop();
        }
    }

    #[test]
    fn what_is_added_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log");
        let mut reader = LogReader::open(&path).unwrap();
        assert_eq!(reader.records().unwrap(), []);
        let mut writer = LogWriter::new(path.clone());
        let log = ["one", "two"].map(record);
        for count in 1..=2 {
            writer.write(&log[..count]).unwrap();
            assert_eq!(reader.records().unwrap(), log[count - 1..count]);
        }
        assert!(!reader.is_gone());
        std::fs::remove_file(&path).unwrap();
        assert!(reader.is_gone());
    }

    #[test]
    fn a_line_that_is_no_record() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log");
        LogWriter::new(path.clone()).write(&[record("x")]).unwrap();
        let whole = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, whole + "{}\n").unwrap();
        let error = LogReader::open(&path).unwrap().records().unwrap_err();
        assert!(error.to_string().contains("line 2"), "{error}");
    }
}
