use crate::it::world::{minutes, role_for, user_with, write};
use base::{Timestamp, UserId};
use identity::{
    AuditFilter, Caller, Ctx, MOST_WRONG_CODES, Password, Proof, RecoveryCodes,
    RequireSecondFactor, ResetSecondFactor, ResetSecondFactorError, SCHEMA, SecondFactor,
    SecondFactorError, SecondFactorState, Secret, SetPassword, SignIn, SignInError,
    TooManyWrongCodes, TotpSecret, UserFilter, UserRow, WrongSecondFactor, audit_trail,
    begin_second_factor, confirm_second_factor, find_any_session, find_session, grant,
    note_wrong_code, renew_recovery_codes, require_second_factor, reset_second_factor,
    second_factor, set_password, set_policy, sign_in, start_session, testing,
    turn_off_second_factor, users,
};
use std::sync::Barrier;
use store::testing::{Fresh, assert_sound, on_both_engines};
use store::{Database, Engine};

/// A user with what the tests need of them.
struct Person {
    ctx: Ctx,
    user_id: UserId,
    secret: TotpSecret,
}

impl Person {
    fn new(db: &Database, login: &'static str) -> Person {
        let ctx = testing::ctx(db);
        let user_id = user_with(db, &ctx, login, "buyer");
        Person { ctx, user_id, secret: TotpSecret::random() }
    }

    /// One whose second factor has been on since the tests began, with its recovery codes.
    fn with_factor(db: &Database, login: &'static str) -> (Person, Vec<String>) {
        let person = Person::new(db, login);
        let caller = person.by_link(db, minutes(0));
        person.begin(db, &caller, Proof::FreshSession).unwrap();
        let codes = person.confirm(db, &caller, &person.secret.code_at(minutes(0))).unwrap();
        (person, codes)
    }

    /// A session without any second factor, as of a link.
    fn by_link(&self, db: &Database, at: Timestamp) -> Caller {
        let (secret, company_id, user_id) = (Secret::random(), self.ctx.company_id, self.user_id);
        let (digest, token) = (secret.digest(), secret.reveal());
        write(db, move |tx| start_session(tx, company_id, user_id, &digest, at, "test")).unwrap();
        db.read(move |tx| find_any_session(tx, &token, at, "test")).unwrap()
    }

    /// Signs in after the password was right; answers with the session's token.
    fn sign_in(&self, db: &Database, code: &str, at: Timestamp) -> Result<String, SignInError> {
        let (secret, user_id) = (Secret::random(), self.user_id);
        let (digest, code) = (secret.digest(), code.to_owned());
        write(db, move |tx| {
            let code = (!code.is_empty()).then_some(code.as_str());
            let asked = SignIn { company: None, user_id, code, session: &digest };
            sign_in(tx, asked, at, "test")
        })
        .map(|_| secret.reveal())
    }

    fn guess_wrong(&self, db: &Database, at: Timestamp) {
        let user_id = self.user_id;
        write(db, move |tx| note_wrong_code(tx, user_id, at, "guess")).unwrap();
    }

    fn told(&self, db: &Database, at: Timestamp) -> SecondFactor {
        let caller = self.by_link(db, at);
        db.read(move |tx| second_factor(tx, &caller)).unwrap()
    }

    fn begin(&self, db: &Database, who: &Caller, proof: Proof) -> Result<(), SecondFactorError> {
        let (who, fresh) = (who.clone(), self.secret.clone());
        write(db, move |tx| begin_second_factor(tx, &who, proof, &fresh))
    }

    fn confirm(
        &self,
        db: &Database,
        who: &Caller,
        code: &str,
    ) -> Result<Vec<String>, SecondFactorError> {
        let (who, code, codes) = (who.clone(), code.to_owned(), RecoveryCodes::random());
        let shown = codes.reveal();
        write(db, move |tx| confirm_second_factor(tx, &who, &code, &codes)).map(|()| shown)
    }

    fn turn_off(
        &self,
        db: &Database,
        who: &Caller,
        proof: Proof,
        code: &str,
    ) -> Result<(), SecondFactorError> {
        let (who, code) = (who.clone(), code.to_owned());
        write(db, move |tx| turn_off_second_factor(tx, &who, proof, &code))
    }

