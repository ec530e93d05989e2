//! What must hold about partners, told apart from the code that keeps it so.

store::checks! {
    SUPPLIER_OR_CUSTOMER = "partners: a partner is a supplier, a customer or both",
        "select p.code from partners_partner as p
         where p.company_id = $1 and p.supplier + p.customer = 0";

    CONTACTS_COUNT_FROM_ONE = "partners: contacts and addresses are numbered from 1 without gaps",
        "select c.partner_id, count(*) as contacts, max(c.number) as last
         from partners_contact as c where c.company_id = $1
         group by c.partner_id having count(*) <> max(c.number)
         union all
         select a.partner_id, count(*) as contacts, max(a.number) as last
         from partners_address as a where a.company_id = $1
         group by a.partner_id having count(*) <> max(a.number)";

    ONE_BANK_CHANGE_WAITS = "partners: other bank details wait exactly as long as their approval does",
        "select b.partner_id, b.number from partners_bank_change as b
         where b.company_id = $1 and b.state = 'waiting'
             and not exists (select 1 from identity_approval as a
                 where a.company_id = b.company_id and a.kind = 'bank_details'
                     and a.subject_id = b.partner_id and a.revision = b.number
                     and a.state = 'waiting')
         union all
         select a.subject_id, a.revision from identity_approval as a
         where a.company_id = $1 and a.kind = 'bank_details' and a.state = 'waiting'
             and not exists (select 1 from partners_bank_change as b
                 where b.company_id = a.company_id and b.partner_id = a.subject_id
                     and b.number = a.revision and b.state = 'waiting')";

    LAST_BANK_CHANGE_HOLDS = "partners: a partner is paid on the account of its last change in force",
        "select p.code from partners_partner as p
         join partners_bank_change as b on b.company_id = p.company_id and b.partner_id = p.id
         where p.company_id = $1 and b.state = 'in_force' and b.after_account <> p.bank_account
             and not exists (select 1 from partners_bank_change as c
                 where c.company_id = b.company_id and c.partner_id = b.partner_id
                     and c.state = 'in_force' and c.number > b.number)";

    BANK_CHANGED_BY_TWO = "partners: bank details that were approved were approved by another person",
        "select b.partner_id, b.number from partners_bank_change as b
         where b.company_id = $1 and b.state = 'in_force' and b.decided_by <> 0
             and b.decided_by = b.requested_by";

    WORDS_OF_PARTNERS = "partners: a partner has each of its words once, and no other",
        "select coalesce(p.code, '') as code, w.word from partners_partner_word as w
         left join partners_partner as p on p.company_id = w.company_id and p.id = w.partner_id
         where w.company_id = $1
            and (p.id is null or replace(' ' || p.search || ' ', ' ' || w.word || ' ', '')
                = ' ' || p.search || ' ')
         union all
         select p.code, p.search as word from partners_partner as p
         left join (select v.partner_id, count(*) as words from partners_partner_word as v
                where v.company_id = $1 group by v.partner_id) as w on w.partner_id = p.id
         where p.company_id = $1 and coalesce(w.words, 0) <> case when p.search = '' then 0
            else length(p.search) - length(replace(p.search, ' ', '')) + 1 end";

    PARTS_OF_WORDS = "partners: a word is known from each of its letters on, down to the last two",
        "with kept as (
             select q.word, count(*) as parts,
                cast(sum(case when q.part = substr(q.word, length(q.word) - length(q.part) + 1)
                    then 1 else 0 end) as {i64}) as ends
             from partners_word_part as q where q.company_id = $1 group by q.word)
         select w.word, coalesce(k.parts, 0) as parts
         from (select distinct v.word from partners_partner_word as v where v.company_id = $1) as w
         left join kept as k on k.word = w.word
         where length(w.word) > 1
            and (coalesce(k.parts, 0) <> length(w.word) - 1 or k.ends <> k.parts)";

    IMPORTS_ARE_ROWS = "partners: an import has a row for each partner that it made or changed",
        "select m.id, m.created, m.changed, coalesce(r.made, 0) as made, coalesce(r.other, 0) as other
         from partners_import as m
         left join (select v.import_id,
                cast(sum(case when v.before = '' then 1 else 0 end) as {i64}) as made,
                cast(sum(case when v.before = '' then 0 else 1 end) as {i64}) as other
            from partners_import_row as v where v.company_id = $1 group by v.import_id) as r
            on r.import_id = m.id
         where m.company_id = $1
            and (m.created <> coalesce(r.made, 0) or m.changed <> coalesce(r.other, 0))";

    UNDONE_IS_RETIRED = "partners: what an import made that was taken back is retired, or was changed since",
        "select m.id, t.code, t.revision from partners_import as m
         join partners_import_row as r on r.company_id = m.company_id and r.import_id = m.id
         join partners_partner as t on t.company_id = r.company_id and t.id = r.partner_id
         where m.company_id = $1 and m.undone_at <> 0 and r.before = '' and t.active = 1
            and t.revision <= r.revision";
}
