-- Whose goods are inspected before they are stock: the rule that says most about item and supplier
-- holds, where 0 is any; where no rule does, the company's policy inspect_receipts.
create table purchasing_inspection_rule (
    company_id {i64} not null,
    item_id {i64} not null,
    partner_id {i64} not null,
    inspect {i64} not null constraint purchasing_inspection_rule_inspect check (inspect in (0, 1)),
    primary key (company_id, item_id, partner_id),
    constraint purchasing_inspection_rule_named check (item_id <> 0 or partner_id <> 0)
) {key_table};

-- Where goods go that were taken into quarantine, once they are found good; 0 of all others.
alter table purchasing_receipt_line add column inspect_to {i64} not null default 0;
create index purchasing_receipt_line_inspect on purchasing_receipt_line (company_id, id)
    where inspect_to <> 0;