    fn give_password(&self, db: &Database) {
        let (ctx, user_id) = (self.ctx.clone(), self.user_id);
        let password = Password::new("anna keeps the sea").unwrap();
        write(db, move |tx| {
            set_password(tx, &ctx, SetPassword { user_id, password: password.clone() })
        })
        .unwrap();
    }

    fn reset(&self, db: &Database, by: &Ctx, reason: &str) -> Result<(), ResetSecondFactorError> {
        let (by, user_id, reason) = (by.clone(), self.user_id, reason.to_owned());
        write(db, move |tx| {
            reset_second_factor(tx, &by, ResetSecondFactor { user_id, reason: reason.clone() })
        })
    }

    fn policy(&self, db: &Database, value: &'static str) {
        let ctx = self.ctx.clone();
        write(db, move |tx| set_policy(tx, &ctx, "second_factor", value)).unwrap();
    }

    fn row(&self, db: &Database, filter: UserFilter) -> Option<UserRow> {
        let (ctx, user_id) = (self.ctx.clone(), self.user_id);
        let rows = db.read(move |tx| users(tx, &ctx, filter.clone())).unwrap();
        rows.into_iter().find(|row| row.user_id == user_id)
    }

    fn state(&self, db: &Database) -> SecondFactorState {
        self.row(db, UserFilter::default()).unwrap().second_factor
    }
}

const WRONG: SignInError = SignInError::WrongSecondFactor(WrongSecondFactor);

#[test]
fn once_it_is_on_a_sign_in_asks_for_a_code_that_works_once() {
    on_both_engines(&SCHEMA, |db| {
        let person = Person::new(db, "anna");
        assert!(person.sign_in(db, "", minutes(0)).is_ok(), "nothing is asked for yet");
        let caller = person.by_link(db, minutes(0));
        person.begin(db, &caller, Proof::FreshSession).unwrap();
        assert!(person.sign_in(db, "", minutes(0)).is_ok(), "nor before it is confirmed");
        assert_eq!(
            person.confirm(db, &caller, "000000"),
            Err(SecondFactorError::Wrong(WrongSecondFactor))
        );
        let first = person.secret.code_at(minutes(0));
        person.confirm(db, &caller, &first).unwrap();

        assert_eq!(person.sign_in(db, "", minutes(0)), Err(SignInError::SecondFactorNeeded));
        assert_eq!(person.sign_in(db, " ", minutes(0)), Err(SignInError::SecondFactorNeeded));
        assert_eq!(person.sign_in(db, &first, minutes(0)), Err(WRONG), "it was used to confirm");
        let code = person.secret.code_at(minutes(1));
        let spaced = format!("{} {}", &code[..3], &code[3..]);
        let token = person.sign_in(db, &spaced, minutes(1)).unwrap();
        assert_eq!(person.sign_in(db, &code, minutes(1)), Err(WRONG), "a code works once");
        let user_id = person.user_id;
        let found = db.read(move |tx| find_session(tx, &token, minutes(1), "test")).unwrap();
        assert_eq!(found.ctx.user_id, user_id);
        assert_sound(db, &SCHEMA, person.ctx.company_id);
    });
}

#[test]
fn a_code_is_good_for_a_step_before_and_after_its_own() {
    on_both_engines(&SCHEMA, |db| {
        let (person, _) = Person::with_factor(db, "anna");
        let after = |seconds: i64| testing::START.plus_micros(seconds * 1_000_000).unwrap();
        let code = |seconds| person.secret.code_at(after(seconds));
        assert_eq!(person.sign_in(db, &code(600), after(660)), Err(WRONG), "two steps late");
        assert_eq!(person.sign_in(db, &code(600), after(569)), Err(WRONG), "two steps early");
        assert!(person.sign_in(db, &code(600), after(570)).is_ok(), "a step early");
        assert!(person.sign_in(db, &code(630), after(689)).is_ok(), "a step late");
        assert_eq!(person.sign_in(db, &code(630), after(689)), Err(WRONG));
        assert!(person.sign_in(db, &code(720), after(720)).is_ok());
        assert_eq!(person.sign_in(db, &code(690), after(719)), Err(WRONG), "older than the last");
    });
}

