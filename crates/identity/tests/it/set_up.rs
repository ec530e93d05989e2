use identity::{
    CompanyError, CreateCompany, Password, SCHEMA, Secret, SetUp, SignInError, companies,
    companies_of, create_company, ctx_for_user, find_credential, issue_set_up_token, set_up,
    testing::START,
};
use store::testing::{assert_sound, on_both_engines};
use store::{Database, StoreError};

const PASSWORD: &str = "correct horse battery";

fn company(name: &str) -> CreateCompany {
    CreateCompany {
        name: name.to_owned(),
        currency: "GBP".parse().unwrap(),
        zone: "Europe/London".parse().unwrap(),
        country: "GB".to_owned(),
    }
}

fn request() -> SetUp {
    SetUp {
        company: company("Purser Ltd"),
        login: "Ada".to_owned(),
        display_name: "Ada".to_owned(),
        password: Password::new(PASSWORD).unwrap(),
    }
}

fn issue(db: &Database, secret: &Secret) -> bool {
    let digest = secret.digest();
    db.write(move |tx| issue_set_up_token(tx, &digest, START)).unwrap()
}

fn attempt(db: &Database, token: String) -> Result<identity::SetUpDone, CompanyError> {
    let request = request();
    db.write(move |tx| set_up(tx, &token, request.clone(), START, "set-up"))
}

#[test]
fn the_set_up_token_opens_the_first_company_once() {
    on_both_engines(&SCHEMA, |db| {
        let secret = Secret::random();
        assert!(issue(db, &secret));
        let done = attempt(db, secret.reveal()).unwrap();
        assert_eq!(attempt(db, secret.reveal()), Err(CompanyError::AlreadySetUp));
        assert!(!issue(db, &Secret::random()), "with a user there is no further token");
        let ctx = db
            .read(move |tx| ctx_for_user(tx, done.company_id, done.user_id, START, "test"))
            .unwrap();
        assert!(ctx.holds(identity::CREATE_USER));
        assert_sound(db, &SCHEMA, done.company_id);
    });
}

#[test]
fn only_the_token_printed_last_works() {
    on_both_engines(&SCHEMA, |db| {
        let (first, last) = (Secret::random(), Secret::random());
        assert_eq!(attempt(db, first.reveal()), Err(CompanyError::WrongToken));
        assert!(issue(db, &first));
        assert!(issue(db, &last));
        assert_eq!(attempt(db, first.reveal()), Err(CompanyError::WrongToken));
        assert_eq!(attempt(db, String::new()), Err(CompanyError::WrongToken));
        assert!(attempt(db, last.reveal()).is_ok());
    });
}

#[test]
fn the_first_administrator_signs_in_by_password() {
    on_both_engines(&SCHEMA, |db| {
        let secret = Secret::random();
        issue(db, &secret);
        let done = attempt(db, secret.reveal()).unwrap();
        let find = |login: &'static str| db.read(move |tx| find_credential(tx, login)).unwrap();
        assert_eq!(find("ADA").authenticate(PASSWORD), Ok(done.user_id));
        let wrong = find("ada").authenticate("wrong horse battery").unwrap_err();
        let unknown = find("bob").authenticate(PASSWORD).unwrap_err();
        assert_eq!(wrong, SignInError::WrongCredentials);
        assert_eq!(unknown, wrong, "nobody learns which logins there are");
    });
}

#[test]
fn a_further_company_has_its_maker_as_administrator() {
    on_both_engines(&SCHEMA, |db| {
        let ctx = identity::testing::ctx(db);
        let make = |request: CreateCompany| {
            let ctx = ctx.clone();
            db.write(move |tx| create_company(tx, &ctx, request.clone()))
        };
        let second = make(company("Second")).unwrap();
        let taken = CompanyError::NameTaken { name: "Second".to_owned() };
        assert_eq!(make(company("Second")), Err(taken));
        let mut nowhere = company("Third");
        nowhere.country = "gb".to_owned();
        assert!(matches!(make(nowhere), Err(CompanyError::NotACountry { .. })));
        let user_id = ctx.user_id;
        let mine = db.read(move |tx| companies_of(tx, user_id)).unwrap();
        assert_eq!(mine.len(), 2);
        assert_eq!(db.read::<_, StoreError, _>(companies).unwrap(), mine);
        assert_sound(db, &SCHEMA, second);
    });
}
