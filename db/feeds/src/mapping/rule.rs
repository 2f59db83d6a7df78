//! What a field is made of.

use std::fmt;

use directory::language::Language;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// `"column"`, `["column", "column"]`, or a table that also knows `join`, `constant`, `list`,
/// `required` and a rule a language.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Rule {
    /// Columns whose values are joined; empty ones are skipped.
    pub(crate) columns: Vec<String>,
    /// What stands between joined values; a space when absent.
    pub(crate) join: Option<String>,
    /// A value that every row has.
    pub(crate) constant: Option<String>,
    /// What separates the values of this cell, where it is not what the mapping says.
    pub(crate) list: Option<String>,
    /// Rows without it are refused.
    pub(crate) required: bool,
    /// Rules of texts in one language; the fields above then stand for the source's own language.
    pub(crate) languages: Vec<(Language, Rule)>,
}

impl Rule {
    /// Every column that it or a language of it names.
    pub(crate) fn all_columns(&self) -> Vec<&str> {
        let own = self.columns.iter().map(String::as_str);
        own.chain(self.languages.iter().flat_map(|(_, rule)| rule.all_columns())).collect()
    }
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    column: Option<String>,
    columns: Option<OneOrMany>,
    join: Option<String>,
    constant: Option<String>,
    list: Option<String>,
    #[serde(default)]
    required: bool,
    fr: Option<Rule>,
    nl: Option<Rule>,
    de: Option<Rule>,
    en: Option<Rule>,
}

impl From<Table> for Rule {
    fn from(table: Table) -> Self {
        let columns = match table.columns {
            Some(OneOrMany::Many(columns)) => columns,
            Some(OneOrMany::One(column)) => vec![column],
            None => Vec::new(),
        };
        let languages = [(Language::Fr, table.fr), (Language::Nl, table.nl), (Language::De, table.de), (Language::En, table.en)];
        Self {
            columns: table.column.into_iter().chain(columns).collect(),
            join: table.join,
            constant: table.constant,
            list: table.list,
            required: table.required,
            languages: languages.into_iter().filter_map(|(language, rule)| Some((language, rule?))).collect(),
        }
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Rule;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a column's name, a list of them, or a table such as { columns = [\"a\", \"b\"], join = \", \" }")
    }

    fn visit_str<E>(self, column: &str) -> Result<Rule, E> {
        Ok(Rule { columns: vec![column.to_owned()], ..Rule::default() })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, columns: A) -> Result<Rule, A::Error> {
        Ok(Rule { columns: Vec::deserialize(SeqAccessDeserializer::new(columns))?, ..Rule::default() })
    }

    fn visit_map<A: MapAccess<'de>>(self, table: A) -> Result<Rule, A::Error> {
        Table::deserialize(MapAccessDeserializer::new(table)).map(Rule::from)
    }
}

impl<'de> Deserialize<'de> for Rule {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader)
    }
}
