//! `purser webhook`: who is told of what happens.

use super::count::act;
use crate::args::{
    DatabaseArgs, ListArgs, WebhookArgs, WebhookCommand, WebhookDeliverArgs, WebhookRegisterArgs,
    WebhookReplayFactsArgs, WebhookRotateArgs,
};
use crate::failure::{Failure, refused};
use crate::hook::{self, Sender};
use crate::place;
use identity::Secret;
use std::process::ExitCode;
use webhooks::{
    AmendWebhook, PauseWebhook, PingWebhook, RegisterWebhook, ReplayDelivery, ReplayFacts,
    ResumeWebhook, RetireWebhook, RotateSecret, SigningSecret, WebhookFilter,
};

/// Goes through the door of a command of `webhook`. Exit 1 says that something was not delivered.
pub(crate) fn run(args: &DatabaseArgs, asked: WebhookCommand) -> Result<ExitCode, Failure> {
    match asked {
        WebhookCommand::List(asked) => list(args, &asked)?,
        WebhookCommand::Register(asked) => register(args, asked)?,
        WebhookCommand::Rotate(asked) => rotate(args, &asked)?,
        WebhookCommand::Amend(asked) => {
            let facts = (!asked.facts.is_empty()).then_some(asked.facts);
            let request = AmendWebhook {
                webhook_id: asked.webhook_id,
                name: asked.name,
                address: asked.address,
                facts,
            };
            let words =
                |done: &webhooks::WebhookAmended| format!("webhook {} is amended", done.webhook_id);
            act(args, &asked.list, request, webhooks::amend_webhook, words)?;
        }
        WebhookCommand::Pause(asked) => {
            let request =
                PauseWebhook { webhook_id: asked.webhook_id, reason: asked.reason.clone() };
            act(args, &asked.list, request, webhooks::pause_webhook, stands)?;
        }
        WebhookCommand::Resume(WebhookArgs { webhook_id, list }) => {
            act(args, &list, ResumeWebhook { webhook_id }, webhooks::resume_webhook, stands)?;
        }
        WebhookCommand::Retire(WebhookArgs { webhook_id, list }) => {
            act(args, &list, RetireWebhook { webhook_id }, webhooks::retire_webhook, stands)?;
        }
        WebhookCommand::Ping(WebhookArgs { webhook_id, list }) => {
            let request = PingWebhook { webhook_id };
            act(args, &list, request, webhooks::ping_webhook, |done| {
                format!("ping {} waits; a server delivers it within seconds", done.ping)
            })?;
        }
        WebhookCommand::Replay(asked) => {
            let request = ReplayDelivery { delivery_id: asked.delivery_id };
            act(args, &asked.list, request, webhooks::replay_delivery, |done| {
                format!("delivery {} waits once more", done.delivery_id)
            })?;
        }
        WebhookCommand::ReplayFacts(asked) => replay_facts(args, &asked)?,
        WebhookCommand::Deliver(asked) => return deliver(args, &asked),
    }
    Ok(ExitCode::SUCCESS)
}

fn stands(done: &webhooks::WebhookChanged) -> String {
    format!("webhook {} is {}", done.webhook_id, done.state)
}

fn list(args: &DatabaseArgs, asked: &ListArgs) -> Result<(), Failure> {
    let database = place::open(args)?;
    let company = place::company(&database, asked.company.as_deref())?;
    let webhooks = database.read(move |tx| {
        let ctx = place::operator(tx, company)?;
        let (mut all, mut filter) = (Vec::new(), WebhookFilter::default());
        loop {
            let page = webhooks::list_webhooks(tx, &ctx, filter.clone()).map_err(refused)?;
            all.extend(page.lines);
            filter.cursor = page.next_cursor;
            if filter.cursor.is_none() {
                return Ok::<_, Failure>(all);
            }
        }
    })?;
    if asked.json {
        let text = serde_json::to_string_pretty(&webhooks);
        println!("{}", text.map_err(|error| Failure(error.to_string()))?);
        return Ok(());
    }
    for row in &webhooks {
        let why = if row.paused_why.is_empty() { "" } else { ": " };
        println!(
            "{}  {:<20} {}  {}  {} wait, {} given up  {}{why}{}",
            row.webhook_id,
            row.name,
            row.address,
            row.facts.join(" "),
            row.waiting,
            row.dead,
            row.state,
            row.paused_why
        );
    }
    Ok(())
}

