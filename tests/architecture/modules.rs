//! Which file each module of a crate stands in.

use std::collections::BTreeMap;

use syn::{Attribute, Expr, ExprLit, Item, Lit, Meta};

/// The texts of `.rs` files by their names from the workspace's folder, or a fixture's.
pub(crate) type Sources = BTreeMap<String, String>;

/// A crate: what a `lib.rs`, a `main.rs` or a file in `bin/` makes of the files that it declares.
#[derive(Default)]
pub(crate) struct Crate {
    /// Where the code of each module stands. Modules with a body stand where their parent does.
    files: BTreeMap<Vec<String>, String>,
    /// The modules that are files, with their code.
    pub(crate) parsed: Vec<(Vec<String>, String, syn::File)>,
    /// The names, less `.rs` or `/mod.rs`, of files that only tests have.
    pub(crate) tests: Vec<String>,
}

impl Crate {
    /// Reads the file of a module whose children are in `folder`, and those children.
    pub(crate) fn load(&mut self, sources: &Sources, module: &[String], file: &str, folder: &str) {
        let code =
            syn::parse_file(&sources[file]).unwrap_or_else(|error| panic!("{file}: {error}"));
        self.declare(sources, module, file, folder, &code.items);
        self.parsed.push((module.to_vec(), file.to_owned(), code));
    }

    fn declare(&mut self, of: &Sources, module: &[String], file: &str, dir: &str, items: &[Item]) {
        self.files.insert(module.to_vec(), file.to_owned());
        for item in items {
            let Item::Mod(child) = item else { continue };
            let name = child.ident.to_string();
            let module = [module, std::slice::from_ref(&name)].concat();
            let dir = format!("{dir}/{name}");
            if is_for_tests(&child.attrs) {
                self.tests.push(dir);
            } else if let Some((_, items)) = &child.content {
                self.declare(of, &module, file, &dir, items);
            } else if let Some(path) = child.attrs.iter().find_map(given_path) {
                let file = format!("{}/{path}", folder_of(file));
                self.load(of, &module, &file, folder_of(&file));
            } else {
                let flat = format!("{dir}.rs");
                let nested = format!("{dir}/mod.rs");
                let file = if of.contains_key(&flat) { flat } else { nested };
                self.load(of, &module, &file, &dir);
            }
        }
    }

    /// The file of the deepest module that `path`, written in the module `from`, names: that of
    /// `from` itself if the path starts in another crate.
    pub(crate) fn resolve(&self, from: &[String], path: &[String]) -> Option<&String> {
        let mut module = from.to_vec();
        for segment in path {
            match segment.as_str() {
                "crate" => module.clear(),
                "super" => drop(module.pop()),
                "self" => {}
                name => {
                    module.push(name.to_owned());
                    if !self.files.contains_key(&module) {
                        module.pop();
                        break;
                    }
                }
            }
        }
        self.files.get(&module)
    }
}

pub(crate) fn is_for_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| match &attribute.meta {
        Meta::List(list) => list.path.is_ident("cfg") && list.tokens.to_string() == "test",
        _ => false,
    })
}

/// What `#[path = "…"]` says.
fn given_path(attribute: &Attribute) -> Option<String> {
    match &attribute.meta.require_name_value().ok()?.value {
        Expr::Lit(ExprLit {
            lit: Lit::Str(path),
            ..
        }) if attribute.path().is_ident("path") => Some(path.value()),
        _ => None,
    }
}

pub(crate) fn folder_of(file: &str) -> &str {
    file.rsplit_once('/').map_or("", |(folder, _)| folder)
}
