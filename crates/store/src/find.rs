//! Finding records by words, whatever they are records of.
//!
//! The owner of a table that is searched keeps two more: one that leads from each word to the records
//! that have it, and one that leads from the parts of a word to the word (see [`base::words_of`]). The
//! words of names are few, so their parts are, too. Both are written in the transaction of the record.

use crate::{Rows, Statement, StoreError, Tx, params, row};
use base::{CompanyId, parts_of, range_of, words_typed};
use std::collections::BTreeSet;

/// The most words of records that are read for a search. What more records have than this is found
/// sooner by walking the list in its order until the page is full.
const MOST: i64 = 5_000;

/// The statements over the words of one kind of record.
#[derive(Debug)]
pub struct WordIndex {
    /// Gives words to records of company `$1`: rows of word and record; what is there stays.
    pub give: &'static Statement,
    /// Takes words from records of company `$1`: rows of word and record.
    pub take: &'static Statement,
    /// Keeps the parts of words of company `$1`: rows of part and word; what is there stays.
    pub keep_parts: &'static Statement,
    /// Counts, up to `$2`, what words of company `$1` lead to from parts in ranges: rows of number,
    /// first part and the first part beyond; gives number and count.
    pub count: &'static Statement,
}

/// A record whose words change.
#[derive(Clone, Debug, Default)]
pub struct WordChange {
    /// The record.
    pub record: i64,
    /// The words that it had.
    pub before: BTreeSet<String>,
    /// The words that it has.
    pub after: BTreeSet<String>,
}

/// How the records that somebody asks for are found.
#[derive(Clone, Debug)]
pub struct Search {
    /// The parts from which words lead to every record that is asked for; none where the list is
    /// walked in its order.
    pub parts: Option<(String, String)>,
    /// The pattern of one word for `like`, with `\` before what is no pattern; empty when nothing is
    /// asked for.
    pub pattern: String,
    /// The patterns of all other words.
    pub others: Rows,
}

impl Search {
    /// Nothing is asked for: all records are found.
    #[must_use]
    pub fn for_all() -> Search {
        Search { parts: None, pattern: String::new(), others: Rows::new(1) }
    }
}

impl WordIndex {
    /// Writes which words records have from now on, in at most three statements.
    ///
    /// # Errors
    /// Those of the engine.
    pub fn change(
        &self,
        tx: &mut Tx<'_>,
        company_id: CompanyId,
        changes: &[WordChange],
    ) -> Result<(), StoreError> {
        let (mut gone, mut come) = (Vec::new(), Vec::new());
        for change in changes.iter().filter(|change| change.before != change.after) {
            gone.extend(change.before.difference(&change.after).map(|word| (word, change.record)));
            // All that it has, not only what is new: what was never given is given now.
            come.extend(change.after.iter().map(|word| (word, change.record)));
        }
        // In the order of the keys: that is quickest, and locks are taken in one order.
        gone.sort_unstable();
        come.sort_unstable();
        let mut words: Vec<&String> = come.iter().map(|(word, _)| *word).collect();
        words.dedup();
        let each = words.iter().flat_map(|word| parts_of(word).map(move |part| (part, *word)));
        let mut parts: Vec<(&str, &String)> = each.collect();
        parts.sort_unstable();
        parts.dedup();
        tx.write(self.take, params![company_id; pairs(gone)])?;
        tx.write(self.give, params![company_id; pairs(come)])?;
        tx.write(self.keep_parts, params![company_id; pairs(parts)])
    }

    /// How to find what somebody typed: from the word that the fewest records have, if they are few.
    ///
    /// # Errors
    /// Those of the engine.
    pub fn search(
        &self,
        tx: &mut Tx<'_>,
        company_id: CompanyId,
        typed: &str,
    ) -> Result<Search, StoreError> {
        let mut words = words_typed(typed);
        if words.is_empty() {
            return Ok(Search::for_all());
        }
        let fewest = self.fewest(tx, company_id, &words)?;
        let (count, leader) = fewest.unwrap_or((i64::MAX, 0));
        let word = words.swap_remove(leader);
        Ok(Search {
            parts: range_of(&word).filter(|_| count <= MOST),
            pattern: pattern(&word),
            others: Rows::column(words.iter().map(|word| pattern(word))),
        })
    }

    /// How many records the word has that the fewest have, and which one that is; none when all are too
    /// short to be counted.
    fn fewest(
        &self,
        tx: &mut Tx<'_>,
        company_id: CompanyId,
        words: &[String],
    ) -> Result<Option<(i64, usize)>, StoreError> {
        let mut ranges = Rows::new(3);
        let mut counted = Vec::with_capacity(words.len());
        for (at, word) in words.iter().enumerate() {
            if let Some((low, high)) = range_of(word) {
                ranges.push(row![counted.len() as u64, low, high]);
                counted.push(at);
            }
        }
        if ranges.is_empty() {
            return Ok(None);
        }
        let mut counts = vec![i64::MAX; counted.len()];
        for row in tx.query(self.count, params![company_id, MOST + 1; ranges])? {
            let number: u64 = row.get(0)?;
            if let Some(count) = usize::try_from(number).ok().and_then(|at| counts.get_mut(at)) {
                *count = row.get(1)?;
            }
        }
        Ok(counts.into_iter().zip(counted).min())
    }
}

fn pairs<A: crate::ToValue, B: crate::ToValue>(pairs: Vec<(A, B)>) -> Rows {
    let mut rows = Rows::new(2);
    for (one, other) in pairs {
        rows.push(row![one, other]);
    }
    rows
}

/// The pattern that finds a word anywhere.
fn pattern(word: &str) -> String {
    let mut pattern = String::from("%");
    for letter in word.chars() {
        if matches!(letter, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    pattern.push('%');
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_takes_every_letter_as_it_is() {
        assert_eq!(pattern("50%_off\\"), "%50\\%\\_off\\\\%");
    }
}