#[test]
fn a_recovery_code_signs_in_once_and_new_ones_void_the_old() {
    on_both_engines(&SCHEMA, |db| {
        let (person, codes) = Person::with_factor(db, "anna");
        assert_eq!(codes.len(), 10);
        person.sign_in(db, &codes[3].to_lowercase(), minutes(1)).unwrap();
        assert_eq!(person.sign_in(db, &codes[3], minutes(1)), Err(WRONG));
        assert_eq!(person.sign_in(db, "AAAA-AAAA-AAAA-AAAA", minutes(1)), Err(WRONG));
        let caller = person.by_link(db, minutes(2));
        let (who, fresh) = (caller.clone(), caller.clone());
        let left = move |tx: &mut store::Tx<'_>| second_factor(tx, &who);
        assert_eq!(db.read(left.clone()).unwrap().recovery_codes_left, 9);

        let (code, made) = (person.secret.code_at(minutes(2)), RecoveryCodes::random());
        let shown = made.reveal();
        write(db, move |tx| renew_recovery_codes(tx, &fresh, Proof::FreshSession, &code, &made))
            .unwrap();
        assert_eq!(db.read(left).unwrap().recovery_codes_left, 10);
        assert_eq!(person.sign_in(db, &codes[0], minutes(3)), Err(WRONG));
        person.sign_in(db, &shown[0], minutes(3)).unwrap();

        let (by, verb) = (person.ctx.clone(), Some("identity.sign_in".to_owned()));
        let filter = AuditFilter { verb, ..AuditFilter::default() };
        let trail = db.read(move |tx| audit_trail(tx, &by, filter.clone())).unwrap().lines;
        let by_recovery = trail.iter().filter(|row| row.detail["second_factor"] == "recovery_code");
        assert_eq!(by_recovery.count(), 2);
        assert_sound(db, &SCHEMA, person.ctx.company_id);
    });
}

#[test]
fn wrong_codes_are_counted_told_and_after_a_hundred_only_a_recovery_code_is_accepted() {
    on_both_engines(&SCHEMA, |db| {
        let (person, codes) = Person::with_factor(db, "anna");
        let code = |at| person.secret.code_at(minutes(at));
        for _ in 1..MOST_WRONG_CODES {
            person.guess_wrong(db, minutes(1));
        }
        person.sign_in(db, &code(2), minutes(2)).unwrap();
        let told = person.told(db, minutes(2));
        assert_eq!(
            (told.wrong_codes_in_a_row, told.wrong_codes),
            (0, 99),
            "a right one ends the row"
        );
        assert_eq!(told.wrong_code_at, Some(minutes(1)));

        for _ in 0..MOST_WRONG_CODES {
            person.guess_wrong(db, minutes(3));
        }
        let refused = Err(SignInError::TooManyWrongCodes(TooManyWrongCodes));
        assert_eq!(person.sign_in(db, &code(4), minutes(4)), refused, "although it is right");
        let caller = person.by_link(db, minutes(4));
        assert_eq!(
            person.turn_off(db, &caller, Proof::FreshSession, &code(4)),
            Err(SecondFactorError::TooMany(TooManyWrongCodes))
        );
        assert_eq!(person.sign_in(db, "AAAA-AAAA-AAAA-AAAA", minutes(4)), Err(WRONG));
        person.sign_in(db, &codes[0], minutes(4)).unwrap();
        person.sign_in(db, &code(5), minutes(5)).unwrap();
        let told = person.told(db, minutes(5));
        assert_eq!((told.wrong_codes_in_a_row, told.wrong_codes), (0, 199));

        let (by, verb) = (person.ctx.clone(), Some("identity.wrong_code".to_owned()));
        let filter = AuditFilter { verb, limit: Some(1), ..AuditFilter::default() };
        let trail = db.read(move |tx| audit_trail(tx, &by, filter.clone())).unwrap().lines;
        assert_eq!(trail[0].detail, serde_json::json!({"in_a_row": 100}));
        assert_eq!((trail[0].user_id, trail[0].request_id.as_str()), (person.user_id, "guess"));
        assert_sound(db, &SCHEMA, person.ctx.company_id);
    });
}

