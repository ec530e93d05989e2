//! The words by which items are found: for items that were made before there were any, and whether
//! they still say what the items do. Whatever makes or changes an item writes its words beside it.

use base::{CompanyId, Id, search_text, words_of};
use store::{StoreError, Tx, WordChange};

use crate::tables;

/// How many items get their words in one transaction.
const ITEMS: usize = 1_000;
/// How many are read at once when all are verified.
const READ: usize = 5_000;

/// Gives words to the next items that were made before items had words. Answers whether there were
/// any; a program that has brought its schema up to date asks until there are none.
///
/// # Errors
/// Those of the engine.
pub fn word_items(tx: &mut Tx<'_>, company_id: CompanyId) -> Result<bool, StoreError> {
    let items = tables::wordless(tx, company_id, ITEMS)?;
    let (mut changes, mut texts) = (Vec::new(), Vec::new());
    for (item_id, sku, name) in &items {
        let after = words_of([sku.as_str(), name.as_str()]);
        texts.push((*item_id, search_text(&after)));
        changes.push(WordChange { record: item_id.raw(), after, ..WordChange::default() });
    }
    tables::WORDS.change(tx, company_id, &changes)?;
    tables::set_search(tx, company_id, &texts)?;
    Ok(!items.is_empty())
}

/// Which items are not found by what they are called; nothing when all are. Every item is read.
///
/// # Errors
/// Those of the engine.
pub fn verify_words(tx: &mut Tx<'_>, company_id: CompanyId) -> Result<Vec<String>, StoreError> {
    let (mut after, mut broken) = (0, Vec::new());
    loop {
        let items = tables::searched(tx, company_id, after, READ)?;
        let Some((last, _)) = items.last() else { return Ok(broken) };
        after = last.raw();
        for (_, [sku, name, search]) in &items {
            let words = search_text(&words_of([sku.as_str(), name.as_str()]));
            if words != *search {
                broken.push(format!("item {sku} is found by {search:?} and not by {words:?}"));
            }
        }
    }
}
