use base::{Currency, Id, PartnerId, Rule, UserId};
use identity::{Ctx, Verdict};
use partners::{
    AddressKind, AddressRow, AmendPartner, AmendPartnerError, BankChangeState, BankDetailsChanged,
    BankDetailsError, ChangeBankDetails, ConfirmBankDetails, ContactRow, CreatePartners,
    CreatePartnersError, ListPartners, NewPartner, PartnerAnswer, PartnerSort, RetirePartner,
    SetContacts,
};

use store::{Statement, Tx, params};

use super::world::{get, make, read, smith, story, write};

const IBAN: &str = "GB82 WEST 1234 5698 7654 32";

#[test]
fn a_batch_answers_for_each_partner() {
    story(|database, ctx| {
        let mut neither = smith();
        (neither.code, neither.supplier) = ("S-2".to_owned(), false);
        let mut other = smith();
        other.name = "Another".to_owned();
        let mut nul = smith();
        nul.code = "S\0".to_owned();
        let list = vec![smith(), neither, smith(), other, nul];
        let answers = write(database, ctx, move |tx, ctx| {
            let request = CreatePartners { partners: list.clone(), all_or_nothing: false };
            partners::create_partners(tx, ctx, request)
        })
        .unwrap()
        .partners;
        let told: Vec<&str> = answers
            .iter()
            .map(|answer| match answer {
                PartnerAnswer::Done { .. } => "done",
                PartnerAnswer::Repeated { .. } => "repeated",
                PartnerAnswer::Refused { problem, .. } => problem,
            })
            .collect();
        assert_eq!(told, ["done", "no_role", "repeated", "code_taken", "text_forbidden"]);
        let found = read(database, ctx, |tx, ctx| {
            partners::partners_by_code(tx, ctx.company_id, &["S-1", "S-2"])
        })
        .unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!(found["S-1"].currency, Currency::GBP);
    });
}

#[test]
fn a_thousand_partners_take_as_many_statements_as_one() {
    story(|database, ctx| {
        let statements = |count: usize, prefix: &'static str| {
            write(database, ctx, move |tx, ctx| {
                let before = tx.statements();
                let named = |n| NewPartner { code: format!("{prefix}{n}"), ..smith() };
                let partners = (0..count).map(named).collect();
                let request = CreatePartners { partners, all_or_nothing: true };
                partners::create_partners(tx, ctx, request)?;
                Ok::<_, CreatePartnersError>(tx.statements() - before)
            })
            .unwrap()
        };
        assert_eq!(statements(1, "a"), statements(1_000, "b"));
    });
}

#[test]
fn a_partner_is_amended_retired_and_restored_at_the_revision_seen() {
    story(|database, ctx| {
        let partner_id = make(database, ctx, smith());
        let amend = |change: AmendPartner| {
            write(database, ctx, move |tx, ctx| partners::amend_partner(tx, ctx, change.clone()))
        };
        let seen = |revision| AmendPartner::new(partner_id, revision);
        let change = AmendPartner {
            customer: Some(true),
            currency: Some(Currency::EUR),
            payment_days: Some(14),
            ..seen(1)
        };
        assert_eq!(amend(change.clone()).unwrap().revision, 2);
        assert!(matches!(amend(change), Err(AmendPartnerError::Stale { seen: 1, found: 2, .. })));
        assert_eq!(amend(seen(2)).unwrap().revision, 2);
        let neither = AmendPartner { customer: Some(false), supplier: Some(false), ..seen(2) };
        assert_eq!(amend(neither).unwrap_err().problem().code, "no_role");
        let partner = get(database, ctx, partner_id);
        assert!(partner.supplier && partner.customer);
        assert_eq!((partner.currency, partner.payment_days), (Currency::EUR, 14));
        write(database, ctx, move |tx, ctx| {
            partners::retire_partner(tx, ctx, RetirePartner { partner_id, revision: 2 })
        })
        .unwrap();
        assert!(!get(database, ctx, partner_id).active);
        write(database, ctx, move |tx, ctx| {
            partners::restore_partner(tx, ctx, RetirePartner { partner_id, revision: 3 })
        })
        .unwrap();
        assert!(get(database, ctx, partner_id).active);
        let nobody = AmendPartner::new("999999999".parse().unwrap(), 1);
        assert_eq!(amend(nobody).unwrap_err().problem().code, "partner_not_found");
    });
}

