//! The command line.

mod approvals;
mod blind;
mod documents;
mod jobs;
mod mail;
mod pick;
mod webhook;

pub(crate) use approvals::*;
pub(crate) use blind::*;
pub(crate) use documents::*;
pub(crate) use jobs::*;
pub(crate) use mail::*;
pub(crate) use pick::*;
pub(crate) use webhook::*;

use base::Day;
use clap::{Parser, Subcommand};
use std::net::SocketAddr;
use std::path::PathBuf;

/// One system of record for an e-commerce company's goods and the money in them.
#[derive(Debug, Parser)]
#[command(name = "purser", version, max_term_width = 100)]
pub(crate) struct Args {
    #[command(flatten)]
    pub database: DatabaseArgs,
    /// Write the log as JSON lines.
    #[arg(long, global = true)]
    pub log_json: bool,
    #[command(subcommand)]
    pub command: Command,
}

/// Where the database is.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct DatabaseArgs {
    /// The database: `sqlite:PATH`, `sqlite::memory:` or `postgres://user@host/name`. Without it a
    /// file in the data folder.
    #[arg(long = "database", value_name = "URL", env = "PURSER_DATABASE", global = true)]
    pub url: Option<String>,
    /// Accept settings under which a power cut may lose acknowledged work. For scratch work only.
    #[arg(long, global = true)]
    pub unsafe_durability: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Replay a real retailer's first weeks on a fresh database, then serve it.
    Demo(DemoArgs),
    /// Serve the HTTP API.
    Serve(ServeArgs),
    /// Bring the database's schema up to date.
    Migrate,
    /// Ask the books whether they are sound.
    Check(CheckArgs),
    /// Users: the first one, further ones, and lists.
    #[command(subcommand)]
    User(UserCommand),
    /// API keys.
    #[command(subcommand)]
    Apikey(ApikeyCommand),
    /// Business scenarios in YAML, run against the product's own doors.
    #[command(subcommand)]
    Scenario(ScenarioCommand),
    /// Open the books of a going company from a folder of CSV files, or take the opening back.
    Opening(OpeningArgs),
    /// Take over a CSV file of items, suppliers, customers, offers, orders or tracking numbers.
    Import(ImportArgs),
    /// Count sheets: plan, open, enter, resolve, apply.
    #[command(subcommand)]
    Count(CountCommand),
    /// Approvals: what waits, deciding it, rules, delegates, what goes up.
    #[command(subcommand)]
    Approvals(ApprovalsCommand),
    /// Pick lists and packages: plan, show, take, put back, pack, ship.
    #[command(subcommand)]
    Pick(PickCommand),
    /// Blind receipts: open, scan from a file, match, book.
    #[command(subcommand)]
    Blind(BlindCommand),
    /// Attach a file to a record.
    Attach(AttachArgs),
    /// List documents.
    Documents(DocumentsArgs),
    /// One document: write its file, or detach it.
    #[command(subcommand)]
    Document(DocumentCommand),
    /// Print a record as PDF: an order, a count sheet, a packing slip, labels.
    Print(PrintArgs),
    /// Mails that go out: deliver, remind, try again.
    #[command(subcommand)]
    Mail(MailCommand),
    /// Work that comes again: list it, run it now, pause, resume, schedule.
    #[command(subcommand)]
    Jobs(JobsCommand),
    /// Webhooks, who are told of what happens: register, ping, pause, replay.
    #[command(subcommand)]
    Webhook(WebhookCommand),
    /// Tell or set the company's policies.
    Policy(PolicyArgs),
    /// Reports with all their lines: stock cards, ageing, suppliers, fill rate; see docs/REPORTS.md.
    Report(ReportArgs),
    /// Write a list as a CSV, XLSX or JSON file; items, suppliers and customers as `import` reads them.
    Export(ExportArgs),
    /// What to buy next, and why: run replenishment, look at its proposals, order them.
    #[command(subcommand)]
    Plan(PlanCommand),
    /// Measure the product beside a floor, on a new database.
    Bench(BenchArgs),
    /// Copy a SQLite database while it is in use.
    Backup(BackupArgs),
    /// Put a backup in place of a database and check it.
    Restore(RestoreArgs),
    /// Look whether the installation is fit for work.
    Doctor,
}

