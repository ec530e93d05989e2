//! What domains declare of what they ask approvals for: kinds of documents, and the named facts that a
//! rule may look at. Here they are opaque: a name with words or with a number.

use crate::grants::Permission;
use base::Quantity;

/// A kind of document that may need somebody's yes. Each domain declares its own.
#[derive(Debug, Clone, Copy)]
pub struct ApprovalKind {
    /// Its name, `purchase_order`.
    pub name: &'static str,
    /// The permission that the approver needs when no rule says otherwise.
    pub permission: Permission,
    /// Whether it is always another person than who asked, whatever the policy says.
    pub another: bool,
    /// The facts that a rule may look at.
    pub facts: &'static [FactKind],
}

/// A fact that rules may look at.
#[derive(Debug, Clone, Copy)]
pub struct FactKind {
    /// Its name, `supplier_category`.
    pub name: &'static str,
    /// Whether it is a number, which is compared with a limit; else it has words, which are named.
    pub number: bool,
    /// What it is.
    pub about: &'static str,
}

/// A fact of one document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedFact {
    /// The name by which rules know it.
    pub name: &'static str,
    /// What it is here.
    pub value: FactValue,
}

/// What a fact is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FactValue {
    /// Words by which rules know it, each with the sentence that tells an approver.
    Words(Vec<(String, String)>),
    /// A number, with the sentence that tells an approver.
    Number(Quantity, String),
}

impl NamedFact {
    /// A fact of one word.
    #[must_use]
    pub fn word(name: &'static str, word: impl Into<String>, told: impl Into<String>) -> NamedFact {
        NamedFact { name, value: FactValue::Words(vec![(word.into(), told.into())]) }
    }

    /// A fact that is a number.
    #[must_use]
    pub fn number(name: &'static str, number: Quantity, told: impl Into<String>) -> NamedFact {
        NamedFact { name, value: FactValue::Number(number, told.into()) }
    }

    /// The fact as readers get it.
    pub(crate) fn shown(&self) -> serde_json::Value {
        match &self.value {
            FactValue::Words(words) => {
                let words: Vec<&str> = words.iter().map(|(word, _)| word.as_str()).collect();
                serde_json::json!(words.join(", "))
            }
            FactValue::Number(number, _) => serde_json::json!(number.to_string()),
        }
    }
}
