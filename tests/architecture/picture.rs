//! The files of packages, with the arrows between them.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use syn::visit::Visit;

use crate::imports::Reader;
use crate::modules::{Crate, Sources, folder_of};

/// What the files of the workspace import, and how many lines of code each has.
#[derive(Default)]
pub(crate) struct Picture {
    /// For each file those that it imports, each with one path that does.
    pub(crate) imports: BTreeMap<String, BTreeMap<String, String>>,
    pub(crate) lines: BTreeMap<String, usize>,
}

impl Picture {
    /// Draws a package whose `src/` holds all of `sources`.
    pub(crate) fn add(&mut self, package: &str, src: &str, sources: &Sources) {
        let mut crates = BTreeMap::new();
        for file in sources.keys() {
            let is_library = *file == format!("{src}/lib.rs");
            if is_library || file.ends_with("/main.rs") || folder_of(file) == format!("{src}/bin") {
                let mut root = Crate::default();
                root.load(sources, &[], file, folder_of(file));
                crates.insert(file.clone(), root);
            }
        }
        let name = package.replace('-', "_");
        let library = crates.get(&format!("{src}/lib.rs"));
        for own in crates.values() {
            for (module, file, code) in &own.parsed {
                let mut reader = Reader {
                    own,
                    library: library.map(|library| (name.as_str(), library)),
                    file,
                    module: module.clone(),
                    imports: self.imports.entry(file.clone()).or_default(),
                    tests: Vec::new(),
                };
                reader.visit_file(code);
                let is_code = |(number, line): &(usize, &str)| {
                    let is_test = reader.tests.iter().any(|lines| lines.contains(number));
                    !(is_test || line.is_empty() || line.starts_with("//"))
                };
                let lines = sources[file].lines().map(str::trim);
                let count = (1..).zip(lines).filter(is_code).count();
                self.lines.insert(file.clone(), count);
            }
        }
        // A file that is missed would be free to do what it likes.
        let is_missed = |file: &&String| !self.lines.contains_key(*file);
        for file in sources.keys().filter(is_missed) {
            let is_test = crates.values().flat_map(|own| &own.tests).any(|name| {
                let rest = file.strip_prefix(name.as_str());
                rest.is_some_and(|rest| rest == ".rs" || rest.starts_with('/'))
            });
            assert!(is_test, "no module declares {file}");
        }
    }

    /// The files that `start` leads to, each with the file before it on a shortest way.
    fn ways_from<'a>(&'a self, start: &'a str) -> BTreeMap<&'a str, &'a str> {
        let mut before = BTreeMap::new();
        let mut next = VecDeque::from([start]);
        while let Some(file) = next.pop_front() {
            for target in self.imports[file].keys() {
                before.entry(target.as_str()).or_insert_with(|| {
                    next.push_back(target);
                    file
                });
            }
        }
        before
    }

    /// The sets of files that all lead to each other, each with the shortest way round from its
    /// first file.
    pub(crate) fn circles(&self) -> Vec<(BTreeSet<&str>, Vec<&str>)> {
        let files = self.imports.keys().map(String::as_str);
        let ways: BTreeMap<_, _> = files.map(|file| (file, self.ways_from(file))).collect();
        let mut circles: Vec<(BTreeSet<&str>, Vec<&str>)> = Vec::new();
        for (&start, before) in &ways {
            let is_known = circles.iter().any(|(files, _)| files.contains(start));
            if is_known || !before.contains_key(start) {
                continue;
            }
            let there = before.keys().copied();
            let files = there.filter(|file| ways[file].contains_key(start));
            let back = std::iter::successors(Some(start), |file| Some(before[file]));
            let mut round = vec![start];
            round.extend(back.skip(1).take_while(|file| *file != start));
            round[1..].reverse();
            circles.push((files.collect(), round));
        }
        circles
    }
}
