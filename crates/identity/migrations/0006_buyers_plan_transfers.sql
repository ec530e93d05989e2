-- Who agrees to what replenishment proposes plans its transfers, too; companies made since have it from
-- the beginning.
insert into identity_role_pattern (company_id, role_id, pattern)
select r.company_id, r.id, 'stock.plan_transfer' from identity_role as r
where r.built_in = 1 and r.name in ('buyer', 'buyer_lead', 'leader')
    and not exists (select 1 from identity_role_pattern as p where p.company_id = r.company_id
        and p.role_id = r.id and p.pattern = 'stock.plan_transfer');
