//! Pure decisions: what a pattern gives, what covers what, and which policies there are.

use crate::approval_kinds::{FactValue, NamedFact};
use crate::approval_rules::Condition;
use base::{Money, Quantity, TextError, UserId};

/// One line of a role: `purchasing.receive`, `purchasing.*`, `*`, or with a `-` before it to take
/// away from what the role's other lines give.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Pattern(String);

/// Whether a name is lowercase words joined by dots, `crate.verb`.
fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text.split('.').all(|word| {
            word.starts_with(|c: char| c.is_ascii_lowercase())
                && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        })
}

/// The longest pattern, in characters: longer than every permission.
const LONGEST_PATTERN: usize = 100;

impl Pattern {
    /// Reads a pattern, or `None` when it is none.
    pub(crate) fn parse(text: &str) -> Option<Pattern> {
        let plain = text.strip_prefix('-').unwrap_or(text);
        let fits = text.len() <= LONGEST_PATTERN;
        let known = fits && (plain == "*" || is_name(plain.strip_suffix(".*").unwrap_or(plain)));
        known.then(|| Pattern(text.to_owned()))
    }

    /// A pattern that was checked when it was stored.
    pub(crate) fn from_stored(text: impl Into<String>) -> Pattern {
        Pattern(text.into())
    }

    /// Its text.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it takes away.
    pub(crate) fn takes_away(&self) -> bool {
        self.0.starts_with('-')
    }

    fn plain(&self) -> &str {
        self.0.strip_prefix('-').unwrap_or(&self.0)
    }

    /// Whether it names the permission, or all permissions that the pattern `other` names.
    fn names(&self, other: &str) -> bool {
        match self.plain().strip_suffix('*') {
            Some(prefix) => other.starts_with(prefix) && (prefix.is_empty() || other != prefix),
            None => self.plain() == other,
        }
    }
}

/// Whether a role's patterns give a permission: one names it and none takes it away.
pub(crate) fn gives(patterns: &[Pattern], permission: &str) -> bool {
    let names = |pattern: &&Pattern| pattern.names(permission);
    patterns.iter().filter(|pattern| !pattern.takes_away()).any(|pattern| names(&pattern))
        && !patterns.iter().filter(|pattern| pattern.takes_away()).any(|pattern| names(&pattern))
}

/// Whether `own` gives all that `asked` gives.
pub(crate) fn covers(own: &[Pattern], asked: &[Pattern]) -> bool {
    asked
        .iter()
        .filter(|pattern| !pattern.takes_away())
        .all(|pattern| covers_one(own, pattern, asked))
}

/// Whether `own` gives all that one pattern of the role `asked` gives. What `own` takes away has to
/// be taken away from `asked` as well, unless the pattern does not touch it.
pub(crate) fn covers_one(own: &[Pattern], pattern: &Pattern, asked: &[Pattern]) -> bool {
    let given = own.iter().any(|own| !own.takes_away() && own.names(pattern.plain()));
    given
        && own.iter().filter(|own| own.takes_away()).all(|less| {
            let touches = less.names(pattern.plain()) || pattern.names(less.plain());
            !touches || asked.iter().any(|a| a.takes_away() && a.names(less.plain()))
        })
}

/// Checks a name: one line of 1 to 200 characters.
pub(crate) fn check_name(field: &'static str, name: &str) -> Result<(), TextError> {
    if name.trim().is_empty() {
        return Err(TextError::Empty { field });
    }
    base::check_text(field, name, 200)
}

/// Checks a login: a code without white space.
pub(crate) fn check_login(login: &str) -> Result<(), TextError> {
    base::check_code("login", login)?;
    match login.chars().position(char::is_whitespace) {
        Some(at) => Err(TextError::Forbidden { field: "login", position: at + 1 }),
        None => Ok(()),
    }
}

/// A login as it is stored: capital letters do not matter.
pub(crate) fn plain_login(login: &str) -> String {
    login.to_lowercase()
}

