//! The words by which records are found, and what is typed to find them.
//!
//! The texts of a record, such as its code and its name, are cut at blanks into *words*, folded so that
//! capitals, accents and German letters do not matter. A typed word finds the records that have it in
//! any of their words, wherever it begins there. So that it can be looked up instead of looked for, a
//! word is also known by its *parts*: itself from each of its letters on. What has `lamp` in it has a
//! part that begins with `lamp`.

use std::collections::BTreeSet;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The fewest letters of a part: single letters are in nearly every record, and not looked up.
const SHORTEST_PART: usize = 2;

/// The words of a record's texts, folded. What has an umlaut is found under both of its spellings,
/// `Müller` as `mueller` and as `muller`.
pub fn words_of<'t>(texts: impl IntoIterator<Item = &'t str>) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    for text in texts {
        let folded = fold(text, Umlauts::SpeltOut);
        words.extend(folded.split_whitespace().map(str::to_owned));
        if !text.is_ascii() {
            let bare = fold(text, Umlauts::Bare);
            words.extend(bare.split_whitespace().map(str::to_owned));
        }
    }
    words
}

/// A record's words as one text: each once, a blank between two.
#[must_use]
pub fn search_text(words: &BTreeSet<String>) -> String {
    words.iter().map(String::as_str).collect::<Vec<_>>().join(" ")
}

/// The parts of a word: all of it, then from its second letter on, down to its last two letters.
pub fn parts_of(word: &str) -> impl Iterator<Item = &str> {
    let letters = word.chars().count();
    let parts = (letters + 1).saturating_sub(SHORTEST_PART);
    word.char_indices().take(parts).map(|(at, _)| &word[at..])
}

/// The words that somebody typed, folded, the longest first. What is in another of them says nothing
/// more and is left out.
#[must_use]
pub fn words_typed(text: &str) -> Vec<String> {
    // A NUL is in no stored text, and PostgreSQL refuses to be asked for one; nor is what stands for it.
    let folded = fold(&text.replace('\0', "\u{1}"), Umlauts::SpeltOut);
    let mut typed: Vec<&str> = folded.split_whitespace().collect();
    typed.sort_by_key(|word| (std::cmp::Reverse(word.len()), *word));
    let mut words: Vec<String> = Vec::with_capacity(typed.len());
    for word in typed {
        if !words.iter().any(|longer| longer.contains(word)) {
            words.push(word.to_owned());
        }
    }
    words
}

/// Where the parts that begin with a word begin and end; none for a word so short that not all that has
/// it also has a part that begins with it.
#[must_use]
pub fn range_of(word: &str) -> Option<(String, String)> {
    let long = word.chars().count() >= SHORTEST_PART;
    long.then(|| (word.to_owned(), format!("{word}{}", char::MAX)))
}

/// How letters with two dots are written without them.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Umlauts {
    /// As German does: ä is ae.
    SpeltOut,
    /// ä is a.
    Bare,
}

fn fold(text: &str, umlauts: Umlauts) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut folded = String::with_capacity(text.len() + 8);
    for letter in text.nfkc().flat_map(char::to_lowercase) {
        match letter {
            'ä' if umlauts == Umlauts::SpeltOut => folded.push_str("ae"),
            'ö' if umlauts == Umlauts::SpeltOut => folded.push_str("oe"),
            'ü' if umlauts == Umlauts::SpeltOut => folded.push_str("ue"),
            'ß' => folded.push_str("ss"),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            'þ' => folded.push_str("th"),
            'ø' => folded.push('o'),
            'ł' => folded.push('l'),
            'đ' | 'ð' => folded.push('d'),
            'ı' => folded.push('i'),
            other => folded.extend(other.nfd().filter(|found| !is_combining_mark(*found))),
        }
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(texts: &[&str]) -> Vec<String> {
        words_of(texts.iter().copied()).into_iter().collect()
    }

    /// Whether what is typed finds a record of these texts, by the definition.
    fn finds(typed: &str, texts: &[&str]) -> bool {
        let words = words(texts);
        words_typed(typed).iter().all(|typed| words.iter().any(|word| word.contains(typed)))
    }

    #[test]
    fn capitals_accents_and_german_letters_do_not_matter() {
        assert_eq!(words(&["P-045", "Blue  LAMP"]), ["blue", "lamp", "p-045"]);
        assert_eq!(words(&["Müller"]), ["mueller", "muller"]);
        assert_eq!(words(&["Crème Brûlée"]), ["brulee", "creme"]);
        assert_eq!(words(&["Straße Ærø Łódź"]), ["aero", "lodz", "strasse"]);
        // Composed of a letter and its dots, and in full width.
        assert_eq!(words(&["Mu\u{308}ller", "ＡＢＣ"]), ["abc", "mueller", "muller"]);
        assert_eq!(words(&["", " \u{a0} "]), [""; 0]);
    }

    #[test]
    fn what_is_typed_finds_parts_of_words_in_any_order() {
        let lamp = ["P-04512", "Grüne Tischlampe, groß"];
        for typed in ["0451", "p-045", "lampe", "GROSS tisch", "gruene", "grüne", "grune", "e,", ""]
        {
            assert!(finds(typed, &lamp), "{typed}");
        }
        for typed in ["0452", "lampe blau", "tisch lampen", "%", "p_04512", "a\0b"] {
            assert!(!finds(typed, &lamp), "{typed}");
        }
    }

    #[test]
    fn a_word_in_another_word_is_not_asked_for_twice() {
        assert_eq!(words_typed("lamp Lampe am blue"), ["lampe", "blue"]);
        assert_eq!(words_typed("  "), [""; 0]);
    }

    #[test]
    fn whatever_has_a_word_in_it_has_a_part_within_its_range() {
        for word in ["p-04512", "grüne", "日本語", "aaaa", "ab", "a", ""] {
            let parts: Vec<&str> = parts_of(word).collect();
            let letters: Vec<char> = word.chars().collect();
            for from in 0..letters.len() {
                for to in from + 2..=letters.len() {
                    let asked: String = letters[from..to].iter().collect();
                    let (low, high) = range_of(&asked).expect("two letters or more");
                    let found = parts.iter().any(|part| *part >= &*low && *part < &*high);
                    assert!(found, "{asked} in {word}");
                }
            }
            assert_eq!(parts.len(), letters.len().saturating_sub(1));
        }
        assert_eq!(range_of("ü"), None);
    }
}