/// `serve`.
#[derive(Debug, clap::Args)]
pub(crate) struct ServeArgs {
    /// Where to listen. Without TLS only loopback addresses are accepted.
    #[arg(long, default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// The certificate chain as a PEM file: speak TLS. Read anew on SIGHUP.
    #[arg(long, value_name = "PEM", requires = "tls_key", env = "PURSER_TLS_CERT")]
    pub tls_cert: Option<PathBuf>,
    /// The certificate's private key as a PEM file.
    #[arg(long, value_name = "PEM", requires = "tls_cert", env = "PURSER_TLS_KEY")]
    pub tls_key: Option<PathBuf>,
    /// A proxy in front speaks TLS with the browsers: their cookie is for TLS alone.
    #[arg(long, conflicts_with = "tls_cert")]
    pub behind_tls: bool,
    #[command(flatten)]
    pub relay: RelayArgs,
    #[command(flatten)]
    pub reach: ReachArgs,
}

/// `demo`.
#[derive(Debug, clap::Args)]
pub(crate) struct DemoArgs {
    /// How many days, from 2010-12-01 on.
    #[arg(long, default_value_t = 60)]
    pub days: u32,
    /// The folder of the demo's data.
    #[arg(long, env = "PURSER_DEMO_DATA")]
    pub data: Option<PathBuf>,
    /// End after the result screen.
    #[arg(long)]
    pub no_serve: bool,
    /// Where to listen, a loopback address.
    #[arg(long, default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
}

/// `check`.
#[derive(Debug, clap::Args)]
pub(crate) struct CheckArgs {
    /// The company, when there are several.
    #[arg(long)]
    pub company: Option<String>,
    /// Print one hash of what the books say, to compare two databases by.
    #[arg(long)]
    pub digest: bool,
    /// With --digest: print the lines that are hashed.
    #[arg(long, requires = "digest")]
    pub list: bool,
    /// Print the findings as JSON.
    #[arg(long)]
    pub json: bool,
    /// Also tell so many of the checks that took longest.
    #[arg(long, value_name = "COUNT", default_value_t = 0)]
    pub slowest: usize,
}

/// `user`.
#[derive(Debug, Subcommand)]
pub(crate) enum UserCommand {
    /// Use the set-up token: make the first company and its administrator.
    SetUp(SetUpArgs),
    /// List the company's users.
    List(ListArgs),
    /// Print a link that signs a user in to the web UI, once and within 15 minutes.
    SignInLink(SignInLinkArgs),
    /// Take a user's second factor away, so that the password alone signs in again.
    ResetSecondFactor(ResetSecondFactorArgs),
}

/// `user reset-second-factor`.
#[derive(Debug, clap::Args)]
pub(crate) struct ResetSecondFactorArgs {
    /// Whose.
    #[arg(long)]
    pub login: String,
    /// Why; the user reads it, too.
    #[arg(long)]
    pub reason: String,
    /// The company, when there are several.
    #[arg(long)]
    pub company: Option<String>,
}

/// `user sign-in-link`.
#[derive(Debug, clap::Args)]
pub(crate) struct SignInLinkArgs {
    /// Whose.
    #[arg(long)]
    pub login: String,
    /// Where browsers reach the server.
    #[arg(long, default_value = "http://127.0.0.1:8080")]
    pub at: String,
    /// The company, when there are several.
    #[arg(long)]
    pub company: Option<String>,
}

