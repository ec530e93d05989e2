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
}
