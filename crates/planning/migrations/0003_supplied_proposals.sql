-- The proposals that one supplier, or one warehouse, would supply are read a page at a time.
create index planning_proposal_supplied
    on planning_proposal (company_id, state, partner_id, source_warehouse_id, id);