#[test]
fn bank_details_change_only_by_their_own_permission_and_show_only_their_end() {
    story(|database, ctx| {
        let partner_id = make(database, ctx, smith());
        write(database, ctx, |tx, ctx| identity::set_policy(tx, ctx, "bank_details", "one_person"))
            .unwrap();
        let editor = identity::testing::holding(
            ctx,
            ctx.user_id,
            &["partners.read", "partners.edit", "partners.import"],
            None,
        );
        let change = |ctx: &identity::Ctx, revision, bank_account: &str| {
            let bank_account = bank_account.to_owned();
            let request = ChangeBankDetails { partner_id, revision, bank_account };
            write(database, ctx, move |tx, ctx| {
                partners::change_bank_details(tx, ctx, request.clone())
            })
        };
        assert_eq!(change(&editor, 1, IBAN).unwrap_err().problem().code, "permission_denied");
        let wrong = change(ctx, 1, "GB83 WEST 1234 5698 7654 32").unwrap_err();
        assert_eq!(wrong.problem().code, "bank_account_invalid");
        assert_eq!(change(ctx, 1, IBAN).unwrap().revision, 2);
        assert_eq!(change(ctx, 2, IBAN).unwrap().revision, 2);
        let shown = |ctx: &identity::Ctx| {
            read(database, ctx, move |tx, ctx| partners::partner(tx, ctx, partner_id))
                .unwrap()
                .bank_account
        };
        assert_eq!(shown(ctx), "GB82WEST12345698765432");
        assert_eq!(shown(&editor), "…5432");
        let amended =
            AmendPartner { name: Some("Smith".to_owned()), ..AmendPartner::new(partner_id, 2) };
        write(database, &editor, move |tx, ctx| partners::amend_partner(tx, ctx, amended.clone()))
            .unwrap();
        assert_eq!(get(database, ctx, partner_id).bank_account, "GB82WEST12345698765432");
        assert_eq!(change(ctx, 3, "").unwrap().revision, 4);
    });
}

#[test]
fn bank_details_of_a_supplier_take_two_people() {
    story(|database, ctx| {
        let partner_id = make(database, ctx, smith());
        let colleague = UserId::from_raw(99);
        let second = identity::testing::holding(ctx, colleague, &["partners.*"], None);
        let reader = identity::testing::holding(ctx, second.user_id, &["partners.read"], None);
        let other = "DE89370400440532013000";
        let change = |ctx: &identity::Ctx, revision, bank_account: &str| {
            let bank_account = bank_account.to_owned();
            let request = ChangeBankDetails { partner_id, revision, bank_account };
            write(database, ctx, move |tx, ctx| {
                partners::change_bank_details(tx, ctx, request.clone())
            })
            .unwrap()
        };
        let confirm = |ctx: &identity::Ctx, number, verdict, reason: &'static str| {
            let reason = reason.to_owned();
            let request = ConfirmBankDetails { partner_id, number, verdict, reason };
            write(database, ctx, move |tx, ctx| {
                partners::confirm_bank_details(tx, ctx, request.clone())
            })
        };
        let code = |answer: Result<BankDetailsChanged, BankDetailsError>| {
            answer.expect_err("refused").problem().code
        };
        assert_eq!(code(confirm(&second, 1, Verdict::Approve, "")), "nothing_waits");
        let asked = change(ctx, 1, IBAN);
        assert_eq!((asked.waits, asked.number, asked.revision), (true, 1, 1));
        assert_eq!(get(database, ctx, partner_id).bank_account, "", "the old ones hold");
        let shown = |ctx: &identity::Ctx| {
            read(database, ctx, move |tx, ctx| partners::partner(tx, ctx, partner_id)).unwrap()
        };
        assert!(shown(&reader).partner.bank_details_wait);
        let waiting = |ctx: &identity::Ctx| shown(ctx).bank_change.unwrap().after;
        assert_eq!(waiting(&reader), "…5432");
        assert_eq!(waiting(&second), "GB82WEST12345698765432", "to compare with the letter");

        assert_eq!(code(confirm(ctx, 1, Verdict::Approve, "")), "own_request");
        assert_eq!(code(confirm(&reader, 1, Verdict::Approve, "")), "permission_denied");
        let replaced = change(ctx, 1, other);
        assert_eq!((replaced.waits, replaced.number), (true, 2));
        assert_eq!(code(confirm(&second, 1, Verdict::Approve, "")), "revision_changed");
        let done = confirm(&second, 2, Verdict::Approve, "").unwrap();
        assert_eq!((done.waits, done.revision), (false, 2));
        assert_eq!(get(database, ctx, partner_id).bank_account, other);
        assert!(!shown(ctx).partner.bank_details_wait);

        change(&second, 2, IBAN);
        assert_eq!(code(confirm(ctx, 3, Verdict::Refuse, "")), "reason_missing");
        confirm(ctx, 3, Verdict::Refuse, "the letter is forged").unwrap();
        assert_eq!(get(database, ctx, partner_id).bank_account, other);
        let listed = read(database, &reader, |tx, ctx| {
            partners::list_bank_changes(tx, ctx, partners::BankChangeFilter::default())
        })
        .unwrap();
        let mut told: Vec<_> = listed
            .lines
            .iter()
            .map(|row| (row.number, row.state, row.before.as_str(), row.after.as_str()))
            .collect();
        told.sort_by_key(|row| row.0);
        assert_eq!(
            told,
            [
                (1, BankChangeState::Replaced, "", "…5432"),
                (2, BankChangeState::InForce, "", "…3000"),
                (3, BankChangeState::Refused, "…3000", "…5432"),
            ]
        );
        // Where people may approve their own, bank details still take another.
        write(database, ctx, |tx, ctx| identity::set_policy(tx, ctx, "separate_approver", "0"))
            .unwrap();
        change(ctx, 2, IBAN);
        assert_eq!(code(confirm(ctx, 4, Verdict::Approve, "")), "own_request");
        let text = partners::ListPartners { bank_details_wait: Some(true), ..Default::default() };
        let found = read(database, ctx, move |tx, ctx| partners::list_partners(tx, ctx, &text));
        assert_eq!(found.unwrap().partners.len(), 1);
    });
}