#[test]
fn of_whoever_has_no_second_factor_no_wrong_code_is_noted() {
    on_both_engines(&SCHEMA, |db| {
        let person = Person::new(db, "anna");
        person.guess_wrong(db, minutes(0));
        let caller = person.by_link(db, minutes(0));
        person.begin(db, &caller, Proof::FreshSession).unwrap();
        person.guess_wrong(db, minutes(0));
        let told = person.told(db, minutes(0));
        assert_eq!((told.wrong_codes, told.wrong_code_at), (0, None));
    });
}

#[test]
fn another_company_that_the_user_works_in_is_not_told_of_a_reset() {
    on_both_engines(&SCHEMA, |db| {
        let (person, _) = Person::with_factor(db, "anna");
        let (own, other) = (person.ctx.clone(), testing::ctx(db));
        let granting = other.clone();
        write(db, move |tx| grant(tx, &granting, role_for("anna", "buyer"))).unwrap();
        person.reset(db, &own, "lost her phone").unwrap();
        let row_in = |ctx: &Ctx| {
            let filter = UserFilter { login: Some("Anna".to_owned()), ..UserFilter::default() };
            let ctx = ctx.clone();
            let rows = db.read(move |tx| users(tx, &ctx, filter.clone())).unwrap();
            assert_eq!(rows.len(), 1);
            (rows[0].is_own, rows[0].second_factor_reset.is_some())
        };
        assert_eq!((row_in(&own), row_in(&other)), ((true, true), (false, false)));
        let user_id = person.user_id;
        assert_eq!(
            person.reset(db, &other, "curious"),
            Err(ResetSecondFactorError::UnknownUser { user_id })
        );
    });
}

#[test]
fn companies_are_named_to_nobody_before_the_code_was_right() {
    on_both_engines(&SCHEMA, |db| {
        let (person, _) = Person::with_factor(db, "anna");
        let other = testing::ctx(db);
        let granting = other.clone();
        write(db, move |tx| grant(tx, &granting, role_for("anna", "buyer"))).unwrap();
        assert_eq!(person.sign_in(db, "", minutes(1)), Err(SignInError::SecondFactorNeeded));
        assert_eq!(person.sign_in(db, "000000", minutes(1)), Err(WRONG));
        let code = person.secret.code_at(minutes(1));
        let names = match person.sign_in(db, &code, minutes(1)) {
            Err(SignInError::CompanyNeeded { names }) => names,
            answer => panic!("{answer:?}"),
        };
        assert_eq!(names.len(), 2);
        // The code was not used up by the question.
        let (secret, user_id) = (Secret::random(), person.user_id);
        let (digest, company) = (secret.digest(), names[1].clone());
        write(db, move |tx| {
            let (code, company) = (Some(code.as_str()), Some(company.as_str()));
            sign_in(tx, SignIn { company, user_id, code, session: &digest }, minutes(1), "test")
        })
        .unwrap();
    });
}

#[test]
fn a_sign_in_and_a_reset_at_once_do_not_wait_for_each_other() {
    let fresh = Fresh::new(Engine::Postgres, &SCHEMA);
    let db = &fresh.database;
    let (person, first) = Person::with_factor(db, "anna");
    let admin = person.ctx.clone();
    let mut code = first[0].clone();
    for round in 0..20 {
        let barrier = Barrier::new(2);
        std::thread::scope(|scope| {
            let (barrier, code, person, admin) = (&barrier, &code, &person, &admin);
            let signing = scope.spawn(move || {
                barrier.wait();
                person.sign_in(db, code, minutes(1)).map(drop)
            });
            let resetting = scope.spawn(move || {
                barrier.wait();
                person.reset(db, admin, "lost her phone")
            });
            // Whichever is first, both are done: without a factor the code is not looked at.
            assert_eq!(signing.join().unwrap(), Ok(()), "round {round}");
            assert_eq!(resetting.join().unwrap(), Ok(()), "round {round}");
        });
        let caller = person.by_link(db, minutes(0));
        person.begin(db, &caller, Proof::FreshSession).unwrap();
        let codes = person.confirm(db, &caller, &person.secret.code_at(minutes(0))).unwrap();
        code.clone_from(&codes[0]);
    }
    assert_eq!(db.counts().deadlocks, 0);
    assert_sound(db, &SCHEMA, person.ctx.company_id);
}

