//! One case: a small world, steps, and figures that must hold.

use crate::yaml::{self, Data, Node, YamlError};
use base::{Day, NumberError, Price, Quantity, parse_scaled};
use std::collections::BTreeSet;

/// The day of a scenario that names none.
pub const SCENARIO_DAY: &str = "2026-01-05";

/// The keys of a case.
const KEYS: &[&str] =
    &["id", "title", "topic", "source", "policy", "setup", "steps", "expect", "notes"];

/// A case as read from its file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// Its id.
    pub id: String,
    /// One line.
    pub title: String,
    /// Policies and their values.
    pub policy: Vec<(String, Node)>,
    /// The small world.
    pub setup: Vec<(String, Node)>,
    /// What is done, in order.
    pub steps: Vec<Step>,
    /// What must hold.
    pub expect: Vec<Expect>,
    /// The day D.
    pub today: Day,
}

/// One step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Its number, from 1.
    pub n: i64,
    /// The verb.
    pub verb: String,
    /// Its arguments.
    pub args: Args,
}

/// One expectation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expect {
    /// The kind of check.
    pub check: String,
    /// The step after which it holds.
    pub at: i64,
    /// The step that it is about.
    pub step: Option<i64>,
    /// Its arguments.
    pub args: Args,
}

/// Named arguments with the day D, to read them as what they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Args {
    node: Node,
    today: Day,
}

/// Why an argument cannot be read.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum ArgError {
    /// It has to be there.
    #[error("line {line}: {name} is missing")]
    Missing {
        /// Where it should be.
        line: usize,
        /// Its name.
        name: String,
    },
    /// It is of another kind.
    #[error("line {line}: {name} must be {wanted}")]
    Kind {
        /// Where.
        line: usize,
        /// Its name.
        name: String,
        /// What it should be.
        wanted: &'static str,
    },
    /// It is a number that cannot be held.
    #[error("line {line}: {name}: {error}")]
    Number {
        /// Where.
        line: usize,
        /// Its name.
        name: String,
        /// Why.
        error: NumberError,
    },
}

impl Args {
    /// Arguments of a map.
    #[must_use]
    pub fn new(node: Node, today: Day) -> Args {
        Args { node, today }
    }

    /// The line on which they begin.
    #[must_use]
    pub fn line(&self) -> usize {
        self.node.line
    }