/// A rule of approval as it is decided by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ruling {
    pub id: i64,
    pub code: String,
    pub from_amount: Option<Money>,
    pub conditions: Vec<Condition>,
    pub permission: String,
    pub role_id: i64,
    pub people: i64,
    pub up_after_days: Option<i64>,
    pub up_permission: String,
    pub up_role_id: i64,
}

/// The first rule that asks for somebody's yes to a document, with why.
pub(crate) fn first_that_asks<'r>(
    rules: &'r [Ruling],
    amount: Money,
    facts: &[NamedFact],
) -> Option<(&'r Ruling, String)> {
    rules.iter().find_map(|rule| Some((rule, why(rule, amount, facts)?)))
}

/// Why a rule asks, when all its conditions hold.
fn why(rule: &Ruling, amount: Money, facts: &[NamedFact]) -> Option<String> {
    let mut told = Vec::new();
    if let Some(from) = rule.from_amount {
        if amount.minor < from.minor {
            return None;
        }
        told.push(format!("the amount is {amount}, from {from} on"));
    }
    for condition in &rule.conditions {
        told.push(holds(condition, facts)?);
    }
    let code = &rule.code;
    Some(match told.is_empty() {
        true => format!("because rule {code} asks for each"),
        false => format!("because {}, rule {code}", told.join(" and ")),
    })
}

/// The sentence of the first fact by which a condition holds.
fn holds(condition: &Condition, facts: &[NamedFact]) -> Option<String> {
    let fact = facts.iter().find(|fact| fact.name == condition.fact)?;
    match (&fact.value, condition.above) {
        (FactValue::Words(words), None) => {
            let named = |(word, _): &&(String, String)| condition.is.contains(word);
            words.iter().find(named).map(|(_, told)| told.clone())
        }
        (FactValue::Number(number, told), Some(above)) => (i128::from(number.micro())
            > i128::from(above) * i128::from(Quantity::units(1).micro()))
        .then(|| told.clone()),
        _ => None,
    }
}

/// Why nobody may give a yes in this name, if so: who asked gives none where another person has to,
/// neither in the own name nor in another's, and nobody gives two.
pub(crate) fn is_own_or_second(
    separate: bool,
    requested_by: UserId,
    decides: [UserId; 2],
    given: &[UserId],
) -> bool {
    (separate && decides.contains(&requested_by)) || decides.iter().any(|one| given.contains(one))
}

/// What a policy takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Allowed {
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// A whole number.
    Whole {
        /// From here.
        least: i64,
        /// To here.
        most: i64,
    },
}

impl Allowed {
    /// Whether it takes a value.
    pub(crate) fn takes(&self, value: &str) -> bool {
        match self {
            Allowed::OneOf(values) => values.contains(&value),
            Allowed::Whole { least, most } => value
                .parse::<i64>()
                .is_ok_and(|n| (*least..=*most).contains(&n) && n.to_string() == value),
        }
    }
}

/// A choice that each company makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Policy {
    /// Its name.
    pub name: &'static str,
    /// What holds until the company chooses.
    pub default: &'static str,
    /// What it takes.
    pub allowed: Allowed,
}

const fn choice(name: &'static str, values: &'static [&'static str]) -> Policy {
    Policy { name, default: values[0], allowed: Allowed::OneOf(values) }
}

const fn whole(name: &'static str, default: &'static str, most: i64) -> Policy {
    Policy { name, default, allowed: Allowed::Whole { least: 0, most } }
}

/// The policy of a name.
pub(crate) fn policy(name: &str) -> Option<&'static Policy> {
    POLICIES.iter().find(|policy| policy.name == name)
}

/// The name of the policy that says of whom a company asks a second factor.
pub(crate) const SECOND_FACTOR: &str = "second_factor";

/// Whether a company asks a second factor of a user: of everybody, or of those with a role that does.
/// What a company has not chosen is the default, which asks it of nobody.
pub(crate) fn asks_second_factor(policy: &str, by_role: bool) -> bool {
    policy == "required_for_all" || (policy == "required_for_roles" && by_role)
}

