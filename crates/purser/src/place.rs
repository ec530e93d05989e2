//! Which database, which company, and who acts: what most commands need first.

use crate::args::DatabaseArgs;
use crate::failure::Failure;
use base::{CompanyId, Id, Timestamp, UserId};
use identity::Ctx;
use store::{Database, Options, Tx};

/// Opens the database and brings its schema up to date.
pub(crate) fn open(args: &DatabaseArgs) -> Result<Database, Failure> {
    let options = Options { unsafe_durability: args.unsafe_durability, ..Options::default() };
    let database = Database::open(&url(args), options)?;
    migrate(&database)?;
    Ok(database)
}

/// Brings the schema up to date, and what was written before with it. Answers the migrations that ran.
pub(crate) fn migrate(database: &Database) -> Result<Vec<String>, Failure> {
    let ran = database.migrate(&reconcile::SCHEMA)?;
    for (company, _) in companies(database)? {
        while database.write(move |tx| catalog::word_items(tx, company))? {}
        while database.write(move |tx| partners::word_partners(tx, company))? {}
    }
    Ok(ran)
}

/// The database's address: given, from the environment, or a file in the data folder.
pub(crate) fn url(args: &DatabaseArgs) -> String {
    args.url.clone().unwrap_or_else(|| {
        let home = std::env::var("XDG_DATA_HOME").ok().filter(|path| !path.is_empty());
        let folder = home.unwrap_or_else(|| {
            let home = std::env::var("HOME").unwrap_or_else(|_| ".".to_owned());
            format!("{home}/.local/share")
        });
        format!("sqlite:{folder}/purser/purser.db")
    })
}

/// The companies of a database, by name.
pub(crate) fn companies(database: &Database) -> Result<Vec<(CompanyId, String)>, Failure> {
    let companies = database.read(identity::companies)?;
    Ok(companies.into_iter().map(|company| (company.company_id, company.name)).collect())
}

/// The company meant: the only one, or the one named.
pub(crate) fn company(database: &Database, name: Option<&str>) -> Result<CompanyId, Failure> {
    let companies = companies(database)?;
    let named = |(_, own): &&(CompanyId, String)| name.is_none_or(|name| name == own);
    let mut found = companies.iter().filter(named);
    match (found.next(), found.next()) {
        (Some((id, _)), None) => Ok(*id),
        (None, _) if companies.is_empty() => Err(Failure(
            "there is no company yet: start `purser serve` and use the set-up token that it prints, \
             or run `purser user set-up`"
                .to_owned(),
        )),
        _ => {
            let names: Vec<&str> = companies.iter().map(|(_, name)| name.as_str()).collect();
            Err(Failure(format!("name the company with --company; there are: {}", names.join(", "))))
        }
    }
}

/// Now, by the machine's clock.
pub(crate) fn now() -> Timestamp {
    Timestamp::from_micros(jiff::Timestamp::now().as_microsecond())
}

/// Whoever sits at the machine that has the database: may do everything, and is told apart in the
/// audit trail as user 0.
pub(crate) fn operator(tx: &mut Tx<'_>, company: CompanyId) -> Result<Ctx, Failure> {
    let company = identity::find_company(tx, company)?
        .ok_or_else(|| Failure("the company is gone".to_owned()))?;
    Ok(Ctx::all_rights(&company, UserId::from_raw(0), now(), "command line"))
}
