//! What the code of one file imports.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{Attribute, Item, UseTree};

use crate::modules::{Crate, is_for_tests};

/// Collects what one file imports, less what only its tests do.
pub(crate) struct Reader<'a> {
    pub(crate) own: &'a Crate,
    /// The package's library under its name, by which its programs import it.
    pub(crate) library: Option<(&'a str, &'a Crate)>,
    pub(crate) file: &'a str,
    pub(crate) module: Vec<String>,
    pub(crate) imports: &'a mut BTreeMap<String, String>,
    /// The lines of test modules, which stand in most files.
    pub(crate) tests: Vec<RangeInclusive<usize>>,
}

impl Reader<'_> {
    /// Adds the file that a path leads to.
    fn import(&mut self, path: &[String]) {
        let target = match self.library {
            Some((name, library)) if path.first().is_some_and(|first| first == name) => {
                library.resolve(&[], &[&["crate".to_owned()], &path[1..]].concat())
            }
            _ => self.own.resolve(&self.module, path),
        };
        if let Some(target) = target.filter(|target| *target != self.file) {
            let target = self.imports.entry(target.clone());
            target.or_insert_with(|| path.join("::"));
        }
    }

    /// A path outside of a `use`: a single name is not a module's, but perhaps a variable's.
    fn mention(&mut self, path: &[String]) {
        if path.len() > 1 {
            self.import(path);
        }
    }

    fn import_tree(&mut self, mut path: Vec<String>, tree: &UseTree) {
        match tree {
            UseTree::Path(step) => {
                path.push(step.ident.to_string());
                return self.import_tree(path, &step.tree);
            }
            UseTree::Group(group) => {
                let trees = group.items.iter();
                return trees.for_each(|tree| self.import_tree(path.clone(), tree));
            }
            UseTree::Name(leaf) => path.push(leaf.ident.to_string()),
            UseTree::Rename(leaf) => path.push(leaf.ident.to_string()),
            UseTree::Glob(_) => {}
        }
        self.import(&path);
    }

    /// Finds paths where only the macro knows the syntax; serde has them in strings.
    fn scan(&mut self, tokens: TokenStream) {
        let mut path: Vec<String> = Vec::new();
        let mut colons = 0;
        for token in tokens {
            match token {
                TokenTree::Punct(mark) if mark.as_char() == ':' => {
                    colons += 1;
                    continue;
                }
                TokenTree::Ident(name) => {
                    if colons != 2 {
                        self.mention(&std::mem::take(&mut path));
                    }
                    path.push(name.to_string());
                }
                TokenTree::Group(group) => self.scan(group.stream()),
                TokenTree::Literal(literal) => {
                    let text = literal.to_string();
                    let names = text.trim_matches('"').split("::").map(str::to_owned);
                    self.mention(&names.collect::<Vec<_>>());
                }
                TokenTree::Punct(_) => {}
            }
            colons = 0;
        }
        self.mention(&path);
    }
}

impl<'ast> Visit<'ast> for Reader<'_> {
    fn visit_item(&mut self, item: &'ast Item) {
        if !is_for_tests(attributes(item)) {
            visit::visit_item(self, item);
        } else if let Item::Mod(tests) = item {
            if let Some((body, _)) = &tests.content {
                let first = tests.attrs[0].pound_token.span.start().line;
                self.tests.push(first..=body.span.close().end().line);
            }
        }
    }

    fn visit_impl_item_fn(&mut self, function: &'ast syn::ImplItemFn) {
        if !is_for_tests(&function.attrs) {
            visit::visit_impl_item_fn(self, function);
        }
    }

    fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
        self.module.push(module.ident.to_string());
        visit::visit_item_mod(self, module);
        self.module.pop();
    }

    fn visit_item_use(&mut self, import: &'ast syn::ItemUse) {
        if import.leading_colon.is_none() {
            self.import_tree(Vec::new(), &import.tree);
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        if path.leading_colon.is_none() {
            let names = path.segments.iter().map(|name| name.ident.to_string());
            self.mention(&names.collect::<Vec<_>>());
        }
        visit::visit_path(self, path);
    }

    fn visit_token_stream(&mut self, tokens: &'ast TokenStream) {
        self.scan(tokens.clone());
    }

    /// `pub(in crate::x)` says who may look here, and imports nothing.
    fn visit_visibility(&mut self, _: &'ast syn::Visibility) {}
}

/// The attributes of an item: syn has no name for those of all kinds. Of the kinds that are left
/// out, what only tests have counts as code.
fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(syn::ItemConst { attrs, .. })
        | Item::Enum(syn::ItemEnum { attrs, .. })
        | Item::Fn(syn::ItemFn { attrs, .. })
        | Item::Impl(syn::ItemImpl { attrs, .. })
        | Item::Mod(syn::ItemMod { attrs, .. })
        | Item::Struct(syn::ItemStruct { attrs, .. })
        | Item::Use(syn::ItemUse { attrs, .. }) => attrs,
        _ => &[],
    }
}