/// `user set-up`.
#[derive(Debug, clap::Args)]
pub(crate) struct SetUpArgs {
    /// The token that the first start printed.
    #[arg(long)]
    pub token: String,
    /// The company's name.
    #[arg(long)]
    pub company: String,
    /// The company's currency, such as GBP.
    #[arg(long)]
    pub currency: String,
    /// The company's time zone, such as Europe/London.
    #[arg(long)]
    pub zone: String,
    /// The company's country, two letters.
    #[arg(long)]
    pub country: String,
    /// The administrator's login.
    #[arg(long)]
    pub login: String,
    /// The administrator's name.
    #[arg(long)]
    pub name: String,
    /// A file with the administrator's password on its first line; `-` reads standard input.
    #[arg(long)]
    pub password_file: PathBuf,
}

/// Lists.
#[derive(Debug, clap::Args)]
pub(crate) struct ListArgs {
    /// The company, when there are several.
    #[arg(long)]
    pub company: Option<String>,
    /// Print the list as JSON.
    #[arg(long)]
    pub json: bool,
}

/// `apikey`.
#[derive(Debug, Subcommand)]
pub(crate) enum ApikeyCommand {
    /// Make a key for a user; it is shown once.
    Create(CreateKeyArgs),
    /// List the company's keys.
    List(ListArgs),
    /// Revoke a key, which stops at once.
    Revoke(RevokeKeyArgs),
}

/// `apikey revoke`.
#[derive(Debug, clap::Args)]
pub(crate) struct RevokeKeyArgs {
    /// The company, when there are several.
    #[arg(long)]
    pub company: Option<String>,
    /// The key's id, as `apikey list` tells it.
    pub id: String,
}

/// `apikey create`.
#[derive(Debug, clap::Args)]
pub(crate) struct CreateKeyArgs {
    /// The company, when there are several.
    #[arg(long)]
    pub company: Option<String>,
    /// The user for whom the key acts.
    #[arg(long)]
    pub login: String,
    /// What the key is for.
    #[arg(long)]
    pub name: String,
    /// A permission or a pattern such as `sales.*`; repeat it for several. None is all the user has.
    #[arg(long = "scope")]
    pub scopes: Vec<String>,
    /// After how many days the key expires, 366 at most.
    #[arg(long, default_value_t = 90)]
    pub days: i64,
}

/// `scenario`.
#[derive(Debug, Subcommand)]
pub(crate) enum ScenarioCommand {
    /// Run scenario files or folders of them; exit 1 when one fails.
    Run(ScenarioRunArgs),
}

/// `scenario run`.
#[derive(Debug, clap::Args)]
pub(crate) struct ScenarioRunArgs {
    /// Files, or folders whose YAML files are all run.
    #[arg(required = true)]
    pub files: Vec<PathBuf>,
    /// Print the report as JSON.
    #[arg(long)]
    pub json: bool,
}

/// `backup`.
#[derive(Debug, clap::Args)]
pub(crate) struct BackupArgs {
    /// The file to write. It must not exist.
    pub to: PathBuf,
}

/// `restore`.
#[derive(Debug, clap::Args)]
pub(crate) struct RestoreArgs {
    /// The backup.
    pub from: PathBuf,
}

/// `opening`.
#[derive(Debug, clap::Args)]
pub(crate) struct OpeningArgs {
    /// The folder with trial_balance.csv, stock.csv and so on.
    #[arg(required_unless_present = "undo")]
    pub folder: Option<PathBuf>,
    /// The first day of the books; days before it are locked for good.
    #[arg(long, required_unless_present_any = ["undo", "template"])]
    pub date: Option<Day>,
    /// Only say what would happen.
    #[arg(long)]
    pub dry_run: bool,
    /// Book what the lists and the trial balance do not agree on to the opening difference, however
    /// much it is; try it with --dry-run first.
    #[arg(long)]
    pub book_difference: bool,
    /// Write the files into the folder with their headings alone, to be filled in.
    #[arg(long, conflicts_with_all = ["undo", "date"])]
    pub template: bool,
    /// Take the opening back by reversal, for a --reason.
    #[arg(long, requires = "reason", conflicts_with_all = ["folder", "date"])]
    pub undo: bool,
    /// Why the opening is taken back.
    #[arg(long, requires = "undo")]
    pub reason: Option<String>,
    /// The company, when there are several.
    #[arg(long)]
    pub company: Option<String>,
    /// Print the answer as JSON.
    #[arg(long)]
    pub json: bool,
}

