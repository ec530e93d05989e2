//! The noun: a partner, which is a supplier, a customer or both.

use std::collections::{BTreeMap, BTreeSet};

use base::{Currency, PartnerId, words_of};

use crate::{Country, CustomerKind};

/// A person or company that the company buys from or sells to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Partner {
    /// Its id.
    pub id: PartnerId,
    /// Its number, unique in the company.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Whether it may be bought from.
    pub supplier: bool,
    /// Whether it may be sold to.
    pub customer: bool,
    /// What it is as a customer.
    pub customer_kind: CustomerKind,
    /// Where it resides.
    pub country: Country,
    /// The currency it deals in.
    pub currency: Currency,
    /// How many days after its date an invoice or bill is due.
    pub payment_days: i64,
    /// Where documents are sent; empty for none.
    pub email: String,
    /// Its tax number; empty for none.
    pub tax_number: String,
    /// The language of its documents, as in `en` or `de-CH`; empty for the company's.
    pub language: String,
    /// What sort of supplier or customer it is, in the company's own words; empty for none.
    pub category: String,
    /// Its IBAN without blanks; empty for none. Changed by `change_bank_details` alone.
    pub bank_account: String,
    /// Whether it may be used in new documents.
    pub active: bool,
    /// Raised with every change.
    pub revision: i64,
}

/// What is written of a partner; bank details have a verb of their own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Draft {
    pub code: String,
    pub name: String,
    pub supplier: bool,
    pub customer: bool,
    pub customer_kind: CustomerKind,
    pub country: Country,
    pub currency: Currency,
    pub payment_days: i64,
    pub email: String,
    pub tax_number: String,
    pub language: String,
    pub category: String,
    pub active: bool,
}

impl Draft {
    pub(crate) fn of(partner: &Partner) -> Draft {
        Draft {
            code: partner.code.clone(),
            name: partner.name.clone(),
            supplier: partner.supplier,
            customer: partner.customer,
            customer_kind: partner.customer_kind,
            country: partner.country,
            currency: partner.currency,
            payment_days: partner.payment_days,
            email: partner.email.clone(),
            tax_number: partner.tax_number.clone(),
            language: partner.language.clone(),
            category: partner.category.clone(),
            active: partner.active,
        }
    }

    /// The words by which it is found.
    pub(crate) fn words(&self) -> BTreeSet<String> {
        words_of([self.code.as_str(), self.name.as_str(), self.email.as_str()])
    }

    /// The draft as the audit trail tells it.
    pub(crate) fn told(&self) -> serde_json::Value {
        serde_json::json!({
            "code": self.code,
            "name": self.name,
            "supplier": self.supplier,
            "customer": self.customer,
            "customer_kind": self.customer_kind,
            "country": self.country,
            "currency": self.currency,
            "payment_days": self.payment_days,
            "email": self.email,
            "tax_number": self.tax_number,
            "language": self.language,
            "category": self.category,
            "active": self.active,
        })
    }

    /// The fields in which `after` differs, each as it was and as it is.
    pub(crate) fn changes(&self, after: &Draft) -> serde_json::Value {
        let (before, after) = (self.told(), after.told());
        let fields = before.as_object().into_iter().flatten();
        let changed = fields.filter_map(|(name, was)| {
            let is = &after[name];
            (was != is).then(|| (name.clone(), serde_json::json!([was, is])))
        });
        changed.collect::<serde_json::Map<_, _>>().into()
    }

    /// The draft with changed fields as they were before; none when that cannot be read.
    pub(crate) fn put_back(&self, changes: &serde_json::Value) -> Option<Draft> {
        let mut draft = self.clone();
        for (name, [was, _]) in read::<BTreeMap<String, [serde_json::Value; 2]>>(changes)? {
            match name.as_str() {
                "name" => draft.name = read(&was)?,
                "supplier" => draft.supplier = read(&was)?,
                "customer" => draft.customer = read(&was)?,
                "customer_kind" => draft.customer_kind = read(&was)?,
                "country" => draft.country = read(&was)?,
                "currency" => draft.currency = read(&was)?,
                "payment_days" => draft.payment_days = read(&was)?,
                "email" => draft.email = read(&was)?,
                "tax_number" => draft.tax_number = read(&was)?,
                "language" => draft.language = read(&was)?,
                "category" => draft.category = read(&was)?,
                "active" => draft.active = read(&was)?,
                _ => return None,
            }
        }
        Some(draft)
    }
}

/// A value as it was told.
fn read<T: serde::de::DeserializeOwned>(told: &serde_json::Value) -> Option<T> {
    serde_json::from_value(told.clone()).ok()
}