#[test]
fn bank_details_of_a_customer_wait_as_well_for_it_may_become_a_supplier() {
    story(|database, ctx| {
        let country = "GB".parse().unwrap();
        let partner_id = make(database, ctx, NewPartner::customer("C-1", "Jones", country));
        let bank_account = IBAN.to_owned();
        let request = ChangeBankDetails { partner_id, revision: 1, bank_account };
        let done = write(database, ctx, move |tx, ctx| {
            partners::change_bank_details(tx, ctx, request.clone())
        })
        .unwrap();
        assert_eq!((done.waits, done.revision), (true, 1));
        // Asking for the account that holds, here none, takes back what waits.
        let back = ChangeBankDetails { partner_id, revision: 1, bank_account: String::new() };
        let back = write(database, ctx, move |tx, ctx| {
            partners::change_bank_details(tx, ctx, back.clone())
        });
        assert!(!back.unwrap().waits);
        let ctx = ctx.clone();
        let left =
            database.read(move |tx| identity::waiting_approvals(tx, &ctx, Default::default()));
        assert_eq!(left.unwrap().lines, []);
    });
}

#[test]
fn contacts_and_addresses_take_the_place_of_those_before() {
    story(|database, ctx| {
        let partner_id = make(database, ctx, smith());
        let contact = |name: &str, email: &str| ContactRow {
            name: name.to_owned(),
            job: String::new(),
            email: email.to_owned(),
            phone: "+44 20".to_owned(),
        };
        let address = |city: &str| AddressRow {
            kind: AddressKind::Delivery,
            name: String::new(),
            street: "1 High Street".to_owned(),
            city: city.to_owned(),
            region: String::new(),
            postcode: "N1".to_owned(),
            country: "GB".parse().unwrap(),
        };
        let set = |revision, contacts: Vec<ContactRow>, addresses: Vec<AddressRow>| {
            let request = SetContacts { partner_id, revision, contacts, addresses };
            write(database, ctx, move |tx, ctx| partners::set_contacts(tx, ctx, request.clone()))
        };
        set(1, vec![contact("Ann", "ann@x.example"), contact("Bob", "")], vec![address("London")])
            .unwrap();
        set(2, vec![contact("Cid", "")], vec![address("York"), address("Hull")]).unwrap();
        let detail =
            read(database, ctx, move |tx, ctx| partners::partner(tx, ctx, partner_id)).unwrap();
        assert_eq!(detail.contacts, [contact("Cid", "")]);
        assert_eq!(detail.addresses, [address("York"), address("Hull")]);
        assert_eq!(detail.partner.revision, 3);
        let bad = set(3, vec![contact("Ann", ""), contact("Bob", "bob")], vec![]).unwrap_err();
        assert_eq!(
            bad.to_string(),
            "contact 2: \"bob\" is no e-mail address; write one such as orders@example.com"
        );
        assert_eq!(bad.problem().place.unwrap().line, Some(2));
        let bad = set(3, vec![], vec![address("")]).unwrap_err();
        assert_eq!(bad.problem().code, "text_empty");
        let many = vec![contact("Ann", ""); 201];
        assert_eq!(set(3, many, vec![]).unwrap_err().problem().code, "too_many_contacts");
    });
}

