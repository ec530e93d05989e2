//! `purser user`: the first user, and lists.

use crate::args::{
    DatabaseArgs, ListArgs, ResetSecondFactorArgs, SetUpArgs, SignInLinkArgs, UserCommand,
};
use crate::desk;
use crate::failure::{Failure, refused};
use crate::place;
use base::{Currency, UserId, Zone};
use identity::{
    CreateCompany, Ctx, Password, ResetSecondFactor, SecondFactorState, Secret, SetUp, UserFilter,
};
use std::io::Read;
use std::process::ExitCode;
use store::Tx;

pub(crate) fn run(args: &DatabaseArgs, command: UserCommand) -> Result<ExitCode, Failure> {
    match command {
        UserCommand::SetUp(set_up) => set_up_company(args, set_up),
        UserCommand::List(list) => list_users(args, &list),
        UserCommand::SignInLink(link) => sign_in_link(args, &link),
        UserCommand::ResetSecondFactor(asked) => reset_second_factor(args, asked),
    }
}

/// Makes the first company with its administrator, and gives it accounts, units and reasons.
fn set_up_company(args: &DatabaseArgs, asked: SetUpArgs) -> Result<ExitCode, Failure> {
    let password = read_password(&asked)?;
    let request = SetUp {
        company: CreateCompany {
            name: asked.company,
            currency: Currency::parse(&asked.currency).map_err(refused)?,
            zone: Zone::parse(&asked.zone).map_err(refused)?,
            country: asked.country,
        },
        login: asked.login,
        display_name: asked.name,
        password: Password::new(&password).map_err(refused)?,
    };
    let database = place::open(args)?;
    let (token, now) = (asked.token, place::now());
    let login = request.login.clone();
    let done = database.write(move |tx| {
        let done =
            identity::set_up(tx, &token, request.clone(), now, "command line").map_err(refused)?;
        let ctx = identity::ctx_for_user(tx, done.company_id, done.user_id, now, "command line")
            .map_err(refused)?;
        api::furnish(tx, &ctx).map_err(|error| Failure(error.0.detail))?;
        Ok::<_, Failure>(done)
    })?;
    database.seal_trail(done.company_id)?;
    println!("company {} is ready; {login} is its administrator", done.company_id);
    println!("next: purser apikey create --login {login} --name first");
    Ok(ExitCode::SUCCESS)
}

fn read_password(asked: &SetUpArgs) -> Result<String, Failure> {
    let mut text = String::new();
    if asked.password_file.as_os_str() == "-" {
        std::io::stdin().read_to_string(&mut text)?;
    } else {
        text = std::fs::read_to_string(&asked.password_file)?;
    }
    Ok(text.lines().next().unwrap_or_default().to_owned())
}

fn list_users(args: &DatabaseArgs, list: &ListArgs) -> Result<ExitCode, Failure> {
    let database = place::open(args)?;
    let company = place::company(&database, list.company.as_deref())?;
    let users = database.read(move |tx| {
        let ctx = place::operator(tx, company)?;
        identity::users(tx, &ctx, UserFilter::default()).map_err(refused)
    })?;
    if list.json {
        println!("{}", serde_json::to_string_pretty(&users).unwrap_or_default());
    } else {
        for user in &users {
            let state = if user.active { "active" } else { "switched off" };
            let factor = match user.second_factor {
                SecondFactorState::On => "second factor",
                SecondFactorState::Off => "",
                SecondFactorState::Missing => "second factor missing",
            };
            let line = format!("{:<24} {:<32} {state:<12} {factor}", user.login, user.display_name);
            println!("{}", line.trim_end());
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn sign_in_link(args: &DatabaseArgs, asked: &SignInLinkArgs) -> Result<ExitCode, Failure> {
    let database = place::open(args)?;
    let company = place::company(&database, asked.company.as_deref())?;
    let secret = Secret::random();
    let (digest, login) = (secret.digest(), asked.login.to_lowercase());
    database.write(move |tx| {
        let ctx = place::operator(tx, company)?;
        let user_id = user_of(tx, &ctx, &login)?;
        identity::issue_sign_in_link(tx, &ctx, user_id, &digest).map_err(refused)
    })?;
    println!("{}", desk::sign_in_address(asked.at.trim_end_matches('/'), &secret.reveal()));
    Ok(ExitCode::SUCCESS)
}

fn reset_second_factor(
    args: &DatabaseArgs,
    asked: ResetSecondFactorArgs,
) -> Result<ExitCode, Failure> {
    let database = place::open(args)?;
    let company = place::company(&database, asked.company.as_deref())?;
    let (login, reason) = (asked.login.to_lowercase(), asked.reason);
    let own = login.clone();
    database.write(move |tx| {
        let ctx = place::operator(tx, company)?;
        let user_id = user_of(tx, &ctx, &own)?;
        let request = ResetSecondFactor { user_id, reason: reason.clone() };
        identity::reset_second_factor(tx, &ctx, request).map_err(refused)
    })?;
    database.seal_trail(company)?;
    println!("{login} signs in with the password alone, and sees that the second factor was reset");
    Ok(ExitCode::SUCCESS)
}

/// The user of a login in small letters.
fn user_of(tx: &mut Tx<'_>, ctx: &Ctx, login: &str) -> Result<UserId, Failure> {
    let filter = UserFilter { login: Some(login.to_owned()), ..UserFilter::default() };
    let users = identity::users(tx, ctx, filter).map_err(refused)?;
    let user = users.first().ok_or_else(|| {
        Failure(format!("there is no user {login}; `purser user list` shows all"))
    })?;
    Ok(user.user_id)
}