#[test]
fn setting_up_asks_for_a_fresh_session_or_the_password_and_waits_a_quarter_of_an_hour() {
    on_both_engines(&SCHEMA, |db| {
        let person = Person::new(db, "anna");
        let caller = person.by_link(db, minutes(0));
        let later = |at| Caller { ctx: caller.ctx.at_moment(minutes(at)), ..caller.clone() };
        let stranger = Proof::Password(person.ctx.user_id);
        let shown = Err(SecondFactorError::NotShown);
        assert_eq!(person.begin(db, &later(15), Proof::FreshSession), shown);
        assert_eq!(person.begin(db, &later(15), stranger), shown);
        let program = Caller { session_id: None, started_at: None, ..caller.clone() };
        assert_eq!(
            person.begin(db, &program, Proof::FreshSession),
            Err(SecondFactorError::NoSession)
        );
        person.begin(db, &later(14), Proof::FreshSession).unwrap();
        let code = person.secret.code_at(minutes(29));
        assert_eq!(person.confirm(db, &later(29), &code), Err(SecondFactorError::NotBegun));
        person.begin(db, &later(29), Proof::Password(person.user_id)).unwrap();
        person.confirm(db, &later(29), &code).unwrap();
        assert_eq!(person.confirm(db, &later(29), &code), Err(SecondFactorError::On));
        let again = person.begin(db, &later(29), Proof::Password(person.user_id));
        assert_eq!(again, Err(SecondFactorError::On));
    });
}

#[test]
fn confirming_ends_all_other_sessions() {
    on_both_engines(&SCHEMA, |db| {
        let person = Person::new(db, "anna");
        let elsewhere = person.sign_in(db, "", minutes(0)).unwrap();
        let caller = person.by_link(db, minutes(0));
        person.begin(db, &caller, Proof::FreshSession).unwrap();
        person.confirm(db, &caller, &person.secret.code_at(minutes(0))).unwrap();
        let found = db.read(move |tx| find_session(tx, &elsewhere, minutes(0), "test"));
        assert_eq!(found.unwrap_err(), SignInError::SessionOver);
        let (ctx, user_id) = (caller.ctx.clone(), Some(person.user_id));
        let own =
            db.read(move |tx| identity::sessions(tx, &ctx, identity::SessionFilter { user_id }));
        let own: Vec<_> = own.unwrap().into_iter().map(|row| row.session_id).collect();
        assert_eq!(own, [caller.session_id.unwrap()]);
    });
}

#[test]
fn turning_off_takes_password_and_code() {
    on_both_engines(&SCHEMA, |db| {
        let (person, codes) = Person::with_factor(db, "anna");
        person.give_password(db);
        let caller = person.by_link(db, minutes(1));
        let code = person.secret.code_at(minutes(1));
        let shown = Err(SecondFactorError::NotShown);
        assert_eq!(person.turn_off(db, &caller, Proof::FreshSession, &code), shown);
        let proof = Proof::Password(person.user_id);
        let wrong = Err(SecondFactorError::Wrong(WrongSecondFactor));
        assert_eq!(person.turn_off(db, &caller, proof, "000000"), wrong);
        assert_eq!(person.turn_off(db, &caller, proof, ""), wrong);
        person.turn_off(db, &caller, proof, &codes[0]).unwrap();
        assert_eq!(person.state(db), SecondFactorState::Off);
        assert!(person.sign_in(db, "", minutes(1)).is_ok());
        let off = Err(SecondFactorError::Off);
        assert_eq!(person.turn_off(db, &caller, proof, &code), off);
        assert_sound(db, &SCHEMA, person.ctx.company_id);
    });
}

