//! `purser plan`: what to buy next or to bring from another warehouse, and why.

use crate::args::{
    DatabaseArgs, PlanApproveArgs, PlanCommand, PlanExplainArgs, PlanListArgs, PlanProposalsArgs,
    PlanRunArgs,
};
use crate::failure::{Failure, refused};
use crate::place;
use base::{CompanyId, Id, ProposalId};
use identity::Ctx;
use indicatif::ProgressBar;
use planning::{
    ApproveProposal, ApproveProposals, ApproveProposalsError, ProposalFilter, ProposalRow,
    ProposalState, ReadinessFilter, Replayed, ReplenishmentRun, RunReplenishment,
};
use serde_json::{Value, json};
use std::process::ExitCode;
use std::time::Duration;
use store::{Database, Tx};

pub(crate) fn run(args: &DatabaseArgs, command: &PlanCommand) -> Result<ExitCode, Failure> {
    match command {
        PlanCommand::Run(asked) => replenish(args, asked),
        PlanCommand::Proposals(asked) => proposals(args, asked),
        PlanCommand::Explain(asked) => explain(args, asked),
        PlanCommand::Approve(asked) => approve(args, asked),
        PlanCommand::Readiness(asked) => readiness(args, asked),
    }
}

/// Looks at everything, part by part.
fn replenish(args: &DatabaseArgs, asked: &PlanRunArgs) -> Result<ExitCode, Failure> {
    let database = place::open(args)?;
    let company = place::company(&database, asked.company.as_deref())?;
    let (warehouse, sku) = (asked.warehouse.clone(), asked.sku.clone());
    let mut request = RunReplenishment { warehouse, sku, ..RunReplenishment::default() };
    let mut told = ReplenishmentRun::default();
    let looking = ProgressBar::new_spinner();
    looking.enable_steady_tick(Duration::from_millis(120));
    loop {
        let part = request.clone();
        told.add(database.write(move |tx| {
            let ctx = place::operator(tx, company)?;
            planning::run_replenishment(tx, &ctx, part.clone()).map_err(refused)
        })?);
        looking.set_message(format!("{} items at places", told.looked_at));
        request.cursor.clone_from(&told.next_cursor);
        if request.cursor.is_none() {
            break;
        }
    }
    looking.finish_and_clear();
    database.seal_trail(company)?;
    if asked.json {
        print(&json!(told))?;
        return Ok(ExitCode::SUCCESS);
    }
    println!(
        "{} items at places: {} proposed, {} amended, {} withdrawn, {} unchanged",
        told.looked_at, told.proposed, told.amended, told.withdrawn, told.unchanged
    );
    if told.approved + told.held_back > 0 {
        println!(
            "automatic rules: {} ordered in {} drafts and {} transfers, {} wait for somebody",
            told.approved,
            told.orders.len(),
            told.transfers.len(),
            told.held_back
        );
    }
    Ok(ExitCode::SUCCESS)
}

/// Every proposal of a filter.
fn all(
    database: &Database,
    company: CompanyId,
    filter: ProposalFilter,
) -> Result<Vec<ProposalRow>, Failure> {
    database.read(move |tx| {
        let ctx = place::operator(tx, company)?;
        let mut filter = filter.clone();
        let mut rows = Vec::new();
        loop {
            let page = planning::list_proposals(tx, &ctx, &filter).map_err(refused)?;
            rows.extend(page.lines);
            filter.cursor = page.next_cursor;
            if filter.cursor.is_none() {
                return Ok(rows);
            }
        }
    })
}

fn proposals(args: &DatabaseArgs, asked: &PlanProposalsArgs) -> Result<ExitCode, Failure> {
    let database = place::open(args)?;
    let company = place::company(&database, asked.company.as_deref())?;
    let filter = ProposalFilter {
        state: Some(ProposalState::Open),
        supplier: asked.supplier.clone(),
        source: asked.source.clone(),
        ..ProposalFilter::default()
    };
    let rows = all(&database, company, filter)?;
    if asked.json {
        print(&json!(rows))?;
        return Ok(ExitCode::SUCCESS);
    }
    for row in &rows {
        println!("{}", line(row));
    }
    println!("{} open proposals", rows.len());
    Ok(ExitCode::SUCCESS)
}

fn line(row: &ProposalRow) -> String {
    let from = if let Some(needed_on) = row.needed_on {
        let gives = match row.chosen.as_str() {
            "source_short" => format!(", which can give {}", row.available),
            _ => String::new(),
        };
        format!("needed on {needed_on}, from warehouse {}{gives}", row.source)
    } else if row.supplier.is_empty() {
        "nobody offers it".to_owned()
    } else {
        format!("{} {} from {} ({})", row.order_quantity, row.unit, row.supplier, row.chosen)
    };
    let waits = if row.held_back.is_empty() {
        String::new()
    } else {
        format!(", waits: {}", row.held_back)
    };
    format!(
        "{}  {} at {}: {} {} for {}, {from}{waits}",
        row.proposal_id, row.sku, row.place, row.quantity, row.stock_unit, row.arrives_on
    )
}

