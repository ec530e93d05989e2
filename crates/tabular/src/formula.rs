//! Text that a spreadsheet would run as a formula.

const GUARD: char = '\'';

fn runs(text: &str) -> bool {
    text.trim_start_matches(GUARD).starts_with(['=', '+', '-', '@', '\t', '\r', '\n'])
}

/// The text with an apostrophe in front when a spreadsheet could run it. Text that already has
/// apostrophes before such a start gets one more, so that [`recover`] gives back what was there.
pub(crate) fn disarm(text: &str) -> String {
    if runs(text) { format!("{GUARD}{text}") } else { text.to_owned() }
}

/// The text as it was before [`disarm`].
pub(crate) fn recover(text: &str) -> &str {
    match text.strip_prefix(GUARD) {
        Some(rest) if runs(rest) => rest,
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_formula_is_disarmed_and_comes_back() {
        #[track_caller]
        fn check(text: &str, written: &str) {
            assert_eq!(disarm(text), written);
            assert_eq!(recover(written), text);
        }
        check("=1+1", "'=1+1");
        check("+44 20", "'+44 20");
        check("-5", "'-5");
        check("@SUM(A1)", "'@SUM(A1)");
        check("\tx", "'\tx");
        check("\rx", "'\rx");
        check("'=1", "''=1");
        check("'s Hertogenbosch", "'s Hertogenbosch");
        check("plain", "plain");
        check("", "");
        check("'", "'");
    }
}
