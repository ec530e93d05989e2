//! Request keys: a request that arrives twice acts once and is answered alike both times.
//!
//! The key is claimed by the first insert of the transaction and answered by its last update, so
//! key, effect and answer commit together. A repeat that meets a running first waits for its fate.

use crate::tx::Tx;
use crate::{Database, StoreError, params, tables};
use base::{CompanyId, Timestamp};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// A client-made key and what it stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestKey {
    /// The company in whose books the request acts.
    pub company_id: CompanyId,
    /// Who sent it: a user or an API key.
    pub principal: String,
    /// The verb's name.
    pub route: &'static str,
    /// The client's key, 1 to 255 printable characters.
    pub key: String,
    /// SHA-256 of the canonical request.
    pub fingerprint: Vec<u8>,
    /// Now.
    pub at: Timestamp,
}

/// An answer, and whether it is a repeat of an earlier one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Once<T> {
    /// The answer.
    pub answer: T,
    /// Whether the effect had been committed before.
    pub replayed: bool,
}

impl Database {
    /// Runs `work` once for `key` and waits: the first time it acts, afterwards the first answer is
    /// returned. Refusals are not kept: a retry runs afresh.
    ///
    /// # Errors
    /// What `work` refuses, [`StoreError::KeyReused`] when the key was used for another request, or
    /// the store's own error.
    pub fn write_once<T, E, F>(&self, key: RequestKey, mut work: F) -> Result<Once<T>, E>
    where
        T: Serialize + DeserializeOwned + Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    {
        self.write_keyed(move |tx| once(tx, &key, &mut work))
    }

    /// As [`Database::write_once`], for asynchronous callers.
    ///
    /// # Errors
    /// As [`Database::write_once`].
    pub async fn submit_once<T, E, F>(&self, key: RequestKey, mut work: F) -> Result<Once<T>, E>
    where
        T: Serialize + DeserializeOwned + Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    {
        self.submit_keyed(move |tx| once(tx, &key, &mut work)).await
    }
}

/// Runs `work` once for `key` inside a transaction of [`Database::submit_keyed`]; see
/// [`Database::write_once`].
///
/// # Errors
/// As [`Database::write_once`].
pub fn once<T, E>(
    tx: &mut Tx<'_>,
    key: &RequestKey,
    work: &mut impl FnMut(&mut Tx<'_>) -> Result<T, E>,
) -> Result<Once<T>, E>
where
    T: Serialize + DeserializeOwned,
    E: From<StoreError>,
{
    if !claim(tx, key)? {
        return Ok(Once { answer: first_answer(tx, key)?, replayed: true });
    }
    let answer = work(tx)?;
    let bytes = serde_json::to_vec(&answer)
        .map_err(|error| StoreError::Unusable(format!("an answer is not JSON: {error}")))?;
    tx.write_exactly(
        1,
        &tables::ANSWER_KEY,
        params![key.company_id, key.principal, key.route, key.key, bytes],
    )?;
    Ok(Once { answer, replayed: false })
}

/// Forgets request keys of a company that were used before a moment, with their answers; at most so many,
/// and tells how many. A repeat under a key that was forgotten acts anew.
///
/// # Errors
/// Those of the engine.
pub fn forget_keys(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    before: Timestamp,
    most: u32,
) -> Result<usize, StoreError> {
    let forgotten = params![company_id, before, i64::from(most)];
    Ok(tx.query(&tables::FORGET_KEYS, forgotten)?.len())
}

fn claim(tx: &mut Tx<'_>, key: &RequestKey) -> Result<bool, StoreError> {
    let claimed = tx.query(
        &tables::CLAIM_KEY,
        params![key.company_id, key.principal, key.route, key.key, key.fingerprint, key.at],
    )?;
    Ok(!claimed.is_empty())
}

fn first_answer<T: DeserializeOwned>(tx: &mut Tx<'_>, key: &RequestKey) -> Result<T, StoreError> {
    let row = tx
        .query_opt(&tables::FIND_KEY, params![key.company_id, key.principal, key.route, key.key])?;
    // The first run was rolled back between our insert and our look: run again.
    let Some(row) = row else { return Err(StoreError::Retry("a key was freed".to_owned())) };
    if row.get::<Vec<u8>>(0)? != key.fingerprint {
        return Err(StoreError::KeyReused);
    }
    let answer: Option<Vec<u8>> = row.get(1)?;
    let answer = answer.ok_or_else(|| StoreError::Unusable("a key has no answer".to_owned()))?;
    serde_json::from_slice(&answer)
        .map_err(|error| StoreError::Unusable(format!("a stored answer is not readable: {error}")))
}
