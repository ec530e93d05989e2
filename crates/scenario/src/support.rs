//! What a scenario can use: one table from which cases are skipped and the manual's list is made.

use crate::case::{Case, Expect, Step};
use crate::checks::Seen;
use crate::world::{Made, Stop, World};
use crate::yaml::{Data, Node};
use crate::{checks, steps};

/// A verb of a step.
pub(crate) struct Verb {
    pub name: &'static str,
    /// Its arguments; nested ones after a dot. `id` and `repeat` every verb takes.
    pub args: &'static [&'static str],
    pub about: &'static str,
    /// What of an argument's values the doors cannot express.
    pub fits: fn(&Case, &Step) -> Result<(), String>,
    pub run: fn(&mut World, &Step) -> Result<Made, Stop>,
}

/// A check of an expectation.
pub(crate) struct Check {
    pub name: &'static str,
    /// Its arguments; nested ones after a dot. `at` and `step` every check takes.
    pub args: &'static [&'static str],
    pub about: &'static str,
    pub run: fn(&World, &Expect) -> Result<Seen, Stop>,
}

/// A verb that takes whatever its arguments say.
pub(crate) fn any(_: &Case, _: &Step) -> Result<(), String> {
    Ok(())
}

/// A key of the set-up with the fields in it.
struct Key {
    name: &'static str,
    fields: &'static [&'static str],
    about: &'static str,
}

const SETUP: &[Key] = &[
    Key { name: "accounting", fields: &[], about: "anglo_saxon, which is how the books are kept" },
    Key {
        name: "company",
        fields: &[
            "annual_count_date",
            "approval",
            "approval_amount",
            "negative_stock",
            "days_to_purchase",
            "supply_period_days",
        ],
        about: "approval two_step above an amount; negative stock allowed or refused; the day of the year \
                on which places without a cycle are counted; days before an order is placed, and after \
                its arrival for which it is placed",
    },
    Key {
        name: "currency",
        fields: &["code", "rounding"],
        about: "of the books; a code that is no currency stands for one with that rounding",
    },
    Key {
        name: "controls",
        fields: &["on", "point", "lower", "upper"],
        about: "what is measured of every item before it is received, and its limits",
    },
    Key {
        name: "items",
        fields: &[
            "sku",
            "uom",
            "purchase_uom",
            "kind",
            "tracking",
            "expiry_days",
            "best_before_days",
            "removal_days_before",
            "alert_days_before",
            "cost_method",
            "standard_cost",
            "cost_decimals",
            "cost_per",
            "valuation",
            "sale_price",
            "weight",
            "volume",
            "landed_cost",
            "over_receipt_allowance_percent",
            "supply_on_sale",
            "suppliers",
            "suppliers.supplier",
            "suppliers.price",
            "suppliers.min_qty",
            "suppliers.lead_days",
            "suppliers.uom",
            "suppliers.drop_ship",
        ],
        about: "what is traded, its costing method and its suppliers' offers; supplied on sale \
                always or from stock_first",
    },
    Key {
        name: "locations",
        fields: &[
            "code",
            "count_threshold_percent",
            "cycle_days",
            "last_count",
            "zero_confirmation",
        ],
        about: "places, as words or by code, and how they are counted",
    },
    Key { name: "opening_layers", fields: &["item", "layers"], about: "stock as [quantity, rate]" },
    Key {
        name: "putaway",
        fields: &["item", "location", "capacity", "priority", "uom"],
        about: "where goods shall lie, and how much there is room for",
    },
    Key {
        name: "rates",
        fields: &["currency", "per_company_unit", "date"],
        about: "foreign units for one unit of the company's currency, from a day on",
    },
    Key { name: "removal", fields: &[], about: "fifo, lifo, fefo or closest" },
    Key {
        name: "rules",
        fields: &[
            "item",
            "location",
            "min",
            "max",
            "target_qty",
            "multiple",
            "visibility_days",
            "trigger",
            "source",
        ],
        about: "rules of replenishment, numbered from 1; source is a place of the warehouse that \
                supplies",
    },
    Key {
        name: "stock",
        fields: &["item", "qty", "location", "lot", "in_date"],
        about: "what is there at the beginning",
    },
    Key {
        name: "stock_records",
        fields: &["item", "qty", "reserved"],
        about: "the same in several records; their sums are loaded",
    },
    Key { name: "suppliers", fields: &["code"], about: "suppliers, as words or by code" },
    Key {
        name: "transfer_lead_days",
        fields: &["from", "to", "days"],
        about: "how long goods are on their way from a warehouse to another",
    },
    Key { name: "today", fields: &[], about: "the day D" },
    Key {
        name: "uoms",
        fields: &["uom", "per", "factor", "whole"],
        about: "one uom is factor of per",
    },
    Key { name: "users", fields: &["login", "roles"], about: "who does steps with user" },
    Key {
        name: "warehouse",
        fields: &["code", "receipt_steps"],
        about: "the one warehouse; at 2 steps goods come into the input place first",
    },
    Key { name: "warehouses", fields: &[], about: "several warehouses" },
];

