//! `purser apikey`: keys for programs.

use crate::args::{ApikeyCommand, CreateKeyArgs, DatabaseArgs, ListArgs, RevokeKeyArgs};
use crate::failure::{Failure, refused};
use crate::place;
use base::ApiKeyId;
use identity::{ApiKeyFilter, CreateApiKey, Secret, UserFilter};
use std::process::ExitCode;

pub(crate) fn run(args: &DatabaseArgs, command: ApikeyCommand) -> Result<ExitCode, Failure> {
    match command {
        ApikeyCommand::Create(create) => create_key(args, &create),
        ApikeyCommand::List(list) => list_keys(args, &list),
        ApikeyCommand::Revoke(revoke) => revoke_key(args, &revoke),
    }
}

fn revoke_key(args: &DatabaseArgs, asked: &RevokeKeyArgs) -> Result<ExitCode, Failure> {
    let database = place::open(args)?;
    let company = place::company(&database, asked.company.as_deref())?;
    let id: ApiKeyId = asked
        .id
        .parse()
        .map_err(|_| Failure(format!("{:?} is no key's id; see `purser apikey list`", asked.id)))?;
    database.write(move |tx| {
        let ctx = place::operator(tx, company)?;
        identity::revoke_api_key(tx, &ctx, id).map_err(refused)
    })?;
    database.seal_trail(company)?;
    println!("API key {id} is revoked");
    Ok(ExitCode::SUCCESS)
}

fn create_key(args: &DatabaseArgs, asked: &CreateKeyArgs) -> Result<ExitCode, Failure> {
    let database = place::open(args)?;
    let company = place::company(&database, asked.company.as_deref())?;
    let secret = Secret::random();
    let digest = secret.digest();
    let (login, name, days) = (asked.login.clone(), asked.name.clone(), asked.days);
    let scopes = if asked.scopes.is_empty() { vec!["*".to_owned()] } else { asked.scopes.clone() };
    let key = database.write(move |tx| {
        let ctx = place::operator(tx, company)?;
        let filter = UserFilter { login: Some(login.clone()), ..UserFilter::default() };
        let users = identity::users(tx, &ctx, filter).map_err(refused)?;
        let user = users.first().ok_or_else(|| {
            Failure(format!("there is no user {login:?}; see `purser user list`"))
        })?;
        let request = CreateApiKey {
            name: name.clone(),
            scopes: scopes.clone(),
            expires_on: ctx.today.plus(days).map_err(refused)?,
            user_id: Some(user.user_id),
        };
        identity::create_api_key(tx, &ctx, request, &digest).map_err(refused)
    })?;
    database.seal_trail(company)?;
    println!("{}", identity::api_key_text(key, &secret));
    eprintln!("This key is shown once; keep it safe.");
    Ok(ExitCode::SUCCESS)
}

fn list_keys(args: &DatabaseArgs, list: &ListArgs) -> Result<ExitCode, Failure> {
    let database = place::open(args)?;
    let company = place::company(&database, list.company.as_deref())?;
    let keys = database.read(move |tx| {
        let ctx = place::operator(tx, company)?;
        identity::api_keys(tx, &ctx, ApiKeyFilter::default()).map_err(refused)
    })?;
    if list.json {
        println!("{}", serde_json::to_string_pretty(&keys).unwrap_or_default());
    } else {
        for key in &keys {
            let state = if key.revoked_at.is_some() { "revoked" } else { "" };
            let until = key.expires_on;
            let (id, name, login) = (key.api_key_id, &key.name, &key.login);
            println!("{id:<8} {name:<24} {login:<24} until {until} {state}");
        }
    }
    Ok(ExitCode::SUCCESS)
}
