//! The nouns.

use base::{CompanyId, Currency, Zone};

/// A company of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Company {
    /// Its id.
    pub company_id: CompanyId,
    /// Its name.
    pub name: String,
    /// The currency of its books.
    pub currency: Currency,
    /// The time zone in which its days begin.
    pub zone: Zone,
    /// Its country, as two capital letters of ISO 3166.
    pub country: String,
}