#[test]
fn where_the_company_asks_for_it_a_session_without_it_can_only_set_it_up() {
    on_both_engines(&SCHEMA, |db| {
        let person = Person::new(db, "anna");
        let token = person.sign_in(db, "", minutes(0)).unwrap();
        let find = |token: &str| {
            let token = token.to_owned();
            db.read(move |tx| find_session(tx, &token, minutes(0), "test"))
        };
        assert!(find(&token).is_ok());
        person.policy(db, "required_for_roles");
        assert!(find(&token).is_ok(), "no role of hers asks for it");
        let ctx = person.ctx.clone();
        write(db, move |tx| {
            let (name, required) = ("buyer".to_owned(), true);
            require_second_factor(tx, &ctx, RequireSecondFactor { name, required })
        })
        .unwrap();
        assert_eq!(find(&token).unwrap_err(), SignInError::SecondFactorMissing);
        assert_eq!(person.state(db), SecondFactorState::Missing);
        let missing = Some(SecondFactorState::Missing);
        let filter = UserFilter { second_factor: missing, ..UserFilter::default() };
        assert!(person.row(db, filter.clone()).is_some());

        let own = token.clone();
        let caller = db.read(move |tx| find_any_session(tx, &own, minutes(0), "test")).unwrap();
        assert!(caller.lacks_second_factor);
        let who = caller.clone();
        let told = db.read(move |tx| second_factor(tx, &who)).unwrap();
        assert_eq!(told.state, SecondFactorState::Missing);
        person.begin(db, &caller, Proof::FreshSession).unwrap();
        assert_eq!(find(&token).unwrap_err(), SignInError::SecondFactorMissing);
        person.confirm(db, &caller, &person.secret.code_at(minutes(0))).unwrap();
        assert!(find(&token).is_ok(), "at once, in the same session");
        assert_eq!(person.row(db, filter), None);
        assert_eq!(person.state(db), SecondFactorState::On);
    });
}

#[test]
fn a_company_may_ask_everybody_for_it_or_let_nobody_set_it_up() {
    on_both_engines(&SCHEMA, |db| {
        let person = Person::new(db, "anna");
        let token = person.sign_in(db, "", minutes(0)).unwrap();
        let find = |token: String| db.read(move |tx| find_session(tx, &token, minutes(0), "test"));
        person.policy(db, "required_for_all");
        assert_eq!(find(token.clone()).unwrap_err(), SignInError::SecondFactorMissing);
        person.policy(db, "off");
        assert!(find(token).is_ok());
        let caller = person.by_link(db, minutes(0));
        let begun = person.begin(db, &caller, Proof::FreshSession);
        assert_eq!(begun, Err(SecondFactorError::NotAllowed));
    });
}

#[test]
fn off_asks_whoever_has_one_all_the_same() {
    on_both_engines(&SCHEMA, |db| {
        let (person, _) = Person::with_factor(db, "anna");
        person.policy(db, "off");
        assert_eq!(person.sign_in(db, "", minutes(1)), Err(SignInError::SecondFactorNeeded));
    });
}

