//! `purser mail`: mails that go out, and `purser policy`, which says whether they do.

use super::count::act;
use crate::args::{DatabaseArgs, MailCommand, PolicyArgs, RelayArgs};
use crate::failure::{Failure, refused};
use crate::place;
use crate::post::{self, Relay};
use mail::RetryMail;
use std::process::ExitCode;

/// Goes through the door of a command of `mail`. Exit 1 says that mails were not taken.
pub(crate) fn run(args: &DatabaseArgs, asked: MailCommand) -> Result<ExitCode, Failure> {
    match asked {
        MailCommand::Deliver(asked) => {
            let relay = relay(&asked.relay)?
                .ok_or_else(|| Failure("name the relay: --smtp-url and --mail-from".to_owned()))?;
            let database = place::open(args)?;
            let company = place::company(&database, asked.company.as_deref())?;
            let (taken, left) = post::deliver(&database, &relay, company, place::now)?;
            println!("{taken} mails handed over, {left} not; `purser export mails` tells why");
            Ok(if left == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
        }
        MailCommand::Remind(asked) => {
            let database = place::open(args)?;
            let company = place::company(&database, asked.company.as_deref())?;
            println!("{} reminders queued", post::remind(&database, company)?);
            Ok(ExitCode::SUCCESS)
        }
        MailCommand::Retry(asked) => {
            let request = RetryMail { mail_id: asked.mail_id, recipient: asked.recipient };
            act(args, &asked.list, request, mail::retry_mail, |done| {
                format!("mail {} is queued again, to {}", done.mail_id, done.recipient)
            })?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// The relay that was configured.
pub(crate) fn relay(args: &RelayArgs) -> Result<Option<Relay>, Failure> {
    let named = args.smtp_url.as_deref().zip(args.mail_from.as_deref());
    named.map(|(url, from)| Relay::read(url, from)).transpose()
}

/// Tells or sets policies.
pub(crate) fn policy(args: &DatabaseArgs, asked: &PolicyArgs) -> Result<ExitCode, Failure> {
    let database = place::open(args)?;
    let company = place::company(&database, asked.company.as_deref())?;
    if let Some((name, value)) = asked.name.clone().zip(asked.value.clone()) {
        database.write(move |tx| {
            let ctx = place::operator(tx, company)?;
            identity::set_policy(tx, &ctx, &name, &value).map_err(refused)
        })?;
        database.seal_trail(company)?;
    }
    let policies = database.read(move |tx| identity::policies(tx, company))?;
    let all = policies.all();
    let told: Vec<_> = all
        .iter()
        .filter(|(name, _)| asked.name.as_deref().is_none_or(|asked| asked == *name))
        .collect();
    if told.is_empty() {
        let names: Vec<&str> = all.iter().map(|(name, _)| *name).collect();
        return Err(Failure(format!("there is no such policy; there are: {}", names.join(", "))));
    }
    for (name, value) in told {
        println!("{name} = {value}");
    }
    Ok(ExitCode::SUCCESS)
}