/// `plan`.
#[derive(Debug, Subcommand)]
pub(crate) enum PlanCommand {
    /// Propose what is short; automatic rules order it as drafts, or plan transfers.
    Run(PlanRunArgs),
    /// List what is proposed and waits for somebody.
    Proposals(PlanProposalsArgs),
    /// Show what a proposal was decided from, and reckon it again.
    Explain(PlanExplainArgs),
    /// Turn proposals into draft orders and planned transfers.
    Approve(PlanApproveArgs),
    /// List what items lack before their replenishment may run by itself; exit 1 when one does.
    Readiness(PlanListArgs),
}

/// `plan run`.
#[derive(Debug, clap::Args)]
pub(crate) struct PlanRunArgs {
    /// Only this warehouse.
    #[arg(long)]
    pub warehouse: Option<String>,
    /// Only this item.
    #[arg(long)]
    pub sku: Option<String>,
    /// The company, when there are several.
    #[arg(long)]
    pub company: Option<String>,
    /// Print the answer as JSON.
    #[arg(long)]
    pub json: bool,
}

/// `plan proposals`.
#[derive(Debug, clap::Args)]
pub(crate) struct PlanProposalsArgs {
    /// Only what this supplier delivers.
    #[arg(long)]
    pub supplier: Option<String>,
    /// Only what comes from this warehouse.
    #[arg(long)]
    pub source: Option<String>,
    /// The company, when there are several.
    #[arg(long)]
    pub company: Option<String>,
    /// Print the list as JSON.
    #[arg(long)]
    pub json: bool,
}

/// `plan readiness`.
#[derive(Debug, clap::Args)]
pub(crate) struct PlanListArgs {
    /// The company, when there are several.
    #[arg(long)]
    pub company: Option<String>,
    /// Print the list as JSON.
    #[arg(long)]
    pub json: bool,
}

/// `plan explain`.
#[derive(Debug, clap::Args)]
pub(crate) struct PlanExplainArgs {
    /// The proposal.
    pub proposal: i64,
    /// The company, when there are several.
    #[arg(long)]
    pub company: Option<String>,
    /// Print the answer as JSON.
    #[arg(long)]
    pub json: bool,
}

/// `plan approve`.
#[derive(Debug, clap::Args)]
pub(crate) struct PlanApproveArgs {
    /// The proposals.
    #[arg(required_unless_present = "all", conflicts_with = "all")]
    pub proposals: Vec<i64>,
    /// Everything open that a supplier offers or a warehouse supplies.
    #[arg(long)]
    pub all: bool,
    /// The company, when there are several.
    #[arg(long)]
    pub company: Option<String>,
}

/// `import`.
#[derive(Debug, clap::Args)]
pub(crate) struct ImportArgs {
    /// What the file holds.
    pub kind: ImportKind,
    /// The CSV file; `-` reads standard input.
    pub file: PathBuf,
    /// The company, when there are several.
    #[arg(long)]
    pub company: Option<String>,
    /// Only say what would happen.
    #[arg(long)]
    pub dry_run: bool,
    /// Print the report as JSON.
    #[arg(long)]
    pub json: bool,
}

/// What can be taken over from a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum ImportKind {
    /// Items, by SKU.
    Items,
    /// Suppliers, by code.
    Suppliers,
    /// Customers, by code.
    Customers,
    /// Suppliers' offers.
    Offers,
    /// Rules of replenishment, by item and place.
    Rules,
    /// Customers' orders, by channel and external reference.
    SalesOrders,
    /// Carriers' tracking numbers, by package number.
    Tracking,
}

