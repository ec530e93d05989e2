use super::world::{company, sound, story};
use accounting::{
    AccountKind, BooksError, DefineAccount, DefineAccountError, InstallAccountsError, Role, SCHEMA,
    Template, accounts, define_account, install_accounts, open_books,
};
use store::testing::on_both_engines;

#[test]
fn every_role_gets_one_account_and_a_second_run_adds_none() {
    story(|database, ctx| {
        let again = ctx.clone();
        let answer = database
            .write(move |tx| install_accounts(tx, &again, Template::Standard))
            .expect("a second run");
        assert_eq!(answer.added, 0);
        let reader = ctx.clone();
        let rows = database.read(move |tx| accounts(tx, &reader)).expect("the accounts");
        assert_eq!(rows.len(), Role::ALL.len());
        let stock = rows.iter().find(|row| row.role == Some(Role::StockValuation)).expect("stock");
        assert_eq!((stock.control, stock.open_lines), (true, false));
        let grni = rows.iter().find(|row| row.role == Some(Role::Grni)).expect("grni");
        assert_eq!((grni.control, grni.open_lines), (true, true));
        let bank = rows.iter().find(|row| row.role == Some(Role::Bank)).expect("bank");
        assert_eq!((bank.control, bank.kind), (false, AccountKind::Asset));
    });
}

#[test]
fn two_companies_have_books_of_their_own() {
    on_both_engines(&SCHEMA, |database| {
        let (one, two) = (company(database), company(database));
        assert_ne!(one.company_id, two.company_id);
        super::world::post_one(database, &one, super::world::invoice(1, "2026-03-10", 500))
            .expect("an invoice");
        assert_eq!(super::world::balances(database, &one).len(), 2);
        assert_eq!(super::world::balances(database, &two).len(), 0);
        sound(database, &one);
        sound(database, &two);
    });
}

#[test]
fn an_account_of_ones_own_has_a_code_that_nobody_has() {
    story(|database, ctx| {
        let define = |code: &str| {
            let ctx = ctx.clone();
            let request = DefineAccount {
                code: code.to_owned(),
                name: "Theft".to_owned(),
                kind: AccountKind::Expense,
            };
            database.write(move |tx| define_account(tx, &ctx, request.clone()))
        };
        define("5120").expect("a new account");
        let taken = DefineAccountError::CodeTaken { code: "5120".to_owned() };
        assert_eq!(define("5120"), Err(taken));
        assert!(matches!(define(" "), Err(DefineAccountError::Text(_))));
    });
}

#[test]
fn a_template_does_not_take_a_code_that_is_in_use() {
    on_both_engines(&SCHEMA, |database| {
        let ctx = identity::testing::ctx(database);
        let writer = ctx.clone();
        let refused = database.write(move |tx| {
            let request = DefineAccount {
                code: "1300".to_owned(),
                name: "Old bank".to_owned(),
                kind: AccountKind::Asset,
            };
            define_account(tx, &writer, request).expect("an account");
            install_accounts(tx, &writer, Template::Standard)
        });
        let taken = InstallAccountsError::CodeTaken { code: "1300", role: Role::Bank };
        assert_eq!(refused, Err(taken));
    });
}

#[test]
fn books_without_accounts_do_not_open() {
    on_both_engines(&SCHEMA, |database| {
        let ctx = identity::testing::ctx(database);
        let refused = database
            .write(move |tx| open_books(tx, &ctx, accounting::Area::Sales, ctx.today).map(|_| ()));
        assert_eq!(refused, Err(BooksError::NotInstalled));
    });
}

#[test]
fn who_lacks_the_permission_installs_nothing() {
    on_both_engines(&SCHEMA, |database| {
        let all = identity::testing::ctx(database);
        let ctx = identity::testing::holding(&all, all.user_id, &["sales.*"], None);
        let refused = database.write(move |tx| install_accounts(tx, &ctx, Template::Standard));
        assert!(matches!(refused, Err(InstallAccountsError::Denied(_))), "{refused:?}");
    });
}
