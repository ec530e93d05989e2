//! The roles that every new company has. They are patterns: a crate that comes later needs no
//! change here as long as it calls its reading permission `crate.read` and its approving ones
//! `crate.approve`.

/// A role that every new company has.
pub(crate) struct Template {
    /// Its name.
    pub name: &'static str,
    /// Its patterns, without those of [`READ`].
    pub patterns: &'static [&'static str],
    /// Whether it reads everything, too.
    pub reads_all: bool,
}

/// The role that may do everything, and that a company never runs out of.
pub(crate) const ADMINISTRATOR: &str = "administrator";

/// Reading everything that is no secret. Who holds which role is for administrators and auditors.
const READ: &[&str] = &[
    "accounting.read",
    "accounting.view",
    "catalog.read",
    "channels.read",
    "counting.read",
    "desk.read",
    "documents.read",
    "fulfilment.read",
    "identity.audit",
    "jobs.read",
    "mail.read",
    "opening.read",
    "partners.read",
    "payments.read",
    "picking.read",
    "planning.read",
    "purchasing.read",
    "quality.read",
    "receiving.read",
    "reconcile.read",
    "sales.read",
    "stock.read",
    "valuation.read",
    "workforce.read",
];

pub(crate) static TEMPLATES: &[Template] = &[
    Template { name: ADMINISTRATOR, patterns: &["*"], reads_all: false },
    Template {
        name: "buyer",
        patterns: &[
            "catalog.*",
            "documents.*",
            "fulfilment.route",
            "fulfilment.supply",
            "identity.decide",
            "identity.delegate",
            "mail.retry",
            "partners.*",
            "planning.*",
            "purchasing.*",
            "receiving.match",
            "stock.plan_transfer",
            "-purchasing.approve",
        ],
        reads_all: true,
    },
    Template {
        name: "buyer_lead",
        patterns: &[
            "catalog.*",
            "documents.*",
            "fulfilment.route",
            "fulfilment.supply",
            "identity.decide",
            "identity.delegate",
            "mail.retry",
            "partners.*",
            "planning.*",
            "purchasing.*",
            "receiving.match",
            "stock.plan_transfer",
        ],
        reads_all: true,
    },
    Template {
        name: "warehouse",
        patterns: &[
            "catalog.read",
            "counting.*",
            "documents.*",
            "fulfilment.*",
            "identity.decide",
            "identity.delegate",
            "partners.read",
            "picking.*",
            "purchasing.read",
            "purchasing.receive",
            "quality.*",
            "receiving.*",
            "sales.read",
            "sales.ship",
            "stock.*",
            "workforce.*",
            "-counting.approve",
            "-counting.define",
            "-fulfilment.approve",
            "-fulfilment.rank",
            "-quality.approve",
            "-quality.refund",
            "-stock.approve",
            "-stock.edit_reasons",
        ],
        reads_all: false,
    },
    Template {
        name: "finance",
        patterns: &[
            "accounting.*",
            "counting.approve",
            "documents.*",
            "identity.decide",
            "identity.delegate",
            "partners.*",
            "payments.*",
            "purchasing.bill",
            "purchasing.match",
            "quality.authorize",
            "quality.refund",
            "quality.settle_claim",
            "reconcile.*",
            "sales.invoice",
            "sales.refund",
            "stock.approve",
            "stock.edit_reasons",
            "stock.explain",
            "valuation.*",
        ],
        reads_all: true,
    },
    Template {
        name: "leader",
        patterns: &[
            "accounting.approve",
            "counting.approve",
            "counting.define",
            "documents.*",
            "fulfilment.approve",
            "fulfilment.rank",
            "identity.decide",
            "identity.delegate",
            "payments.approve",
            "planning.*",
            "purchasing.approve",
            "quality.approve",
            "reconcile.*",
            "sales.approve",
            "stock.approve",
            "stock.edit_reasons",
            "stock.plan_transfer",
        ],
        reads_all: true,
    },
    Template {
        name: "integration",
        patterns: &[
            "catalog.*",
            "channels.*",
            "documents.*",
            "fulfilment.route",
            "partners.*",
            "picking.pack",
            "picking.read",
            "purchasing.read",
            "sales.*",
            "stock.read",
            "webhooks.read",
            "-sales.approve",
        ],
        reads_all: false,
    },
    Template { name: "auditor", patterns: &["identity.read"], reads_all: true },
];