fn register(args: &DatabaseArgs, asked: WebhookRegisterArgs) -> Result<(), Failure> {
    let WebhookRegisterArgs { name, address, facts, list } = asked;
    let secret = SigningSecret::of(&Secret::random());
    let database = place::open(args)?;
    let company = place::company(&database, list.company.as_deref())?;
    let signs = secret.clone();
    let registered = database.write(move |tx| {
        let ctx = place::operator(tx, company)?;
        let request =
            RegisterWebhook { name: name.clone(), address: address.clone(), facts: facts.clone() };
        webhooks::register_webhook(tx, &ctx, request, &signs).map_err(refused)
    })?;
    database.seal_trail(company)?;
    let words = format!("webhook {} is registered", registered.webhook_id);
    let told =
        webhooks::WebhookRegistered { secret: Some(secret.reveal().to_owned()), ..registered };
    tell(&list, &told, &words, &secret)
}

fn rotate(args: &DatabaseArgs, asked: &WebhookRotateArgs) -> Result<(), Failure> {
    let secret = SigningSecret::of(&Secret::random());
    let database = place::open(args)?;
    let company = place::company(&database, asked.list.company.as_deref())?;
    let (signs, webhook_id, hours) = (secret.clone(), asked.webhook_id, asked.keep_hours);
    let rotated = database.write(move |tx| {
        let ctx = place::operator(tx, company)?;
        let request = RotateSecret { webhook_id, keep_hours: Some(hours) };
        webhooks::rotate_secret(tx, &ctx, request, &signs).map_err(refused)
    })?;
    database.seal_trail(company)?;
    let words = format!("the secret before signs until {}", rotated.previous_until);
    let told = webhooks::SecretRotated { secret: Some(secret.reveal().to_owned()), ..rotated };
    tell(&asked.list, &told, &words, &secret)
}

/// Tells what was done, and its secret.
fn tell<T: serde::Serialize>(
    list: &ListArgs,
    told: &T,
    words: &str,
    secret: &SigningSecret,
) -> Result<(), Failure> {
    if list.json {
        let text = serde_json::to_string_pretty(told);
        println!("{}", text.map_err(|error| Failure(error.to_string()))?);
    } else {
        println!("{words}\n{}", secret.reveal());
    }
    eprintln!("This secret is shown once; keep it safe.");
    Ok(())
}

fn replay_facts(args: &DatabaseArgs, asked: &WebhookReplayFactsArgs) -> Result<(), Failure> {
    let database = place::open(args)?;
    let company = place::company(&database, asked.company.as_deref())?;
    let (mut queued, mut cursor) = (0, None);
    loop {
        let request = ReplayFacts {
            webhook_id: asked.webhook_id,
            from_day: asked.from,
            to_day: asked.to,
            cursor,
        };
        let part = database.write(move |tx| {
            let ctx = place::operator(tx, company)?;
            webhooks::replay_facts(tx, &ctx, request.clone()).map_err(refused)
        })?;
        queued += part.queued;
        cursor = part.next_cursor;
        if cursor.is_none() {
            break;
        }
    }
    database.seal_trail(company)?;
    println!("{queued} facts wait to be delivered");
    Ok(())
}

fn deliver(args: &DatabaseArgs, asked: &WebhookDeliverArgs) -> Result<ExitCode, Failure> {
    let database = place::open(args)?;
    let company = place::company(&database, asked.company.as_deref())?;
    let tally = hook::deliver(&database, Sender::new(&asked.reach.webhooks_reach), company)?;
    let hook::Tally { delivered, failed } = tally;
    println!("{delivered} delivered, {failed} not; `purser export webhook-attempts` tells why");
    database.seal_trail(company)?;
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
