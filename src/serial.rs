//! What types share in how they are written and read.

use crate::error::{ErrorKind, Result};
use crate::numeric::check;

/// Writes a type as its fields, and runs its `check(&self) -> Result<()>` on every value that is read.
///
/// The type derives `Serialize` and `Deserialize` with `#[serde(remote = "Self", deny_unknown_fields)]`, which gives it
/// inherent functions of these names; the traits go through them.
macro_rules! checked_when_read {
    ($($type:ident),+ $(,)?) => {$(
        #[cfg(not(feature = "serde"))]
        const _: fn(&$type) -> crate::error::Result<()> = $type::check;

        #[cfg(feature = "serde")]
        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
                Self::serialize(self, serializer)
            }
        }

        #[cfg(feature = "serde")]
        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
                let read = Self::deserialize(deserializer)?;
                read.check().map_err(serde::de::Error::custom)?;
                Ok(read)
            }
        }
    )+};
}

/// Names for the variants of an enum without data, in snake case: `ALL`, `name`, `Display` (with spaces), `FromStr` (in
/// any case, with `_`, `-`, spaces or nothing between the words), and the same names in serialised form.
///
/// A text after `as` is shown in place of the name.
macro_rules! named {
    ($type:ident, $what:literal, { $($variant:ident => $name:literal $(as $shown:literal)?),+ $(,)? }) => {
        impl $type {
            /// Every one of them.
            pub const ALL: [Self; [$($name),+].len()] = [$(Self::$variant),+];

            const NAMES: [&'static str; [$($name),+].len()] = [$($name),+];

            /// The name by which it is written and read.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name),+
                }
            }
        }

        impl std::fmt::Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                $($(if *self == Self::$variant {
                    return f.pad($shown);
                })?)+
                f.pad(&self.name().replace('_', " "))
            }
        }

        impl std::str::FromStr for $type {
            type Err = $crate::error::Error;

            fn from_str(text: &str) -> $crate::error::Result<Self> {
                $crate::serial::find(text, $what, &Self::NAMES).map(|at| Self::ALL[at])
            }
        }

        #[cfg(feature = "serde")]
        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
                serializer.serialize_str(self.name())
            }
        }

        #[cfg(feature = "serde")]
        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
                let text = <String as serde::Deserialize>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

/// Where a name stands in a list, whatever its case and whatever separates its words; an unknown name is an error that
/// lists the known ones.
pub(crate) fn find(text: &str, what: &'static str, names: &[&str]) -> Result<usize> {
    let plain = |name: &str| name.trim().replace(['-', '_', ' '], "").to_lowercase();
    let wanted = plain(text);
    let found = names.iter().position(|name| plain(name) == wanted);
    found.ok_or_else(|| {
        let known = names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        ErrorKind::NotListed { what, name: text.into(), known }.into()
    })
}

/// Checks that figures which cannot be negative are finite and not negative.
pub(crate) fn not_negative(what: &str, figures: &[f64]) -> Result<()> {
    figures.iter().try_for_each(|figure| check::non_negative(*figure, || what.into()).map(|_| ()))
}

/// Numbers among which −∞, the logarithm of 0, is written as nothing.
#[cfg(feature = "serde")]
pub(crate) mod logs {
    use serde::{Deserialize, Deserializer, Serializer};

    pub(crate) fn serialize<S: Serializer>(logs: &[f64], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(logs.iter().map(|log| log.is_finite().then_some(*log)))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<f64>, D::Error> {
        let logs = Vec::<Option<f64>>::deserialize(deserializer)?;
        Ok(logs.into_iter().map(|log| log.unwrap_or(f64::NEG_INFINITY)).collect())
    }
}
