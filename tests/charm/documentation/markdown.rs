//! Reading Markdown, as far as these pages go.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

pub(super) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

pub(super) fn read(path: impl AsRef<Path>) -> String {
    let path = root().join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The headings of `text` with what is below each, up to the next of its own level
/// or a higher one.
pub(super) fn sections(text: &str) -> Vec<(usize, String, String)> {
    let mut fenced = false;
    let mut sections: Vec<(usize, String, String)> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    for line in text.lines() {
        fenced ^= line.trim_start().starts_with("```");
        let level = line.chars().take_while(|c| *c == '#').count();
        if !fenced && level > 0 && line[level..].starts_with(' ') {
            open.retain(|at| sections[*at].0 < level);
            for &at in &open {
                sections[at].2 += line;
                sections[at].2 += "\n";
            }
            open.push(sections.len());
            sections.push((level, line[level..].trim().to_owned(), String::new()));
        } else {
            for &at in &open {
                sections[at].2 += line;
                sections[at].2 += "\n";
            }
        }
    }
    sections
}

/// What is below `heading` on a page.
pub(super) fn section(page: &str, heading: &str) -> String {
    let found = sections(page)
        .into_iter()
        .find(|(_, title, _)| title == heading);
    found.unwrap_or_else(|| panic!("a heading {heading:?}")).2
}

/// The rows of every table in `text` whose first column is called `header`.
pub(super) fn table(text: &str, header: &str) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    let mut wanted = None;
    for line in text.lines() {
        let Some(line) = line.strip_prefix("| ") else {
            wanted = None;
            continue;
        };
        let line = line.replace("\\|", "\0");
        let cells: Vec<_> = line
            .trim_end()
            .trim_end_matches('|')
            .split('|')
            .map(|cell| cell.trim().replace('\0', "|"))
            .collect();
        match wanted {
            None => wanted = Some(cells[0] == header),
            Some(true) if cells[0] != "---" => rows.push(cells),
            Some(_) => {}
        }
    }
    rows
}

/// The texts in backticks.
pub(super) fn code(cell: &str) -> Vec<String> {
    let fence = if cell.contains("``") { "``" } else { "`" };
    let parts = cell.split(fence).skip(1).step_by(2);
    parts.map(str::to_owned).collect()
}

/// The first text in backticks of a cell.
pub(super) fn first_code(cell: &str) -> String {
    code(cell).into_iter().next().unwrap_or_default()
}

/// `text` on one line.
pub(super) fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether `text` is `pattern`, in which `<n>` stands for a number, `<id>` and other
/// words of [`ONE_WORD`] for something without spaces, and any other `<word>` for
/// some text.
pub(super) fn matches(pattern: &str, text: &str) -> bool {
    const ONE_WORD: [&str; 7] = ["app", "id", "key", "kind", "option", "relation", "tool"];

    let wild = pattern
        .find('<')
        .and_then(|start| Some((start, start + pattern[start..].find('>')?)));
    let Some((start, end)) = wild else {
        return pattern == text;
    };
    let Some(rest) = text.strip_prefix(&pattern[..start]) else {
        return false;
    };
    let fits = |c: char| match &pattern[start + 1..end] {
        "n" => c.is_ascii_digit(),
        word => c != ' ' || !ONE_WORD.contains(&word),
    };
    let mut cuts = rest
        .char_indices()
        .take_while(|(_, c)| fits(*c))
        .map(|(at, c)| at + c.len_utf8());
    cuts.any(|cut| matches(&pattern[end + 1..], &rest[cut..]))
}

/// Says which of `patterns` match no text, and which texts match no pattern.
pub(super) fn assert_alike(what: &str, patterns: &[String], texts: &BTreeSet<String>) {
    for text in texts {
        assert!(
            patterns.iter().any(|pattern| matches(pattern, text)),
            "{what}: the page lacks {text}"
        );
    }
    for pattern in patterns {
        assert!(
            texts.iter().any(|text| matches(pattern, text)),
            "{what}: nothing says {pattern}"
        );
    }
}

pub(super) fn pages(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() && !name.starts_with('.') && name != "target" {
            found.extend(pages(&path));
        } else if path.extension().is_some_and(|extension| extension == "md") {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The code blocks in `language` on a page, without the indentation of a list.
pub(super) fn blocks(page: &str, language: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut block: Option<(usize, String)> = None;
    for line in page.lines() {
        let indent = line.len() - line.trim_start().len();
        match &mut block {
            None if line.trim_start() == format!("```{language}") => {
                block = Some((indent, String::new()));
            }
            None => {}
            Some(_) if line.trim() == "```" => blocks.push(block.take().unwrap().1),
            Some((margin, text)) => {
                *text += line.get(*margin..).unwrap_or_default();
                *text += "\n";
            }
        }
    }
    blocks
}

/// The commands in a block, each as its words. What is behind a pipe is left out.
pub(super) fn commands(block: &str) -> Vec<Vec<String>> {
    let joined = block.replace("\\\n", " ");
    joined
        .lines()
        .map(words)
        .filter(|one| !one.is_empty())
        .collect()
}

pub(super) fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quote, mut started) = (Vec::new(), String::new(), None, false);
    for c in line.chars() {
        match (c, quote) {
            ('"' | '\'', None) => (quote, started) = (Some(c), true),
            (c, Some(mark)) if c == mark => quote = None,
            (' ', None) => {
                if std::mem::take(&mut started) {
                    words.push(std::mem::take(&mut word));
                }
            }
            ('|', None) => break,
            (c, _) => {
                started = true;
                word.push(c);
            }
        }
    }
    if started {
        words.push(word);
    }
    words
}

/// The anchor that GitHub makes of a heading.
pub(super) fn slug(title: &str) -> String {
    let kept = title
        .to_lowercase()
        .chars()
        .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'))
        .collect::<String>();
    kept.replace(' ', "-")
}
