//! Tax codes, their rates and exchange rates as readers get them.

/// Tax codes with the rate that they have on a day and the one that they have next, and the
/// beginning of their filters.
macro_rules! tax_codes {
    () => {
        "select c.id, c.code, c.name, c.kind, c.recoverable, r.rate, r.from_day,
            n.rate as next_rate, n.from_day as next_day
        from accounting_tax_code as c
        left join accounting_tax_rate as r on r.company_id = c.company_id and r.tax_code_id = c.id
            and r.from_day = (select max(x.from_day) from accounting_tax_rate as x
                where x.company_id = c.company_id and x.tax_code_id = c.id
                    and x.from_day <= cast($2 as {text}))
        left join accounting_tax_rate as n on n.company_id = c.company_id and n.tax_code_id = c.id
            and n.from_day = (select min(y.from_day) from accounting_tax_rate as y
                where y.company_id = c.company_id and y.tax_code_id = c.id
                    and y.from_day > cast($2 as {text}))
        where c.company_id = $1
            and (cast($3 as {text}) is null or c.code = cast($3 as {text}))
            and (cast($4 as {text}) is null or c.kind = cast($4 as {text}))
            and (cast($5 as {i64}) is null
                or case when r.from_day is null then 0 else 1 end = cast($5 as {i64}))"
    };
}

/// Rates of tax codes with the day on which the next one begins, and their filters.
macro_rules! tax_rates {
    () => {
        "select c.id, c.code, c.name, c.kind, r.rate, r.from_day,
            (select min(x.from_day) from accounting_tax_rate as x
             where x.company_id = r.company_id and x.tax_code_id = r.tax_code_id
                and x.from_day > r.from_day) as next_day
        from accounting_tax_code as c
        join accounting_tax_rate as r on r.company_id = c.company_id and r.tax_code_id = c.id
        where c.company_id = $1
            and (cast($2 as {text}) is null or c.code = cast($2 as {text}))
            and (cast($3 as {text}) is null or c.kind = cast($3 as {text}))
            and (cast($4 as {text}) is null or r.from_day >= cast($4 as {text}))
            and (cast($5 as {text}) is null or r.from_day <= cast($5 as {text}))
            and (cast($6 as {text}) is null or r.from_day = (select max(y.from_day)
                from accounting_tax_rate as y
                where y.company_id = r.company_id and y.tax_code_id = r.tax_code_id
                    and y.from_day <= cast($6 as {text})))"
    };
}

/// Exchange rates with the day on which the next one begins, and their filters.
macro_rules! exchange_rates {
    () => {
        "select r.currency, r.rate, r.from_day,
            (select min(x.from_day) from accounting_rate as x
             where x.company_id = r.company_id and x.currency = r.currency
                and x.from_day > r.from_day) as next_day, r.source
        from accounting_rate as r
        where r.company_id = $1
            and (cast($2 as {text}) is null or r.currency = cast($2 as {text}))
            and (cast($3 as {text}) is null or r.from_day >= cast($3 as {text}))
            and (cast($4 as {text}) is null or r.from_day <= cast($4 as {text}))
            and (cast($5 as {text}) is null or r.from_day = (select max(y.from_day)
                from accounting_rate as y
                where y.company_id = r.company_id and y.currency = r.currency
                    and y.from_day <= cast($5 as {text})))"
    };
}

store::statements! {
    /// A page of tax codes by code.
    LIST_TAX_CODES_BY_CODE = concat!(tax_codes!(),
        " and (c.code, c.id) > (cast($6 as {text}), cast($7 as {i64}))
        order by c.code, c.id limit cast($8 as {i64})");

    /// A page of tax codes by name.
    LIST_TAX_CODES_BY_NAME = concat!(tax_codes!(),
        " and (c.name, c.id) > (cast($6 as {text}), cast($7 as {i64}))
        order by c.name, c.id limit cast($8 as {i64})");

    /// A page of rates of tax codes by code, newest first.
    TAX_RATES_BY_CODE = concat!(tax_rates!(),
        " and (c.code > cast($7 as {text})
            or (c.code = cast($7 as {text}) and r.from_day < cast($8 as {text})))
        order by c.code, r.from_day desc limit cast($9 as {i64})");

    /// A page of rates of tax codes, newest first.
    TAX_RATES_NEWEST = concat!(tax_rates!(),
        " and (r.from_day < cast($8 as {text})
            or (r.from_day = cast($8 as {text}) and c.code > cast($7 as {text})))
        order by r.from_day desc, c.code limit cast($9 as {i64})");

    /// A page of exchange rates by currency, newest first.
    RATES_BY_CURRENCY = concat!(exchange_rates!(),
        " and (r.currency > cast($6 as {text})
            or (r.currency = cast($6 as {text}) and r.from_day < cast($7 as {text})))
        order by r.currency, r.from_day desc limit cast($8 as {i64})");

    /// A page of exchange rates, newest first.
    RATES_NEWEST = concat!(exchange_rates!(),
        " and (r.from_day < cast($7 as {text})
            or (r.from_day = cast($7 as {text}) and r.currency > cast($6 as {text})))
        order by r.from_day desc, r.currency limit cast($8 as {i64})");
}