/// A limit that no amount is above.
const NONE: &str = "9223372036854775807";

/// Every policy. Of a choice the first word is the default. Percents are whole, limits are in minor
/// units of the company's currency, periods in days.
pub(crate) static POLICIES: &[Policy] = &[
    choice("costing_method", &["average", "fifo", "standard", "lot"]),
    choice("valuation_pool", &["company", "warehouse", "lot"]),
    choice("negative_stock", &["refused", "allowed"]),
    choice("price_difference", &["separate_account", "into_stock"]),
    choice("shortage_settlement", &["revalue_past_issue", "last_receipt_price", "keep_issue_rate"]),
    choice("standard_variance", &["at_receipt", "at_bill"]),
    choice("corrections", &["at_current_cost", "new_layer_at_original_cost"]),
    choice("cost_of_sales", &["shipment", "invoice"]),
    choice("revenue_at", &["shipment", "invoice"]),
    choice("tax_rounding", &["line", "document"]),
    choice("prices_include_tax", &["no", "yes"]),
    choice("refund_on", &["disposition", "arrival", "at_once"]),
    choice("reserve_at", &["accept", "manual"]),
    choice("when_short", &["refuse", "back_order"]),
    choice("removal_strategy", &["fifo", "fefo", "lifo", "nearest"]),
    choice("title_passes", &["arrival", "dispatch"]),
    choice("inspect_receipts", &["no", "yes"]),
    choice("recount_by_another", &["1", "0"]),
    choice("separate_approver", &["1", "0"]),
    // Who has to sign in with a second factor. With off nobody sets one up; who has one is asked for it
    // all the same, for it is the user's own.
    choice(SECOND_FACTOR, &["allowed", "off", "required_for_roles", "required_for_all"]),
    // Who confirms other bank details of a supplier, and whether it is paid in the meantime.
    choice("bank_details", &["two_people", "one_person"]),
    choice("pay_while_bank_details_wait", &["allowed", "refused"]),
    whole("approve_orders_above", NONE, i64::MAX),
    whole("approve_adjustments_above", NONE, i64::MAX),
    whole("approve_refunds_above", NONE, i64::MAX),
    whole("evidence_above", NONE, i64::MAX),
    whole("receipt_tolerance_percent", "0", 1000),
    whole("price_tolerance_percent", "0", 1000),
    whole("price_tolerance_amount", "0", i64::MAX),
    whole("revision_tolerance_percent", "0", 1000),
    whole("confirmation_tolerance_percent", "0", 1000),
    whole("payment_terms_days", "30", 3650),
    whole("back_order_days", "14", 3650),
    whole("return_window_days", "30", 36_500),
    whole("unexplained_due_days", "30", 3650),
    // Within how many days goods of which no item or order is known have to end.
    whole("unknown_goods_due_days", "7", 3650),
    whole("old_line_days", "60", 3650),
    // The day of the year on which places without a cycle are counted: month times 100 and day, 0 none.
    whole("annual_count_date", "0", 1231),
    choice("choose_supplier", &["price", "lead_time"]),
    choice("automation_requires", &["all", "supplier"]),
    whole("horizon_days", "0", 3650),
    whole("days_to_purchase", "0", 3650),
    whole("merge_window_days", "0", 3650),
    whole("multiple_tolerance_percent", "0", 100),
    whole("lead_time_window_days", "365", 3650),
    // How large a file may be that is attached to a record.
    whole("document_limit_mib", "10", 32),
    // Whether sending an order to a supplier sends it by mail, or only notes that somebody did.
    choice("send_orders_by_mail", &["no", "yes"]),
    // After how many days a supplier is reminded of an order that was mailed and not acknowledged; 0 never.
    whole("remind_after_days", "7", 365),
];

#[cfg(test)]
mod tests {
    use super::*;
    use base::{Currency, Id};