#[test]
fn a_list_filters_sorts_and_goes_on_where_it_ended() {
    story(|database, ctx| {
        for n in 0..12 {
            let country = if n % 2 == 0 { "GB" } else { "DE" }.parse().unwrap();
            let (code, name) = (format!("P{n:02}"), format!("Name {}", 99 - n));
            let new = if n < 8 {
                NewPartner::supplier(code, name, country)
            } else {
                NewPartner::customer(code, name, country)
            };
            make(database, ctx, new);
        }
        let list = |request: ListPartners| {
            read(database, ctx, move |tx, ctx| partners::list_partners(tx, ctx, &request)).unwrap()
        };
        let count = |request: ListPartners| list(request).partners.len();
        let any = ListPartners::default;
        assert_eq!(count(any()), 12);
        assert_eq!(count(ListPartners { supplier: Some(true), ..any() }), 8);
        assert_eq!(count(ListPartners { customer: Some(true), ..any() }), 4);
        assert_eq!(count(ListPartners { country: Some("DE".parse().unwrap()), ..any() }), 6);
        assert_eq!(count(ListPartners { active: Some(false), ..any() }), 0);
        // Those of 90 to 99, and 89.
        assert_eq!(count(ListPartners { text: "NAME 9".to_owned(), ..any() }), 11);
        assert_eq!(count(ListPartners { text: "%".to_owned(), ..any() }), 0);
        assert_eq!(count(ListPartners { text: "9 p0 name".to_owned(), ..any() }), 10);
        let first = list(ListPartners { sort: PartnerSort::Name, limit: 7, ..any() });
        let after = first.next.unwrap();
        let second = list(ListPartners { sort: PartnerSort::Name, limit: 7, after, ..any() });
        assert_eq!((second.partners.len(), second.next), (5, None));
        assert!(first.partners.last().unwrap().name < second.partners[0].name);
    });
}

#[test]
fn companies_do_not_see_each_others_partners() {
    story(|database, ctx| {
        let partner_id: PartnerId = make(database, ctx, smith());
        let other = identity::testing::ctx(database);
        let error = read(database, &other, move |tx, ctx| partners::partner(tx, ctx, partner_id));
        assert_eq!(error.unwrap_err().problem().code, "partner_not_found");
    });
}

/// As the partners were before they had words.
static FORGET: [Statement; 3] = [
    Statement::new("test::FORGET_WORDS", "delete from partners_partner_word where company_id = $1"),
    Statement::new(
        "test::FORGET_SEARCH",
        "update partners_partner set search = lower(code) where company_id = $1",
    ),
    Statement::new(
        "test::WORDLESS",
        "insert into partners_wordless (company_id, partner_id)
         select company_id, id from partners_partner where company_id = $1",
    ),
];

#[test]
fn partners_are_found_by_what_they_are_called_now() {
    story(|database, ctx| {
        let gb = || "GB".parse().unwrap();
        let mut new = NewPartner::supplier("MUE", "Möbelhaus Müller & Søn", gb());
        new.email = "post@mueller.example".to_owned();
        let partner_id = make(database, ctx, new);
        make(database, ctx, NewPartner::customer("ACME", "Acme Corp", gb()));
        let found = |text: &str| -> Vec<String> {
            let [by_code, by_name] = [PartnerSort::Code, PartnerSort::Name].map(|sort| {
                let list = ListPartners { text: text.to_owned(), sort, ..ListPartners::default() };
                let page =
                    read(database, ctx, move |tx, ctx| partners::list_partners(tx, ctx, &list));
                page.unwrap().partners.into_iter().map(|partner| partner.code).collect::<Vec<_>>()
            });
            assert_eq!(by_code, by_name, "{text}");
            by_code
        };
        for text in ["haus mull", "MÖBEL", "son mueller", "post@", "moebel mue", "& mö"] {
            assert_eq!(found(text), ["MUE"], "{text}");
        }
        assert_eq!(found("orp cm"), ["ACME"]);
        assert_eq!(found("o"), ["ACME", "MUE"]);
        let mut amend = partners::AmendPartner::new(partner_id, 1);
        amend.name = Some("Meier".to_owned());
        write(database, ctx, move |tx, ctx| partners::amend_partner(tx, ctx, amend.clone()))
            .unwrap();
        assert_eq!((found("möbel"), found("meier")), (vec![], vec!["MUE".to_owned()]));
        // Its address still has the word.
        assert_eq!(found("mueller"), ["MUE"]);

        write(database, ctx, |tx, ctx| {
            FORGET.iter().try_for_each(|forget| tx.write(forget, params![ctx.company_id]))
        })
        .unwrap();
        assert_eq!(found("meier"), [""; 0]);
        let verify = |tx: &mut Tx<'_>, ctx: &Ctx| partners::verify_words(tx, ctx.company_id);
        assert_eq!(read(database, ctx, verify).unwrap().len(), 2);
        let give = |tx: &mut Tx<'_>, ctx: &Ctx| partners::word_partners(tx, ctx.company_id);
        assert_eq!([(); 2].map(|()| write(database, ctx, give).unwrap()), [true, false]);
        assert_eq!(found("meier"), ["MUE"]);
        assert_eq!(read(database, ctx, verify).unwrap(), [""; 0]);
    });
}