/// Words of the set-up of which only some are supported.
const WORDS: &[(&str, &str, &[&str])] = &[
    ("accounting", "", &["anglo_saxon"]),
    ("company", "approval", &["two_step"]),
    ("controls", "on", &["receive"]),
    ("company", "negative_stock", &["allowed", "refused"]),
    ("items", "kind", &["goods", "service"]),
    ("items", "valuation", &["perpetual"]),
    ("items", "cost_per", &["warehouse"]),
    ("items", "cost_method", &["standard", "average", "fifo", "lifo"]),
    ("items", "tracking", &["none", "lot", "serial"]),
    ("rules", "trigger", &["manual", "auto"]),
    ("removal", "", &["fifo", "lifo", "fefo", "closest"]),
];

/// A policy, the values that are supported, and whether the company has a policy of that name.
struct Policy {
    name: &'static str,
    values: &'static [&'static str],
    company: bool,
}

const POLICIES: &[Policy] = &[
    Policy {
        name: "shortage_settlement",
        values: &["revalue_past_issue", "last_receipt_price", "keep_issue_rate"],
        company: true,
    },
    Policy { name: "price_difference", values: &["separate_account", "into_stock"], company: true },
    Policy { name: "standard_variance", values: &["at_receipt", "at_bill"], company: true },
    Policy { name: "cost_of_sales", values: &["shipment", "invoice"], company: true },
    Policy { name: "negative_stock", values: &["allowed", "refused"], company: true },
    Policy {
        name: "corrections",
        values: &["at_current_cost", "new_layer_at_original_cost"],
        company: true,
    },
    Policy { name: "horizon_days", values: &["0"], company: true },
    Policy { name: "lead_time_window_days", values: &["365"], company: true },
    Policy { name: "open_lines", values: &["measured_to_today"], company: false },
    Policy { name: "correction_increase", values: &["at_receipt_cost"], company: false },
    Policy { name: "correction_decrease", values: &["at_current_average"], company: false },
    Policy { name: "method_change_price", values: &["average_of_history", "keep"], company: false },
];

/// Whether the company has a policy of this name; others are chosen in the request of a verb.
pub(crate) fn is_company_policy(name: &str) -> bool {
    POLICIES.iter().any(|policy| policy.company && policy.name == name)
}

/// A verb by name.
pub(crate) fn verb(name: &str) -> Option<&'static Verb> {
    steps::VERBS.iter().copied().flatten().find(|verb| verb.name == name)
}

/// A check by name.
pub(crate) fn check(name: &str) -> Option<&'static Check> {
    checks::CHECKS.iter().copied().flatten().find(|check| check.name == name)
}