    fn patterns(texts: &[&str]) -> Vec<Pattern> {
        texts.iter().map(|text| Pattern::parse(text).unwrap()).collect()
    }

    #[test]
    fn a_pattern_is_a_name_a_prefix_or_everything() {
        for good in ["*", "purchasing.*", "purchasing.receive", "-purchasing.approve", "-a.b.*"] {
            assert!(Pattern::parse(good).is_some(), "{good}");
        }
        for bad in
            ["", "-", "**", "*.read", "purchasing.", "Purchasing.x", ".x", "a b", "a*", "--a"]
        {
            assert!(Pattern::parse(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn a_role_gives_what_it_names_and_does_not_take_away() {
        #[track_caller]
        fn check(role: &[&str], permission: &str, expected: bool) {
            assert_eq!(gives(&patterns(role), permission), expected, "{role:?} {permission}");
        }
        check(&[], "purchasing.receive", false);
        check(&["*"], "purchasing.receive", true);
        check(&["purchasing.receive"], "purchasing.receive", true);
        check(&["purchasing.receive"], "purchasing.receive_all", false);
        check(&["purchasing.*"], "purchasing.receive", true);
        check(&["purchasing.*"], "purchasing", false);
        check(&["purchasing.*"], "purchasingx.receive", false);
        check(&["sales.*"], "purchasing.receive", false);
        check(&["purchasing.*", "-purchasing.approve"], "purchasing.approve", false);
        check(&["-purchasing.approve", "purchasing.*"], "purchasing.send", true);
        check(&["*", "-identity.*"], "identity.grant", false);
        check(&["-identity.*"], "purchasing.send", false);
    }

    #[test]
    fn nobody_hands_on_more_than_they_hold() {
        #[track_caller]
        fn check(own: &[&str], asked: &[&str], expected: bool) {
            assert_eq!(covers(&patterns(own), &patterns(asked)), expected, "{own:?} {asked:?}");
        }
        check(&["*"], &["*"], true);
        check(&["*"], &["purchasing.*", "-purchasing.approve"], true);
        check(&["purchasing.*"], &["purchasing.receive"], true);
        check(&["purchasing.*"], &["*"], false);
        check(&["purchasing.receive"], &["purchasing.*"], false);
        check(&["purchasing.*", "-purchasing.approve"], &["purchasing.*"], false);
        check(&["purchasing.*", "-purchasing.approve"], &["purchasing.approve"], false);
        check(&["purchasing.*", "-purchasing.approve"], &["purchasing.receive"], true);
        let buyer = ["purchasing.*", "-purchasing.approve"];
        check(&buyer, &buyer, true);
        check(&["*", "-identity.*"], &["purchasing.*"], true);
        check(&["*", "-identity.*"], &["*", "-identity.grant"], false);
        check(&["*"], &[], true);
    }

    #[test]
    fn a_second_factor_is_asked_of_whom_the_policy_names() {
        for (policy, by_role, asked) in [
            ("", true, false),
            ("off", true, false),
            ("allowed", true, false),
            ("required_for_roles", false, false),
            ("required_for_roles", true, true),
            ("required_for_all", false, true),
            ("required_for_all", true, true),
        ] {
            assert_eq!(asks_second_factor(policy, by_role), asked, "{policy} {by_role}");
        }
        let Some(Policy { allowed: Allowed::OneOf(words), .. }) = policy(SECOND_FACTOR) else {
            panic!("the policy is a choice of words");
        };
        assert!(words.contains(&"required_for_roles") && words.contains(&"required_for_all"));
    }

    fn ruling(from: Option<i64>, conditions: &[(&str, &[&str], Option<i64>)]) -> Ruling {
        let condition = |(fact, is, above): &(&str, &[&str], Option<i64>)| Condition {
            fact: (*fact).to_owned(),
            is: is.iter().map(|word| (*word).to_owned()).collect(),
            above: *above,
        };
        Ruling {
            id: 1,
            code: "R1".to_owned(),
            from_amount: from.map(|minor| Money::new(minor, Currency::GBP)),
            conditions: conditions.iter().map(condition).collect(),
            permission: "purchasing.approve".to_owned(),
            role_id: 0,
            people: 1,
            up_after_days: None,
            up_permission: String::new(),
            up_role_id: 0,
        }
    }

    #[test]
    fn a_rule_asks_when_all_its_conditions_hold_and_says_why() {
        let facts = [
            NamedFact::word("supplier_category", "overseas", "the supplier is overseas"),
            NamedFact::number(
                "price_over_offer_percent",
                Quantity::parse("12.4").unwrap(),
                "the price is 12.4% over the offer",
            ),
        ];
        #[track_caller]
        fn check(rule: &Ruling, facts: &[NamedFact], expected: Option<&str>) {
            let found = why(rule, Money::new(200_000, Currency::GBP), facts);
            assert_eq!(found.as_deref(), expected, "{rule:?}");
        }
        let over = ("price_over_offer_percent", &[][..], Some(12));
        let overseas = ("supplier_category", &["overseas", "new"][..], None);
        check(&ruling(None, &[]), &facts, Some("because rule R1 asks for each"));
        let from = "because the amount is 2000.00 GBP, from 2000.00 GBP on, rule R1";
        check(&ruling(Some(200_000), &[]), &facts, Some(from));
        check(&ruling(Some(200_001), &[]), &facts, None);
        let price = "because the price is 12.4% over the offer, rule R1";
        check(&ruling(None, &[over]), &facts, Some(price));
        check(&ruling(None, &[("price_over_offer_percent", &[], Some(13))]), &facts, None);
        check(&ruling(None, &[over]), &facts[..1], None);
        let both =
            "because the supplier is overseas and the price is 12.4% over the offer, rule R1";
        check(&ruling(None, &[overseas, over]), &facts, Some(both));
        check(&ruling(Some(200_001), &[overseas]), &facts, None);
        check(&ruling(None, &[("supplier_category", &["new"], None)]), &facts, None);
        check(&ruling(None, &[("supplier_category", &[], Some(0))]), &facts, None);
        let rules = [ruling(Some(200_001), &[]), ruling(None, &[over])];
        let found = first_that_asks(&rules, Money::new(200_000, Currency::GBP), &facts);
        assert_eq!(found.map(|(rule, _)| rule.conditions.len()), Some(1));
    }

    #[test]
    fn nobody_agrees_to_the_own_request_or_twice_in_whatever_name() {
        let [asked, lead, boss, stranger] = [1, 2, 3, 4].map(UserId::from_raw);
        #[track_caller]
        fn check(separate: bool, asked: UserId, decides: [UserId; 2], given: &[UserId], no: bool) {
            assert_eq!(is_own_or_second(separate, asked, decides, given), no, "{decides:?}");
        }
        check(true, asked, [lead, lead], &[], false);
        check(true, asked, [asked, asked], &[], true);
        check(false, asked, [asked, asked], &[], false);
        check(true, asked, [asked, lead], &[], true);
        check(true, asked, [lead, asked], &[], true);
        check(true, asked, [boss, lead], &[lead], true);
        check(true, asked, [lead, boss], &[lead], true);
        check(true, asked, [stranger, boss], &[lead], false);
    }

    #[test]
    fn every_policy_takes_its_default_and_has_one_name() {
        for policy in POLICIES {
            assert!(policy.allowed.takes(policy.default), "{}", policy.name);
            let same = POLICIES.iter().filter(|other| other.name == policy.name);
            assert_eq!(same.count(), 1, "{}", policy.name);
        }
    }

    #[test]
    fn a_number_is_written_plainly_and_in_its_range() {
        let percent = policy("receipt_tolerance_percent").unwrap().allowed;
        for (value, expected) in [
            ("0", true),
            ("1000", true),
            ("1001", false),
            ("-1", false),
            ("+5", false),
            ("05", false),
        ] {
            assert_eq!(percent.takes(value), expected, "{value}");
        }
    }
}