/// `count`.
#[derive(Debug, Subcommand)]
pub(crate) enum CountCommand {
    /// Put on sheets what is due in a warehouse.
    Plan(CountPlanArgs),
    /// Classify items by a profile, by the value that left.
    Classify(CountClassifyArgs),
    /// Open a sheet of a warehouse, some places or some items.
    Open(CountOpenArgs),
    /// Enter what was counted from a CSV file with sku, place, lot and quantity.
    Enter(CountEnterArgs),
    /// Read the books anew; what was counted stays.
    Refresh(CountSheetArgs),
    /// Say what holds for lines whose goods moved.
    Resolve(CountResolveArgs),
    /// Book the differences of a sheet.
    Apply(CountApplyArgs),
    /// Give a sheet up.
    Cancel(CountCancelArgs),
}

/// `count plan`.
#[derive(Debug, clap::Args)]
pub(crate) struct CountPlanArgs {
    /// The warehouse's code.
    pub warehouse: String,
    /// The profile whose classes count.
    #[arg(long)]
    pub profile: Option<String>,
    /// Do not show to counters what the books expect.
    #[arg(long)]
    pub blind: bool,
    /// Only say what would happen.
    #[arg(long)]
    pub dry_run: bool,
    #[command(flatten)]
    pub list: ListArgs,
}

/// `count classify`.
#[derive(Debug, clap::Args)]
pub(crate) struct CountClassifyArgs {
    /// The profile's name.
    pub profile: String,
    /// Only say what would happen.
    #[arg(long)]
    pub dry_run: bool,
    #[command(flatten)]
    pub list: ListArgs,
}

/// `count open`.
#[derive(Debug, clap::Args)]
pub(crate) struct CountOpenArgs {
    /// The warehouse's code, when there are several.
    #[arg(long)]
    pub warehouse: Option<String>,
    /// Only this place and those inside it, by path; repeat it for several.
    #[arg(long = "place")]
    pub places: Vec<String>,
    /// Only this item, by SKU; repeat it for several.
    #[arg(long = "sku")]
    pub skus: Vec<String>,
    /// Begin without lines: they are added as they are counted.
    #[arg(long)]
    pub as_counted: bool,
    /// Do not show to counters what the books expect.
    #[arg(long)]
    pub blind: bool,
    #[command(flatten)]
    pub list: ListArgs,
}

/// A sheet.
#[derive(Debug, clap::Args)]
pub(crate) struct CountSheetArgs {
    /// The sheet's id.
    pub sheet: base::CountId,
    #[command(flatten)]
    pub list: ListArgs,
}

/// `count enter`.
#[derive(Debug, clap::Args)]
pub(crate) struct CountEnterArgs {
    /// The sheet's id.
    pub sheet: base::CountId,
    /// The CSV file; `-` reads standard input.
    pub file: PathBuf,
    /// When it was counted, as `2025-01-31T09:30:00Z`; what moved since is a conflict. Now when left out.
    #[arg(long, value_name = "MOMENT", value_parser = base::Timestamp::parse)]
    pub counted_at: Option<base::Timestamp>,
    #[command(flatten)]
    pub list: ListArgs,
}

/// `count resolve`.
#[derive(Debug, clap::Args)]
pub(crate) struct CountResolveArgs {
    /// The sheet's id.
    pub sheet: base::CountId,
    /// What holds.
    pub choice: CountChoice,
    /// Only this line; repeat it for several. None is every line in conflict.
    #[arg(long = "line")]
    pub lines: Vec<i64>,
    #[command(flatten)]
    pub list: ListArgs,
}

/// What holds for goods that moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum CountChoice {
    /// What was counted lies there now.
    KeepCounted,
    /// What moved came on top of it.
    Rebase,
    /// Another person counts again.
    Recount,
}

