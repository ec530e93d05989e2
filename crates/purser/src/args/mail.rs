//! The command line of mails and policies.

use super::ListArgs;
use base::MailId;
use clap::Subcommand;

/// The relay that mails go out by.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct RelayArgs {
    /// The relay: `smtps://user:password@relay.example`, or `smtp://...?tls=required` for STARTTLS.
    #[arg(
        long,
        value_name = "URL",
        env = "PURSER_SMTP_URL",
        requires = "mail_from",
        hide_env_values = true
    )]
    pub smtp_url: Option<String>,
    /// From whom mails are: `Purchasing <po@example.com>`.
    #[arg(long, value_name = "ADDRESS", env = "PURSER_MAIL_FROM")]
    pub mail_from: Option<String>,
}

/// `mail`.
#[derive(Debug, Subcommand)]
pub(crate) enum MailCommand {
    /// Hand the mails that are due to the relay, once; a server with a relay does so by itself.
    Deliver(MailDeliverArgs),
    /// Queue reminders of orders that were mailed and not acknowledged.
    Remind(MailRemindArgs),
    /// Have a mail that failed tried again.
    Retry(MailRetryArgs),
}

/// `mail deliver`.
#[derive(Debug, clap::Args)]
pub(crate) struct MailDeliverArgs {
    #[command(flatten)]
    pub relay: RelayArgs,
    /// The company, when there are several.
    #[arg(long)]
    pub company: Option<String>,
}

/// `mail remind`.
#[derive(Debug, clap::Args)]
pub(crate) struct MailRemindArgs {
    /// The company, when there are several.
    #[arg(long)]
    pub company: Option<String>,
}

/// `mail retry`.
#[derive(Debug, clap::Args)]
pub(crate) struct MailRetryArgs {
    /// The mail.
    #[arg(value_name = "ID")]
    pub mail_id: MailId,
    /// Where it goes now; where it went before when left out.
    #[arg(long)]
    pub recipient: Option<String>,
    #[command(flatten)]
    pub list: ListArgs,
}

/// `policy`.
#[derive(Debug, clap::Args)]
pub(crate) struct PolicyArgs {
    /// The policy; without it all are told.
    pub name: Option<String>,
    /// What is to hold from now on; without it, what holds is told.
    pub value: Option<String>,
    /// The company, when there are several.
    #[arg(long)]
    pub company: Option<String>,
}