    /// Whether an argument is given and not null.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.node(name).is_some()
    }

    /// All names used, see [`Node::names`].
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        self.node.names()
    }

    /// An argument as it stands, when it is given and not null.
    #[must_use]
    pub fn node(&self, name: &str) -> Option<&Node> {
        self.node.get(name).filter(|node| node.data != Data::Null)
    }

    fn missing(&self, name: &str) -> ArgError {
        ArgError::Missing { line: self.line(), name: name.to_owned() }
    }

    /// A word, if given.
    ///
    /// # Errors
    /// [`ArgError::Kind`].
    pub fn text_opt(&self, name: &str) -> Result<Option<&str>, ArgError> {
        let Some(node) = self.node(name) else { return Ok(None) };
        let wrong =
            || ArgError::Kind { line: node.line, name: name.to_owned(), wanted: "one word" };
        node.text().map(Some).ok_or_else(wrong)
    }

    /// A word.
    ///
    /// # Errors
    /// [`ArgError`].
    pub fn text(&self, name: &str) -> Result<&str, ArgError> {
        self.text_opt(name)?.ok_or_else(|| self.missing(name))
    }

    /// A number in units of 10^-`scale`, if given.
    ///
    /// # Errors
    /// [`ArgError`].
    pub fn scaled_opt(&self, name: &str, scale: u32) -> Result<Option<i64>, ArgError> {
        let Some(text) = self.text_opt(name)? else { return Ok(None) };
        let line = self.node(name).map_or(self.line(), |node| node.line);
        let wrong = |error| ArgError::Number { line, name: name.to_owned(), error };
        parse_scaled(text, scale).map(Some).map_err(wrong)
    }

    /// A quantity, if given.
    ///
    /// # Errors
    /// [`ArgError`].
    pub fn quantity_opt(&self, name: &str) -> Result<Option<Quantity>, ArgError> {
        Ok(self.scaled_opt(name, 6)?.map(Quantity::from_micro))
    }

    /// A quantity.
    ///
    /// # Errors
    /// [`ArgError`].
    pub fn quantity(&self, name: &str) -> Result<Quantity, ArgError> {
        self.quantity_opt(name)?.ok_or_else(|| self.missing(name))
    }

    /// A price or unit cost, if given.
    ///
    /// # Errors
    /// [`ArgError`].
    pub fn price_opt(&self, name: &str) -> Result<Option<Price>, ArgError> {
        Ok(self.scaled_opt(name, 6)?.map(Price::from_micro))
    }

    /// A price or unit cost.
    ///
    /// # Errors
    /// [`ArgError`].
    pub fn price(&self, name: &str) -> Result<Price, ArgError> {
        self.price_opt(name)?.ok_or_else(|| self.missing(name))
    }

    /// A whole number, if given.
    ///
    /// # Errors
    /// [`ArgError`].
    pub fn whole_opt(&self, name: &str) -> Result<Option<i64>, ArgError> {
        self.scaled_opt(name, 0)
    }

    /// A whole number.
    ///
    /// # Errors
    /// [`ArgError`].
    pub fn whole(&self, name: &str) -> Result<i64, ArgError> {
        self.whole_opt(name)?.ok_or_else(|| self.missing(name))
    }

    /// A flag; no when it is not given.
    ///
    /// # Errors
    /// [`ArgError::Kind`].
    pub fn flag(&self, name: &str) -> Result<bool, ArgError> {
        match self.text_opt(name)? {
            None | Some("false") => Ok(false),
            Some("true") => Ok(true),
            Some(_) => Err(ArgError::Kind {
                line: self.line(),
                name: name.to_owned(),
                wanted: "true or false",
            }),
        }
    }

    /// A day, ISO or relative to D, if given.
    ///
    /// # Errors
    /// [`ArgError::Kind`].
    pub fn day_opt(&self, name: &str) -> Result<Option<Day>, ArgError> {
        let Some(text) = self.text_opt(name)? else { return Ok(None) };
        let wrong = || ArgError::Kind {
            line: self.line(),
            name: name.to_owned(),
            wanted: "a day such as 2026-01-31, D or D+3",
        };
        day(text, self.today).map(Some).ok_or_else(wrong)
    }

    /// A day.
    ///
    /// # Errors
    /// [`ArgError`].
    pub fn day(&self, name: &str) -> Result<Day, ArgError> {
        self.day_opt(name)?.ok_or_else(|| self.missing(name))
    }

    /// The elements of a list of maps; none when it is not given.
    #[must_use]
    pub fn list(&self, name: &str) -> Vec<Args> {
        let items = self.node(name).map_or(&[][..], Node::items);
        items.iter().map(|node| Args { node: node.clone(), today: self.today }).collect()
    }

    /// The words of a list; none when it is not given.
    ///
    /// # Errors
    /// [`ArgError::Kind`].
    pub fn words(&self, name: &str) -> Result<Vec<&str>, ArgError> {
        let items = self.node(name).map_or(&[][..], Node::items);
        let wrong = |node: &Node| ArgError::Kind {
            line: node.line,
            name: name.to_owned(),
            wanted: "a list of words",
        };
        items.iter().map(|node| node.text().ok_or_else(|| wrong(node))).collect()
    }

    /// The arguments in a map; an empty map when it is not given.
    #[must_use]
    pub fn map(&self, name: &str) -> Args {
        let empty = Node { line: self.line(), data: Data::Map(Vec::new()) };
        let node = self.node(name).cloned().unwrap_or(empty);
        Args { node, today: self.today }
    }

    /// The names directly in these arguments.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.node.entries().iter().map(|(name, _)| name.as_str())
    }
}

/// A day, ISO or relative to `today` as `D`, `D+3`, `D-1`.
#[must_use]
pub fn day(text: &str, today: Day) -> Option<Day> {
    match text.strip_prefix('D') {
        None => Day::parse(text).ok(),
        Some("") => Some(today),
        Some(offset) => {
            let digits = offset.strip_prefix('+').unwrap_or(offset);
            today.plus(parse_scaled(digits, 0).ok()?).ok()
        }
    }
}