impl Template {
    /// All patterns.
    pub(crate) fn all(&self) -> impl Iterator<Item = &'static str> {
        let reads = if self.reads_all { READ } else { &[] };
        let own = self.patterns;
        // A role that already names all of a crate does not list its reading once more.
        let new = move |read: &&&str| {
            let whole = read.split_once('.').map(|(crate_name, _)| format!("{crate_name}.*"));
            !whole.is_some_and(|whole| own.contains(&whole.as_str()))
        };
        own.iter().chain(reads.iter().filter(new)).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::{Pattern, gives};

    fn role(name: &str) -> Vec<Pattern> {
        let template = TEMPLATES.iter().find(|template| template.name == name).unwrap();
        template.all().map(|text| Pattern::parse(text).expect(text)).collect()
    }

    #[test]
    fn each_role_has_what_its_work_needs_and_no_more() {
        #[track_caller]
        fn check(name: &str, permission: &str, expected: bool) {
            assert_eq!(gives(&role(name), permission), expected, "{name} {permission}");
        }
        check("administrator", "identity.grant", true);
        check("buyer", "purchasing.send", true);
        check("buyer", "purchasing.approve", false);
        check("buyer", "documents.attach", true);
        check("buyer", "mail.retry", true);
        check("warehouse", "mail.read", false);
        check("finance", "mail.read", true);
        check("buyer", "stock.read", true);
        check("buyer", "stock.plan_transfer", true);
        check("buyer", "stock.send_transfer", false);
        check("leader", "stock.plan_transfer", true);
        check("buyer_lead", "purchasing.approve", true);
        check("buyer_lead", "payments.pay", false);
        check("warehouse", "purchasing.receive", true);
        check("warehouse", "purchasing.send", false);
        check("warehouse", "counting.approve", false);
        check("warehouse", "counting.apply", true);
        check("warehouse", "counting.define", false);
        check("warehouse", "stock.edit_reasons", false);
        check("finance", "stock.approve", true);
        check("finance", "counting.apply", false);
        check("leader", "jobs.read", true);
        check("leader", "jobs.run", false);
        check("integration", "webhooks.read", true);
        check("integration", "webhooks.edit", false);
        check("leader", "webhooks.read", false);
        check("leader", "counting.define", true);
        check("finance", "purchasing.bill", true);
        check("finance", "purchasing.receive", false);
        check("finance", "quality.refund", true);
        check("warehouse", "quality.dispose", true);
        check("warehouse", "quality.refund", false);
        check("warehouse", "receiving.scan", true);
        check("warehouse", "receiving.settle", true);
        check("buyer", "receiving.match", true);
        check("buyer", "receiving.settle", false);
        check("warehouse", "picking.plan", true);
        check("warehouse", "picking.pick", true);
        check("warehouse", "picking.pack", true);
        check("leader", "picking.read", true);
        check("leader", "picking.pick", false);
        check("buyer", "picking.pack", false);
        check("warehouse", "fulfilment.route", true);
        check("warehouse", "fulfilment.rank", false);
        check("buyer", "fulfilment.supply", true);
        check("leader", "fulfilment.rank", true);
        check("leader", "purchasing.approve", true);
        check("leader", "purchasing.send", false);
        check("integration", "sales.accept", true);
        check("integration", "accounting.read", false);
        check("auditor", "accounting.read", true);
        check("auditor", "accounting.post", false);
        for template in TEMPLATES.iter().filter(|t| t.name != ADMINISTRATOR) {
            check(template.name, "identity.grant", false);
        }
    }

    #[test]
    fn no_role_names_a_pattern_twice() {
        for template in TEMPLATES {
            let mut all: Vec<_> = template.all().collect();
            let count = all.len();
            all.sort_unstable();
            all.dedup();
            assert_eq!(all.len(), count, "{}", template.name);
        }
    }
}