#[test]
fn an_administrator_resets_it_with_a_reason_that_everybody_sees() {
    on_both_engines(&SCHEMA, |db| {
        let (person, _) = Person::with_factor(db, "anna");
        let token = person.sign_in(db, &person.secret.code_at(minutes(1)), minutes(1)).unwrap();
        let admin = person.ctx.clone();
        let clerk = testing::holding(&admin, admin.user_id, &["identity.set_password"], None);
        assert!(matches!(person.reset(db, &clerk, "lost"), Err(ResetSecondFactorError::Denied(_))));
        let weak = testing::holding(&admin, admin.user_id, &["identity.reset_second_factor"], None);
        assert_eq!(person.reset(db, &weak, "lost"), Err(ResetSecondFactorError::BeyondOwn));
        assert!(matches!(person.reset(db, &admin, " "), Err(ResetSecondFactorError::Reason(_))));
        let own = testing::holding(&admin, person.user_id, &["*"], None);
        assert_eq!(person.reset(db, &own, "mine"), Err(ResetSecondFactorError::Own));
        let stranger = testing::ctx(db);
        let user_id = person.user_id;
        assert_eq!(
            person.reset(db, &stranger, "lost"),
            Err(ResetSecondFactorError::UnknownUser { user_id })
        );
        person.reset(db, &admin, "lost her phone").unwrap();
        assert_eq!(person.reset(db, &admin, "again"), Err(ResetSecondFactorError::Off));

        let over = db.read(move |tx| find_session(tx, &token, minutes(1), "test"));
        assert_eq!(over.unwrap_err(), SignInError::SessionOver);
        assert!(person.sign_in(db, "", minutes(1)).is_ok());
        let row = person.row(db, UserFilter::default()).unwrap();
        assert_eq!(row.second_factor, SecondFactorState::Off);
        let reset = row.second_factor_reset.unwrap();
        assert_eq!((reset.reason.as_str(), reset.reset_by.as_str()), ("lost her phone", "Tester"));
        let caller = person.by_link(db, minutes(2));
        let told = db.read(move |tx| second_factor(tx, &caller)).unwrap();
        assert_eq!(told.reset, Some(reset));
        let (by, verb) = (admin, Some("identity.reset_second_factor".to_owned()));
        let filter = AuditFilter { verb, ..AuditFilter::default() };
        let trail = db.read(move |tx| audit_trail(tx, &by, filter.clone())).unwrap().lines;
        assert_eq!(trail.len(), 1);
        assert_eq!(trail[0].detail, serde_json::json!({"reason": "lost her phone"}));
        assert_sound(db, &SCHEMA, person.ctx.company_id);
    });
}

#[test]
fn of_two_sign_ins_with_one_code_at_once_one_is_let_in() {
    let fresh = Fresh::new(Engine::Postgres, &SCHEMA);
    let db = &fresh.database;
    let (person, codes) = Person::with_factor(db, "anna");
    for (round, code) in
        [person.secret.code_at(minutes(5)), codes[0].clone()].into_iter().enumerate()
    {
        let barrier = Barrier::new(4);
        let entered = std::thread::scope(|scope| {
            let tries: Vec<_> = (0..4)
                .map(|_| {
                    scope.spawn(|| {
                        barrier.wait();
                        person.sign_in(db, &code, minutes(5))
                    })
                })
                .collect();
            let answers: Vec<_> = tries.into_iter().map(|one| one.join().unwrap()).collect();
            assert!(answers.iter().all(|one| one.is_ok() || *one == Err(WRONG)), "{answers:?}");
            answers.into_iter().filter(Result::is_ok).count()
        });
        assert_eq!(entered, 1, "round {round}");
    }
    assert_sound(db, &SCHEMA, person.ctx.company_id);
}

#[test]
fn who_may_change_roles_says_which_of_them_ask_for_a_second_factor() {
    on_both_engines(&SCHEMA, |db| {
        let ctx = testing::ctx(db);
        let (by, name) = (ctx.clone(), "nobody".to_owned());
        let unknown = write(db, move |tx| {
            require_second_factor(
                tx,
                &by,
                RequireSecondFactor { name: name.clone(), required: true },
            )
        });
        assert!(matches!(unknown, Err(identity::RoleError::UnknownRole { .. })));
        let by = ctx.clone();
        write(db, move |tx| {
            let name = "administrator".to_owned();
            require_second_factor(tx, &by, RequireSecondFactor { name, required: true })
        })
        .unwrap();
        let by = ctx.clone();
        let roles =
            db.read(move |tx| identity::roles(tx, &by, identity::RoleFilter::default())).unwrap();
        let asks: Vec<_> =
            roles.iter().filter(|role| role.second_factor).map(|role| &role.name).collect();
        assert_eq!(asks, ["administrator"]);
        let anna = user_with(db, &ctx, "anna", "buyer");
        let clerk = testing::holding(&ctx, anna, &["identity.change_role"], None);
        let refused = write(db, move |tx| {
            let name = "buyer".to_owned();
            require_second_factor(tx, &clerk, RequireSecondFactor { name, required: true })
        });
        assert!(matches!(refused, Err(identity::RoleError::Denied(_))));
    });
}