/// Whether a file is a case at all: vectors and other material have no top-level `steps`.
///
/// # Errors
/// [`YamlError`].
pub fn is_case(text: &str) -> Result<bool, YamlError> {
    Ok(yaml::read(text)?.get("steps").is_some())
}

/// Reads a case.
///
/// # Errors
/// [`YamlError`] with the line, when the text is no YAML or not in the shape of a case.
pub fn read(text: &str) -> Result<Case, YamlError> {
    let root = yaml::read(text)?;
    let Data::Map(entries) = &root.data else {
        return Err(YamlError::new(root.line, "a case is a map with id, setup, steps and expect"));
    };
    if let Some((name, node)) = entries.iter().find(|(name, _)| !KEYS.contains(&name.as_str())) {
        let what = format!("unknown key {name:?}; a case has: {}", KEYS.join(", "));
        return Err(YamlError::new(node.line, what));
    }
    let words = |name: &str| {
        let found = root.get(name).and_then(Node::text);
        found
            .map(str::to_owned)
            .ok_or_else(|| YamlError::new(root.line, format!("{name} is missing")))
    };
    let setup = map_of(&root, "setup")?;
    let fixed = setup.iter().find(|(name, _)| name == "today").map(|(_, node)| node);
    let day_text = fixed.and_then(Node::text).unwrap_or(SCENARIO_DAY);
    let today = Day::parse(day_text).map_err(|error| {
        YamlError::new(fixed.map_or(root.line, |node| node.line), format!("today: {error}"))
    })?;
    let steps = read_steps(&root, today)?;
    let expect = read_expect(&root, today, &steps)?;
    Ok(Case {
        id: words("id")?,
        title: words("title")?,
        policy: map_of(&root, "policy")?,
        setup,
        steps,
        expect,
        today,
    })
}

fn map_of(root: &Node, name: &str) -> Result<Vec<(String, Node)>, YamlError> {
    match root.get(name).map(|node| (&node.data, node.line)) {
        None | Some((Data::Null, _)) => Ok(Vec::new()),
        Some((Data::Map(entries), _)) => Ok(entries.clone()),
        Some((_, line)) => Err(YamlError::new(line, format!("{name} must be a map"))),
    }
}

fn list_of<'a>(root: &'a Node, name: &str) -> Result<&'a [Node], YamlError> {
    let node = root.get(name);
    let node = node.ok_or_else(|| YamlError::new(root.line, format!("{name} is missing")))?;
    match &node.data {
        Data::List(list) if !list.is_empty() => Ok(list),
        _ => Err(YamlError::new(node.line, format!("{name} must be a list with something in it"))),
    }
}

fn read_steps(root: &Node, today: Day) -> Result<Vec<Step>, YamlError> {
    let mut steps = Vec::new();
    for (node, wanted) in list_of(root, "steps")?.iter().zip(1_i64..) {
        let (named, rest) = split(node, &["n", "do"])?;
        let [n, verb] = [named[0].as_deref(), named[1].as_deref()];
        if n.and_then(|n| n.parse().ok()) != Some(wanted) {
            let what = format!("steps are numbered from 1 in order; this one is n: {wanted}");
            return Err(YamlError::new(node.line, what));
        }
        let verb = verb.ok_or_else(|| YamlError::new(node.line, "a step needs its verb as do"))?;
        steps.push(Step { n: wanted, verb: verb.to_owned(), args: Args { node: rest, today } });
    }
    Ok(steps)
}

