//! The kinds of open lines that callers name, as words that live as long as the program.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use crate::model::Key;

/// The word for a kind of open line that was found in the books. Only words of the house's own code
/// ever get there, so that the set stays as small as the code: never call it with a word that was
/// not found.
pub(crate) fn known(key: &Key) -> &'static str {
    static WORDS: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());
    let text = match &key.kind {
        Cow::Borrowed(word) => return word,
        Cow::Owned(text) => text.as_str(),
    };
    let mut words = WORDS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(word) = words.get(text) {
        return word;
    }
    let word: &'static str = text.to_owned().leak();
    words.insert(word);
    word
}