/// Everything in a case that is not supported, each named once; none when it can be run.
pub(crate) fn unsupported(case: &Case) -> Vec<String> {
    let mut reasons = Vec::new();
    for (name, node) in &case.setup {
        setup_key(name, node, &mut reasons);
    }
    for (name, node) in &case.policy {
        let value = node.text().unwrap_or_default();
        match POLICIES.iter().find(|policy| policy.name == name) {
            None => reasons.push(format!("policy {name}")),
            Some(policy) if !policy.values.contains(&value) => {
                reasons.push(format!("policy {name}: {value}"));
            }
            Some(_) => {}
        }
    }
    for step in &case.steps {
        match verb(&step.verb) {
            None => reasons.push(format!("verb {}", step.verb)),
            Some(verb) => {
                let taken = |name: &str| matches!(name, "id" | "repeat") || takes(verb.args, name);
                let unknown = step.args.names().into_iter().filter(|name| !taken(name));
                let before = reasons.len();
                reasons
                    .extend(unknown.map(|name| format!("argument {name} of verb {}", step.verb)));
                if reasons.len() == before
                    && let Err(reason) = (verb.fits)(case, step)
                {
                    reasons.push(format!("{reason} of verb {}", step.verb));
                }
            }
        }
    }
    for expect in &case.expect {
        match check(&expect.check) {
            None => reasons.push(format!("check {}", expect.check)),
            Some(check) => {
                let unknown = expect.args.names().into_iter();
                let unknown = unknown.filter(|name| !takes(check.args, name));
                reasons
                    .extend(unknown.map(|name| format!("argument {name} of check {}", check.name)));
            }
        }
    }
    let mut once = Vec::new();
    for reason in reasons {
        if !once.contains(&reason) {
            once.push(reason);
        }
    }
    once
}

/// Whether a name is among arguments; `shares.*` stands for any name in `shares`.
fn takes(args: &[&str], name: &str) -> bool {
    let any = |arg: &&str| {
        arg.strip_suffix('*').is_some_and(|before| name.strip_prefix(before).is_some())
    };
    args.contains(&name) || args.iter().any(any)
}

fn setup_key(name: &str, node: &Node, reasons: &mut Vec<String>) {
    let Some(key) = SETUP.iter().find(|key| key.name == name) else {
        reasons.push(format!("set-up key {name}"));
        return;
    };
    let unknown = node.names().into_iter().filter(|field| !key.fields.contains(&field.as_str()));
    reasons.extend(unknown.map(|field| format!("set-up key {name}.{field}")));
    for (_, field, values) in WORDS.iter().filter(|(of, _, _)| *of == name) {
        for word in words(node, field) {
            if !values.contains(&word) {
                let dot = if field.is_empty() { "" } else { "." };
                reasons.push(format!("set-up key {name}{dot}{field}: {word}"));
            }
        }
    }
}

/// The words of a field in a map or in each map of a list; of the node itself for no field.
fn words<'a>(node: &'a Node, field: &str) -> Vec<&'a str> {
    let one = |node: &'a Node| {
        if field.is_empty() { node.text() } else { node.get(field).and_then(Node::text) }
    };
    match &node.data {
        Data::List(list) => list.iter().filter_map(one).collect(),
        _ => one(node).into_iter().collect(),
    }
}

/// Everything that is supported, as the manual's tables in Markdown.
#[must_use]
pub fn supported() -> String {
    let mut text = String::new();
    let mut table = |heads: [&str; 3], rows: Vec<[String; 3]>| {
        text.push_str(&format!(
            "| {} | {} | {} |\n| --- | --- | --- |\n",
            heads[0], heads[1], heads[2]
        ));
        for row in rows {
            text.push_str(&format!("| `{}` | {} | {} |\n", row[0], row[1], row[2]));
        }
        text.push('\n');
    };
    let code = |names: &[&str]| {
        names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
    };
    let verbs = steps::VERBS.iter().copied().flatten();
    table(
        ["verb", "arguments", "what it does"],
        verbs.map(|v| [v.name.to_owned(), code(v.args), v.about.to_owned()]).collect(),
    );
    let checks = checks::CHECKS.iter().copied().flatten();
    table(
        ["check", "arguments", "what it compares"],
        checks.map(|c| [c.name.to_owned(), code(c.args), c.about.to_owned()]).collect(),
    );
    let keys = SETUP.iter();
    table(
        ["set-up", "fields", "what it is"],
        keys.map(|k| [k.name.to_owned(), code(k.fields), k.about.to_owned()]).collect(),
    );
    let kind = |company| if company { "a policy of the company" } else { "part of the request" };
    let policies = POLICIES.iter();
    table(
        ["policy", "values", "where it goes"],
        policies.map(|p| [p.name.to_owned(), code(p.values), kind(p.company).to_owned()]).collect(),
    );
    text.trim_end().to_owned() + "\n"
}