fn explain(args: &DatabaseArgs, asked: &PlanExplainArgs) -> Result<ExitCode, Failure> {
    let id = ProposalId::from_raw(asked.proposal);
    let database = place::open(args)?;
    let company = place::company(&database, asked.company.as_deref())?;
    let replayed = database.read(move |tx| {
        let ctx = place::operator(tx, company)?;
        planning::replay_proposal(tx, &ctx, id).map_err(refused)
    })?;
    if asked.json {
        print(&json!(replayed))?
    } else {
        tell(&replayed)
    }
    Ok(if replayed.agrees { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn tell(replayed: &Replayed) {
    let Replayed { proposal, basis, decision, agrees, history } = replayed;
    println!("{}", line(proposal));
    let rule = match proposal.rule_id {
        Some(rule) => format!("rule {rule}, version {}", basis.rule_version),
        None => "no rule, so 0/0".to_owned(),
    };
    println!("  {rule}: min {}, max {}", basis.levels.min, basis.levels.max);
    println!("  on hand {}, of it reserved {}", basis.on_hand, basis.reserved);
    for come in &basis.incoming {
        println!("  {} comes {}", come.on, come.quantity);
    }
    for wanted in &basis.demand {
        println!("  {} wanted {}", wanted.on, wanted.quantity);
    }
    println!(
        "  lowest from {} to {}: {}",
        decision.arrives_on, decision.horizon_on, decision.forecast
    );
    println!("  needed by {}: {}", decision.visible_on, decision.need);
    if let Some((source, transfer)) = basis.source.as_ref().zip(decision.transfer) {
        println!(
            "  {} has {}, and can give {} on {}, {} days before it arrives",
            source.warehouse,
            source.on_hand,
            transfer.available,
            transfer.depart_on,
            transfer.lead_days
        );
    }
    for step in &decision.steps {
        println!("  {:?} {}: {}", step.because, step.by, step.quantity);
    }
    for candidate in &basis.candidates {
        for offer in &candidate.offers {
            println!(
                "  {} offers at {} {} per {} from {}, {} days",
                candidate.supplier,
                offer.price,
                candidate.currency,
                offer.unit,
                offer.min_quantity,
                offer.lead_days
            );
        }
    }
    for version in history {
        println!("  {} {} {}", version.recorded_at, version.what, version.quantity);
    }
    if !agrees {
        println!("  what was kept does not lead to this proposal");
    }
}

/// Orders what is named, or everything open that somebody offers or a warehouse supplies.
fn approve(args: &DatabaseArgs, asked: &PlanApproveArgs) -> Result<ExitCode, Failure> {
    let database = place::open(args)?;
    let company = place::company(&database, asked.company.as_deref())?;
    let mut rows = all(&database, company, ProposalFilter::default())?;
    if asked.all {
        let supplied = |row: &ProposalRow| !(row.supplier.is_empty() && row.source.is_empty());
        rows.retain(|row| row.state == ProposalState::Open && supplied(row));
    } else {
        rows.retain(|row| asked.proposals.contains(&row.proposal_id.raw()));
        let found: Vec<i64> = rows.iter().map(|row| row.proposal_id.raw()).collect();
        if let Some(id) = asked.proposals.iter().find(|id| !found.contains(id)) {
            return Err(Failure(format!("there is no proposal {id}")));
        }
    }
    let (mut orders, mut transfers, mut approved) = (Vec::new(), 0, 0);
    for part in rows.chunks(planning::MAX_PROPOSALS) {
        let proposals: Vec<ApproveProposal> = part
            .iter()
            .map(|row| ApproveProposal {
                proposal_id: row.proposal_id,
                version: row.version,
                quantity: None,
                reason: String::new(),
            })
            .collect();
        let done = database.write(move |tx: &mut Tx<'_>| {
            let ctx: Ctx = place::operator(tx, company)?;
            let request = ApproveProposals { proposals: proposals.clone() };
            let done: Result<_, ApproveProposalsError> =
                planning::approve_proposals(tx, &ctx, request);
            done.map_err(refused)
        })?;
        approved += done.approved;
        transfers += done.transfers.len();
        orders.extend(done.orders);
    }
    orders.sort_unstable();
    orders.dedup();
    database.seal_trail(company)?;
    println!(
        "{approved} proposals are lines of {} draft orders and {transfers} planned transfers",
        orders.len()
    );
    Ok(ExitCode::SUCCESS)
}

/// What items lack; exit 1 when one lacks something.
fn readiness(args: &DatabaseArgs, asked: &PlanListArgs) -> Result<ExitCode, Failure> {
    let database = place::open(args)?;
    let company = place::company(&database, asked.company.as_deref())?;
    let lines = database.read(move |tx| {
        let ctx = place::operator(tx, company)?;
        let mut filter = ReadinessFilter::default();
        let mut lines = Vec::new();
        loop {
            let page = planning::readiness(tx, &ctx, &filter).map_err(refused)?;
            lines.extend(page.lines);
            filter.cursor = page.next_cursor;
            if filter.cursor.is_none() {
                return Ok::<_, Failure>(lines);
            }
        }
    })?;
    let lacking = lines.iter().filter(|line| !line.ready).count();
    if asked.json {
        print(&json!(lines))?;
    } else {
        for line in lines.iter().filter(|line| !line.ready) {
            let gaps: Vec<String> =
                line.missing.iter().map(|gap| format!("{} ({})", gap.what, gap.owner)).collect();
            println!("{}: {}", line.sku, gaps.join(", "));
        }
        println!("{} items, {lacking} not ready", lines.len());
    }
    Ok(if lacking == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn print(value: &Value) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(value).map_err(|error| Failure(error.to_string()))?;
    println!("{text}");
    Ok(())
}