/// `count apply`.
#[derive(Debug, clap::Args)]
pub(crate) struct CountApplyArgs {
    /// The sheet's id.
    pub sheet: base::CountId,
    /// Leave out lines that nobody has counted.
    #[arg(long)]
    pub skip_uncounted: bool,
    #[command(flatten)]
    pub list: ListArgs,
}

/// `count cancel`.
#[derive(Debug, clap::Args)]
pub(crate) struct CountCancelArgs {
    /// The sheet's id.
    pub sheet: base::CountId,
    /// Why.
    #[arg(long)]
    pub reason: String,
    #[command(flatten)]
    pub list: ListArgs,
}

/// `export`.
#[derive(Debug, clap::Args)]
pub(crate) struct ExportArgs {
    /// Which list; without it, the names of all are told. `items`, `suppliers` and `customers` are
    /// written as `import` reads them, unless there is a filter or another format.
    pub list: Option<String>,
    /// The file; `-` writes to standard output.
    #[arg(default_value = "-")]
    pub file: PathBuf,
    /// A filter of the list as in the API, such as `state=approved`; repeat it for several.
    #[arg(long = "filter", value_name = "NAME=VALUE")]
    pub filters: Vec<String>,
    /// The format.
    #[arg(long)]
    pub format: Option<ExportFormat>,
    /// The company, when there are several.
    #[arg(long)]
    pub company: Option<String>,
}

/// `report`.
#[derive(Debug, clap::Args)]
pub(crate) struct ReportArgs {
    /// Which report; without it, the names of all are told. `NAME/lines` has the rows behind it.
    pub report: Option<String>,
    /// The file; `-` writes to standard output.
    #[arg(default_value = "-")]
    pub file: PathBuf,
    /// A filter of the report as in the API, such as `sku=TEA` or `from_day=2026-01-01`; repeat it for
    /// several.
    #[arg(long = "filter", value_name = "NAME=VALUE")]
    pub filters: Vec<String>,
    /// The format.
    #[arg(long)]
    pub format: Option<ExportFormat>,
    /// The company, when there are several.
    #[arg(long)]
    pub company: Option<String>,
}

/// How a list is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum ExportFormat {
    /// Comma-separated, with headings.
    Csv,
    /// A workbook of one sheet.
    Xlsx,
    /// One JSON object in a line.
    Jsonl,
}

/// `bench`.
#[derive(Debug, clap::Args)]
pub(crate) struct BenchArgs {
    /// What to measure.
    pub workload: BenchWorkload,
    /// How many clients ask at once.
    #[arg(long, default_value_t = 8)]
    pub clients: usize,
    /// How many operations of the product and of the floor.
    #[arg(long, default_value_t = 2_000)]
    pub operations: usize,
    /// Ask over HTTP, on this many nodes of this process; at the doors when left out.
    #[arg(long, value_name = "NODES", num_args = 0..=1, default_missing_value = "1")]
    pub http: Option<usize>,
    /// How many items `desk` makes, at least 1,000.
    #[arg(long, default_value_t = 100_000)]
    pub items: usize,
    /// How many moves `desk` makes, orders in proportion.
    #[arg(long, default_value_t = 1_000_000)]
    pub moves: usize,
    /// How many statements are listed, the longest first.
    #[arg(long, default_value_t = 12)]
    pub statements: usize,
}

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum BenchWorkload {
    /// A sales order of three lines, accepted and shipped.
    W1,
    /// A purchase order of three lines, approved, received and billed.
    W2,
    /// A run of replenishment over as many rules as there are operations, and a second one.
    W3,
    /// A sheet of as many lines as there are operations, at least 1,000: opened, counted, applied.
    W4,
    /// The stock value of a past day after as many moves as there are operations.
    W5,
    /// What of an item is available, asked as often as there are operations.
    W6,
    /// A company to open the desk on, of `--items` and `--moves`; `make pace` measures there.
    Desk,
}
