//! The words by which partners are found: for partners that were made before there were any, and
//! whether they still say what the partners do. Whatever makes or changes a partner writes its words
//! beside it.

use base::{CompanyId, Id, search_text, words_of};
use store::{StoreError, Tx, WordChange};

use crate::tables;

/// How many partners get their words in one transaction.
const PARTNERS: usize = 1_000;
/// How many are read at once when all are verified.
const READ: usize = 5_000;

/// Gives words to the next partners that were made before partners had words. Answers whether there
/// were any; a program that has brought its schema up to date asks until there are none.
///
/// # Errors
/// Those of the engine.
pub fn word_partners(tx: &mut Tx<'_>, company_id: CompanyId) -> Result<bool, StoreError> {
    let partners = tables::wordless(tx, company_id, PARTNERS)?;
    let (mut changes, mut texts) = (Vec::new(), Vec::new());
    for (partner_id, named) in &partners {
        let after = words_of(named.iter().map(String::as_str));
        texts.push((*partner_id, search_text(&after)));
        changes.push(WordChange { record: partner_id.raw(), after, ..WordChange::default() });
    }
    tables::WORDS.change(tx, company_id, &changes)?;
    tables::set_search(tx, company_id, &texts)?;
    Ok(!partners.is_empty())
}

/// Which partners are not found by what they are called; nothing when all are. Every partner is read.
///
/// # Errors
/// Those of the engine.
pub fn verify_words(tx: &mut Tx<'_>, company_id: CompanyId) -> Result<Vec<String>, StoreError> {
    let (mut after, mut broken) = (0, Vec::new());
    loop {
        let partners = tables::searched(tx, company_id, after, READ)?;
        let Some((last, _)) = partners.last() else { return Ok(broken) };
        after = last.raw();
        for (_, [code, name, email, search]) in &partners {
            let words = search_text(&words_of([code.as_str(), name.as_str(), email.as_str()]));
            if words != *search {
                broken.push(format!("partner {code} is found by {search:?} and not by {words:?}"));
            }
        }
    }
}
