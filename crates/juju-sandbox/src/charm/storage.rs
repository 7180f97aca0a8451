//! `storage` of `metadata.yaml`, and what a person asks for with `--storage`. Source: `meta.go` of
//! `juju/charm`, `storage/constraints.go` of Juju, and `state/storage.go`.

use super::error::CharmError;
use crate::go::size;
use crate::names;
use crate::refusals;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A kind of storage that a charm declares.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct StorageMeta {
    /// Whether it is of type `block`, which nobody can have here; otherwise it is a file system.
    #[serde(default)]
    pub(crate) block: bool,
    /// The least number that a unit has.
    pub(crate) least: u64,
    /// The greatest; `None` means any number.
    pub(crate) most: Option<u64>,
    /// The least size in MiB; 0 if the charm does not say.
    pub(crate) minimum_size: u64,
}

/// Storage as it is written.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct RawStorage {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    shared: bool,
    #[serde(default)]
    minimum_size: Option<String>,
    #[serde(default)]
    multiple: Option<Multiple>,
}

#[derive(Debug, Deserialize)]
struct Multiple {
    range: serde_yaml::Value,
}

impl RawStorage {
    /// `parseStorage`, and what the sandbox does not have.
    pub(super) fn check(self, charm: &str, name: &str) -> Result<StorageMeta, CharmError> {
        let block = match self.kind.as_str() {
            "filesystem" => false,
            "block" => true,
            other => {
                let refusal = refusals::invalid_storage_type(name, other);
                return Err(CharmError::Invalid(refusals::metadata(refusal)));
            }
        };
        if self.shared {
            let refusal = refusals::shared_storage(charm, name);
            return Err(CharmError::Invalid(refusal));
        }
        let range = self.multiple.map(|multiple| multiple.range);
        let (least, most) = range
            .map_or(Some((1, Some(1))), |range| parse_range(&range))
            .ok_or_else(|| {
                CharmError::Invalid(refusals::metadata(refusals::invalid_storage_range(name)))
            })?;
        let minimum_size = self
            .minimum_size
            .map_or(Some(0), |size| parse_size(&size))
            .ok_or_else(|| {
                CharmError::Invalid(refusals::metadata(refusals::invalid_storage_size(name)))
            })?;
        // `names.IsValidStorage`, of the part before the number.
        if !names::is_application(name) {
            return Err(CharmError::Invalid(refusals::invalid_storage_name(name)));
        }
        if block && least > 0 {
            return Err(CharmError::Unsupported("storage of type block"));
        }
        Ok(StorageMeta {
            block,
            least,
            most,
            minimum_size,
        })
    }
}

/// `2`, `1-3`, `1-` or `1+` (`storageCountC`).
fn parse_range(range: &serde_yaml::Value) -> Option<(u64, Option<u64>)> {
    if let Some(count) = range.as_u64() {
        return Some((count, Some(count)));
    }
    let text = range.as_str()?;
    if let Some(least) = text.strip_suffix(['+', '-']) {
        return Some((least.parse().ok()?, None));
    }
    match text.split_once('-') {
        Some((least, most)) => Some((least.parse().ok()?, Some(most.parse().ok()?))),
        None => text.parse().ok().map(|count| (count, Some(count))),
    }
}

impl StorageMeta {
    /// Whether a unit may have this many (`validateCharmStorageCount`).
    pub(crate) fn check_count(&self, count: u64) -> Result<(), String> {
        if self.block {
            return Err(refusals::block_storage());
        }
        if self.least == 1 && self.most == Some(1) && count != 1 {
            return Err(refusals::storage_singular(count));
        }
        if count < self.least {
            return Err(refusals::storage_too_few(self.least, count));
        }
        match self.most {
            Some(most) if count > most => Err(refusals::storage_too_many(most, count)),
            _ => Ok(()),
        }
    }

    /// Whether the size that somebody asks for is enough (`validateStorageConstraintsAgainstCharm`).
    pub(crate) fn check_size(&self, size: Option<u64>) -> Result<(), String> {
        match size {
            Some(size) if size < self.minimum_size => Err(refusals::storage_too_small(
                size::decimal(self.minimum_size),
                size::decimal(size),
            )),
            _ => Ok(()),
        }
    }

    /// Whether a unit that has some may lose one (`validateCharmStorageCountChange`).
    pub(crate) fn check_fewer(&self, current: u64) -> Result<(), String> {
        let count = current.saturating_sub(1);
        if self.least == 1 && self.most == Some(1) {
            return Err(refusals::cannot_detach_singular());
        }
        if count < self.least {
            return Err(refusals::storage_falls_short(count, self.least));
        }
        Ok(())
    }

    /// Whether a unit that has some may get more (`validateCharmStorageCountChange`).
    pub(crate) fn check_more(&self, current: u64, more: u64) -> Result<(), String> {
        if self.block {
            return Err(refusals::block_storage());
        }
        let count = current + more;
        if self.least == 1 && self.most == Some(1) && count != 1 {
            return Err(refusals::cannot_attach_singular());
        }
        let plural = if more == 1 { "" } else { "s" };
        match self.most {
            Some(most) if count > most => Err(refusals::storage_exceeds(more, plural, count, most)),
            _ => Ok(()),
        }
    }
}

/// What somebody asks for (`storage.Constraints`; in Juju 4 a directive).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct StorageWish {
    pub(crate) pool: Option<String>,
    /// In MiB.
    pub(crate) size: Option<u64>,
    pub(crate) count: Option<u64>,
}