fn read_expect(root: &Node, today: Day, steps: &[Step]) -> Result<Vec<Expect>, YamlError> {
    let numbers: BTreeSet<i64> = steps.iter().map(|step| step.n).collect();
    let last = numbers.last().copied().unwrap_or(0);
    let mut expect = Vec::new();
    for node in list_of(root, "expect")? {
        let (named, rest) = split(node, &["check", "at", "step"])?;
        let number = |text: &Option<String>, name: &str| match text {
            None => Ok(None),
            Some(text) => {
                let known = text.parse().ok().filter(|n| numbers.contains(n));
                let wrong =
                    || YamlError::new(node.line, format!("{name}: there is no step {text}"));
                known.map(Some).ok_or_else(wrong)
            }
        };
        let check = named[0].clone();
        let check =
            check.ok_or_else(|| YamlError::new(node.line, "an expectation needs its check"))?;
        let step = number(&named[2], "step")?;
        // What a step itself produced is looked at when it has just done so.
        let at = number(&named[1], "at")?.or(step).unwrap_or(last);
        expect.push(Expect { check, at, step, args: Args { node: rest, today } });
    }
    Ok(expect)
}

/// Takes some names out of a map: their words, and the rest of the map.
fn split(node: &Node, names: &[&str]) -> Result<(Vec<Option<String>>, Node), YamlError> {
    let Data::Map(entries) = &node.data else {
        return Err(YamlError::new(node.line, "steps and expectations are maps"));
    };
    let word = |name: &&str| node.get(name).and_then(Node::text).map(str::to_owned);
    let found = names.iter().map(word).collect();
    let rest = entries.iter().filter(|(name, _)| !names.contains(&name.as_str()));
    Ok((found, Node { line: node.line, data: Data::Map(rest.cloned().collect()) }))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: &str = "id: a\ntitle: A\nsetup: {}\nsteps:\n  - {n: 1, do: check}\n  - {n: 2, do: check}\nexpect:\n  - {check: ok, step: 1}\n  - {check: value, item: P1, amount: \"1.50\"}\n";

    fn args(text: &str) -> Args {
        Args { node: yaml::read(text).unwrap(), today: Day::parse("2026-01-05").unwrap() }
    }

    #[test]
    fn a_check_is_made_at_its_step_or_after_the_last() {
        let case = read(SMALL).unwrap();
        assert_eq!(case.expect.iter().map(|e| e.at).collect::<Vec<_>>(), [1, 2]);
        assert_eq!(case.today.to_string(), SCENARIO_DAY);
    }

    #[test]
    fn numbers_are_read_exactly_or_refused() {
        let args = args("a: 5\nb: \"2.5\"\nc: \"0.0000001\"\nd: x\ne: 1e3\nf: null\n");
        assert_eq!(args.quantity("a"), Ok(Quantity::units(5)));
        assert_eq!(args.price("b"), Ok(Price::from_micro(2_500_000)));
        assert_eq!(args.quantity_opt("f"), Ok(None));
        for name in ["c", "d", "e"] {
            let error = args.quantity(name).unwrap_err();
            assert!(matches!(error, ArgError::Number { .. }), "{name}: {error}");
        }
        assert!(matches!(args.whole("b"), Err(ArgError::Number { .. })));
        assert!(matches!(args.whole("g"), Err(ArgError::Missing { .. })));
    }

    #[test]
    fn days_are_iso_or_relative() {
        let args = args("a: D\nb: D+3\nc: D-1\nd: '2019-01-16'\ne: D3x\nf: soon\n");
        let days = ["a", "b", "c", "d"].map(|name| args.day(name).unwrap().to_string());
        assert_eq!(days, ["2026-01-05", "2026-01-08", "2026-01-04", "2019-01-16"]);
        assert!(args.day("e").is_err() && args.day("f").is_err());
    }

    #[test]
    fn a_wrong_case_is_refused_with_its_line() {
        for (from, to, line, word) in [
            ("setup: {}", "set_up: {}", 3, "unknown key"),
            ("n: 2", "n: 3", 6, "numbered"),
            ("do: check}\n  - {n: 2", "done: check}\n  - {n: 2", 5, "verb"),
            ("step: 1", "step: 7", 8, "no step 7"),
            ("check: ok, ", "", 8, "check"),
            ("setup: {}", "setup: {today: never}", 3, "today"),
            ("id: a\n", "", 1, "id is missing"),
        ] {
            let error = read(&SMALL.replace(from, to)).unwrap_err();
            assert!(error.line == line && error.what.contains(word), "{to}: {error}");
        }
    }
}
