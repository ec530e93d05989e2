//! What must hold of rules and proposals, each told apart from the code that keeps it. That a live
//! proposal is replayed to its number is checked by
//! [`verify_proposals`](crate::verify_proposals()), which reckons.

store::checks! {
    /// A rule and an item without one have one live proposal; where a warehouse supplies, one for each
    /// day.
    ONE_LIVE = "an item has one live proposal at a place, or one for each day of transfers",
        "select item_id, place_id, needed_on, count(*) as proposals from planning_proposal
         where company_id = $1 and state in ('open', 'dismissed')
         group by item_id, place_id, needed_on having count(*) > 1
         union all
         select item_id, place_id, '', count(distinct source_warehouse_id) from planning_proposal
         where company_id = $1 and state in ('open', 'dismissed')
         group by item_id, place_id having count(distinct source_warehouse_id) > 1";

    /// What was approved is ordered: the line is there, of the same item, and as long as nobody
    /// changed the order since, of the same quantity.
    APPROVED_IS_ORDERED = "an approved proposal is a line of its order, with its item and quantity",
        "select p.id, p.became_id, p.became_line, p.approved_quantity, l.stock_quantity
         from planning_proposal as p
         left join purchasing_order as o on o.company_id = p.company_id and o.id = p.became_id
         left join purchasing_line as l on l.company_id = p.company_id
             and l.order_id = p.became_id and l.line = p.became_line
         where p.company_id = $1 and p.state = 'approved' and p.source_warehouse_id = 0
             and (l.id is null or l.item_id <> p.item_id or o.warehouse_id <> p.warehouse_id
                 or (o.revision = 1 and l.stock_quantity <> p.approved_quantity))";

    /// The same of transfers: from the source to the proposal's warehouse, and of the same quantity
    /// as long as nobody amended the transfer.
    APPROVED_IS_PLANNED = "an approved proposal is a line of its transfer, with its ends and item",
        "select p.id, p.became_id, p.became_line, p.approved_quantity, l.quantity
         from planning_proposal as p
         left join stock_transfer as t on t.company_id = p.company_id and t.id = p.became_id
         left join stock_transfer_line as l on l.company_id = p.company_id
             and l.transfer_id = p.became_id and l.line = p.became_line
         where p.company_id = $1 and p.state = 'approved' and p.source_warehouse_id <> 0
             and (l.id is null or l.item_id <> p.item_id
                 or t.from_warehouse_id <> p.source_warehouse_id
                 or t.to_warehouse_id <> p.warehouse_id
                 or (t.state = 'planned' and t.revision = 1
                     and l.quantity <> p.approved_quantity))";

    /// A line has one origin.
    ONE_ORIGIN = "a line of an order or transfer came of one proposal at most",
        "select source_warehouse_id, became_id, became_line, count(*) as proposals
         from planning_proposal where company_id = $1 and became_id <> 0
         group by source_warehouse_id, became_id, became_line having count(*) > 1";

    /// An item that goes from warehouse to warehouse begins at one where it is bought.
    NO_CIRCLE = "no warehouse is supplied with an item that it supplies, in however many steps",
        "with recursive way(item_id, first_id, at_id) as (
             select r.item_id, r.warehouse_id, r.source_warehouse_id from planning_rule as r
             where r.company_id = $1 and r.active = 1 and r.source_warehouse_id <> 0
             union
             select w.item_id, w.first_id, r.source_warehouse_id from way as w
             join planning_rule as r on r.company_id = $1 and r.item_id = w.item_id
                 and r.warehouse_id = w.at_id and r.active = 1 and r.source_warehouse_id <> 0)
         select w.item_id, w.first_id from way as w where w.first_id = w.at_id";

    /// The history has no hole, and the basis of what a proposal shows is in it.
    VERSIONS_WHOLE = "every version of a proposal is kept, with the basis of its figures",
        "select p.id, p.version, t.versions from planning_proposal as p
         left join (select v.proposal_id, count(*) as versions, max(v.version) as last
             from planning_version as v where v.company_id = $1 group by v.proposal_id) as t
             on t.proposal_id = p.id
         left join planning_version as b on b.company_id = p.company_id
             and b.proposal_id = p.id and b.version = p.basis_version
         where p.company_id = $1 and (t.versions is null or t.versions <> p.version
             or t.last <> p.version or b.version is null or b.basis = '')";

    /// Rules and proposals speak of the place's own warehouse.
    OF_THE_WAREHOUSE = "a rule's and a proposal's place lies in its warehouse",
        "select r.id, r.place_id, r.warehouse_id from planning_rule as r
         join stock_place as pl on pl.company_id = r.company_id and pl.id = r.place_id
         where r.company_id = $1 and pl.warehouse_id <> r.warehouse_id
         union all
         select p.id, p.place_id, p.warehouse_id from planning_proposal as p
         join stock_place as pl on pl.company_id = p.company_id and pl.id = p.place_id
         where p.company_id = $1 and pl.warehouse_id <> p.warehouse_id";
}
