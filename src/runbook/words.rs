//! Probabilities as words: authors can argue about words, not about decimals.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// How often something is so. Neither 0 nor 1 can be said, for nothing is that sure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Chance(&'static (&'static str, f64));

const CHANCES: &[(&str, f64)] = &[
    ("always", 0.98),
    ("almost-always", 0.93),
    ("usually", 0.8),
    ("often", 0.6),
    ("even", 0.5),
    ("sometimes", 0.3),
    ("rarely", 0.1),
    ("almost-never", 0.03),
    ("never", 0.005),
];

impl Chance {
    /// The default of `rate`.
    pub fn always() -> Chance {
        const ALWAYS: &(&str, f64) = &("always", 0.98);
        Chance(ALWAYS)
    }

    /// The word whose probability is nearest.
    pub fn nearest(probability: f64) -> Chance {
        let distance = |word: &&'static (&str, f64)| (word.1 - probability).abs();
        CHANCES.iter().min_by(|a, b| distance(a).total_cmp(&distance(b))).map_or_else(Chance::always, Chance)
    }

    /// The next rarer word; `never` stays.
    pub fn rarer(self) -> Chance {
        Chance(rarer(self.0, CHANCES))
    }

    /// Between 0.005 and 0.98.
    pub fn probability(self) -> f64 {
        self.0.1
    }
}

/// How common a fault is among the faults of its place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Prior(&'static (&'static str, f64));

const PRIORS: &[(&str, f64)] =
    &[("common", 1.0), ("occasional", 0.4), ("uncommon", 0.15), ("rare", 0.05), ("very-rare", 0.015)];

impl Prior {
    /// From `common` to `very-rare`.
    pub fn all() -> impl DoubleEndedIterator<Item = Prior> {
        PRIORS.iter().map(Prior)
    }

    /// The next rarer word; `very-rare` stays.
    pub fn rarer(self) -> Prior {
        Prior(rarer(self.0, PRIORS))
    }

    /// Relative weight, 0.015 to 1.
    pub fn weight(self) -> f64 {
        self.0.1
    }
}

fn rarer(word: &'static (&'static str, f64), words: &'static [(&'static str, f64)]) -> &'static (&'static str, f64) {
    words.iter().skip_while(|known| known.0 != word.0).nth(1).unwrap_or(word)
}

fn word_of(word: &str, words: &'static [(&'static str, f64)]) -> Result<&'static (&'static str, f64), String> {
    words.iter().find(|(known, _)| *known == word).ok_or_else(|| {
        let known: Vec<&str> = words.iter().map(|(known, _)| *known).collect();
        format!("\"{word}\" is not one of the words {}", known.join(", "))
    })
}

macro_rules! spelled {
    ($type:ident, $words:ident) => {
        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.0.0)
            }
        }

        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.0.0)
            }
        }

        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let word = String::deserialize(deserializer)?;
                word_of(&word, $words).map($type).map_err(serde::de::Error::custom)
            }
        }
    };
}

spelled!(Chance, CHANCES);
spelled!(Prior, PRIORS);