impl StorageWish {
    /// `pool,count,size`, in any order (`ParseConstraints`).
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let mut wish = Self::default();
        for field in text.split(',').filter(|field| !field.is_empty()) {
            let signless = field.strip_prefix('-').unwrap_or(field);
            if field.starts_with(|c: char| c.is_ascii_alphabetic()) {
                if let Some(pool) = &wish.pool {
                    return Err(refusals::storage_pool_twice(pool, field));
                }
                wish.pool = Some(field.to_owned());
            } else if !signless.is_empty() && signless.bytes().all(|byte| byte.is_ascii_digit()) {
                let count = field.parse().ok().filter(|count| *count > 0);
                wish.count = Some(count.ok_or_else(|| refusals::storage_count(field))?);
            } else if let Some(size) = parse_size(field) {
                wish.size = Some(size);
            } else {
                return Err(refusals::storage_constraint(field));
            }
        }
        if wish == Self::default() {
            return Err(refusals::no_storage_constraint());
        }
        wish.count.get_or_insert(1);
        Ok(wish)
    }

    /// `name=wish` of several arguments; without one, it is one more if that is enough
    /// (`ParseConstraintsMap`).
    pub(crate) fn parse_all<'a>(
        arguments: impl IntoIterator<Item = &'a str>,
        name_is_enough: bool,
    ) -> Result<BTreeMap<String, Self>, String> {
        let mut wishes = BTreeMap::new();
        for argument in arguments {
            let mut parts = argument.split('=');
            let name = parts.next().unwrap_or_default();
            let wish = parts.next();
            if name.is_empty() || parts.next().is_some() {
                return Err(refusals::storage_argument(argument));
            }
            let wish = match wish {
                None if name_is_enough => Self {
                    count: Some(1),
                    ..Self::default()
                },
                None => return Err(refusals::storage_argument_without_wish(argument)),
                Some(wish) => {
                    Self::parse(wish).map_err(|reason| refusals::storage_wish(name, reason))?
                }
            };
            if wishes.insert(name.to_owned(), wish).is_some() {
                return Err(refusals::storage_twice(name));
            }
        }
        Ok(wishes)
    }
}

/// A size in MiB: a number with `M`, `G`, `T`, `P` or `E`, and perhaps `iB` or `B`
/// (`utils.ParseSize`).
fn parse_size(text: &str) -> Option<u64> {
    let text = text
        .strip_suffix("iB")
        .or_else(|| text.strip_suffix('B'))
        .unwrap_or(text);
    let (number, unit) = match text.find(|c: char| c.is_ascii_alphabetic()) {
        Some(start) => text.split_at(start),
        None => (text, "M"),
    };
    let power = "MGTPE".find(unit).filter(|_| unit.len() == 1)?;
    let number: f64 = number.parse().ok().filter(|number| *number >= 0.0)?;
    let size = (number * 1024_f64.powi(i32::try_from(power).ok()?)).ceil();
    // Beyond 2^53, there is nothing to tell apart; a disk is smaller.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "it is not negative, and a float that is too great becomes the greatest number"
    )]
    Some(size as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declarations() {
        struct Case {
            name: &'static str,
            text: &'static str,
            outcome: Result<(u64, Option<u64>, u64), &'static str>,
        }

        for Case {
            name,
            text,
            outcome,
        } in [
            Case {
                name: "one",
                text: "{type: filesystem, location: /srv, minimum-size: 2G}",
                outcome: Ok((1, Some(1), 2048)),
            },
            Case {
                name: "any number",
                text: "{type: filesystem, multiple: {range: 0+}}",
                outcome: Ok((0, None, 0)),
            },
            Case {
                name: "a range",
                text: "{type: filesystem, multiple: {range: 1-3}}",
                outcome: Ok((1, Some(3), 0)),
            },
            Case {
                name: "a number",
                text: "{type: filesystem, multiple: {range: 2}}",
                outcome: Ok((2, Some(2), 0)),
            },
            Case {
                name: "block",
                text: "{type: block}",
                outcome: Err("not supported by the sandbox: storage of type block"),
            },
            Case {
                name: "block that may be left out",
                text: "{type: block, multiple: {range: 0-10}}",
                outcome: Ok((0, Some(10), 0)),
            },
            Case {
                name: "shared",
                text: "{type: filesystem, shared: true}",
                outcome: Err("charm \"a\" store \"s\": shared storage support not implemented"),
            },
            Case {
                name: "another type",
                text: "{type: tape}",
                outcome: Err("metadata: storage.s.type: unexpected value \"tape\""),
            },
        ] {
            let raw: RawStorage = serde_yaml::from_str(text).unwrap();
            let seen = raw.check("a", "s");
            let seen = seen.map(|meta| (meta.least, meta.most, meta.minimum_size));
            let seen = seen.map_err(|error| error.to_string());
            assert_eq!(seen, outcome.map_err(str::to_owned), "{name}");
        }
    }

    #[test]
    fn wishes() {
        type Wish = (Option<&'static str>, Option<u64>, Option<u64>);
        for (text, outcome) in [
            ("ebs,2,10G", Ok((Some("ebs"), Some(10_240), Some(2)))),
            ("1.5G", Ok((None, Some(1536), Some(1)))),
            ("3", Ok((None, None, Some(3)))),
            (
                "",
                Err("storage constraints require at least one field to be specified"),
            ),
            (
                "0",
                Err("cannot parse count: count must be greater than zero, got \"0\""),
            ),
            (
                "a,b",
                Err("pool name is already set to \"a\", new value \"b\" not valid"),
            ),
            ("?", Err("unrecognized storage constraint \"?\" not valid")),
        ] {
            let outcome: Result<Wish, &str> = outcome;
            let seen = StorageWish::parse(text);
            let wanted = outcome.map(|(pool, size, count)| StorageWish {
                pool: pool.map(str::to_owned),
                size,
                count,
            });
            assert_eq!(seen, wanted.map_err(str::to_owned), "{text}");
        }
    }
}
