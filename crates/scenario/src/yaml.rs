//! YAML as a case needs it: words kept as they are written, with their lines.
//!
//! Numbers stay text until somebody asks for a quantity, a price or an amount, so that a decimal is
//! never a binary float on its way.

use saphyr::{LoadableYamlNode, MarkedYaml, Scalar, YamlData};

/// A value and the line on which it begins, from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// The line in its file.
    pub line: usize,
    /// What stands there.
    pub data: Data,
}

/// What can stand in a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Data {
    /// `null`, or nothing.
    Null,
    /// A word or a number, as written.
    Text(String),
    /// A list.
    List(Vec<Node>),
    /// Named values in the order written.
    Map(Vec<(String, Node)>),
}

/// Why a file is no YAML that a case can be read from.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
#[error("line {line}: {what}")]
pub struct YamlError {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong.
    pub what: String,
}

impl YamlError {
    pub(crate) fn new(line: usize, what: impl Into<String>) -> YamlError {
        YamlError { line, what: what.into() }
    }
}

/// Reads the one document of a file.
///
/// # Errors
/// [`YamlError`] when the text is no YAML, has no document or several, or uses what a case cannot:
/// tags, or keys that are not words.
pub fn read(text: &str) -> Result<Node, YamlError> {
    let documents = MarkedYaml::load_from_str(text)
        .map_err(|error| YamlError::new(error.marker().line(), error.info()))?;
    let chars: Vec<char> = text.chars().collect();
    match documents.as_slice() {
        [one] => node(one, &chars),
        [] => Err(YamlError::new(1, "the file is empty; write one case")),
        [_, second, ..] => Err(YamlError::new(
            second.span.start.line(),
            "a file has one case; split the documents",
        )),
    }
}

fn node(yaml: &MarkedYaml<'_>, chars: &[char]) -> Result<Node, YamlError> {
    let line = yaml.span.start.line();
    let data = match &yaml.data {
        YamlData::Value(Scalar::String(text)) => Data::Text(text.to_string()),
        YamlData::Value(Scalar::Null) => Data::Null,
        YamlData::Value(_) => Data::Text(written(yaml, chars)),
        YamlData::Representation(text, ..) => Data::Text(text.to_string()),
        YamlData::Sequence(list) => {
            Data::List(list.iter().map(|one| node(one, chars)).collect::<Result<_, _>>()?)
        }
        YamlData::Mapping(map) => {
            let mut entries = Vec::with_capacity(map.len());
            for (key, value) in map {
                let Data::Text(name) = node(key, chars)?.data else {
                    return Err(YamlError::new(key.span.start.line(), "a key must be a word"));
                };
                entries.push((name, node(value, chars)?));
            }
            Data::Map(entries)
        }
        YamlData::Tagged(..) | YamlData::Alias(_) | YamlData::BadValue => {
            return Err(YamlError::new(line, "tags and aliases have no meaning here"));
        }
    };
    Ok(Node { line, data })
}

/// A number or a flag just as it stands in the file.
fn written(yaml: &MarkedYaml<'_>, chars: &[char]) -> String {
    let (from, to) = (yaml.span.start.index(), yaml.span.end.index());
    let text: String = chars.get(from..to).unwrap_or_default().iter().collect();
    text.trim().to_owned()
}

impl Node {
    /// The word, for a word or a number.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match &self.data {
            Data::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The named value of a map.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Node> {
        match &self.data {
            Data::Map(entries) => {
                entries.iter().find(|(key, _)| key == name).map(|(_, value)| value)
            }
            _ => None,
        }
    }

    /// The elements of a list; none of anything else.
    #[must_use]
    pub fn items(&self) -> &[Node] {
        match &self.data {
            Data::List(list) => list,
            _ => &[],
        }
    }

    /// The entries of a map; none of anything else.
    #[must_use]
    pub fn entries(&self) -> &[(String, Node)] {
        match &self.data {
            Data::Map(entries) => entries,
            _ => &[],
        }
    }

    /// Every name that is used in it, nested ones after a dot, each once.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        let mut names = Vec::new();
        self.collect("", &mut names);
        names
    }

    fn collect(&self, before: &str, names: &mut Vec<String>) {
        for one in self.items() {
            one.collect(before, names);
        }
        for (name, value) in self.entries() {
            let path = if before.is_empty() { name.clone() } else { format!("{before}.{name}") };
            if !names.contains(&path) {
                names.push(path.clone());
            }
            value.collect(&path, names);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stay_as_they_are_written() {
        let node = read("a: [1, 2.50, \"3.10\", -0.7, 1e3, true, 2026-01-05]\nb: null\n").unwrap();
        let words: Vec<_> = node.get("a").unwrap().items().iter().map(|n| n.text()).collect();
        let expected = ["1", "2.50", "3.10", "-0.7", "1e3", "true", "2026-01-05"];
        assert_eq!(words, expected.map(Some).to_vec());
        assert_eq!(node.get("b").unwrap().data, Data::Null);
    }

    #[test]
    fn every_value_knows_its_line() {
        let node = read("a: 1\nb:\n  - {c: 2}\n  - {c: 3}\n").unwrap();
        let lines: Vec<_> = node.get("b").unwrap().items().iter().map(|n| n.line).collect();
        assert_eq!(lines, [3, 4]);
    }

    #[test]
    fn names_are_told_with_their_path() {
        let node = read("lines: [{item: P1, qty: 1}, {item: P2, uom: kg}]\nid: x\n").unwrap();
        assert_eq!(node.names(), ["lines", "lines.item", "lines.qty", "lines.uom", "id"]);
    }

    #[test]
    fn what_is_no_case_is_refused_with_its_line() {
        for (text, line) in [
            ("a: [1\nb: 2\n", 2),
            ("", 1),
            ("a: 1\na: 2\n", 2),
            ("a: 1\n---\nb: 1\n", 3),
            ("a: !x 1\n", 1),
            ("? [1]\n: 2\n", 1),
        ] {
            let error = read(text).unwrap_err();
            assert_eq!(error.line, line, "{text:?}: {error}");
        }
    }
}
