// Tax codes with their rates, and exchange rates: each holds from a day on.
import type { Row } from "../api/client";
import { columnsOf } from "../house/columns";
import { ListPage } from "../house/ListPage";
import { useMay } from "../session";
import { DefineTaxCode, SetExchangeRate, SetTaxRate, TAX_KINDS } from "./master/RateForms";

const code = columnsOf<Row<"/api/v1/tax-codes">>();

export function TaxCodes() {
  const defines = useMay()("accounting.define_tax_code");
  return (
    <ListPage
      path="/api/v1/tax-codes"
      title="page.taxCodes"
      actions={defines && <DefineTaxCode />}
      rowKey={(row) => row.tax_code_id}
      open={(row) => `/data/tax-rates?code=${encodeURIComponent(row.code)}`}
      filters={[
        { name: "kind", word: "f.kind", kind: TAX_KINDS, front: true },
        { name: "in_force", word: "f.inForce", kind: "yes", front: true },
        { name: "on", word: "f.day", kind: "day" },
        { name: "code", word: "f.code", kind: "text" },
      ]}
      columns={[
        code.text("f.code", (row) => row.code, { lead: true, sort: "code" }),
        code.text("f.name", (row) => row.name, { sort: "name" }),
        code.state("f.kind", (row) => row.kind),
        code.percent("f.taxRate", (row) => row.rate),
        code.day("f.since", (row) => row.from),
        code.percent("f.nextRate", (row) => row.next_rate),
        code.day("f.nextFrom", (row) => row.next_from),
        code.percent("f.recoverable", (row) => row.recoverable),
        code.node("f.action", (row) => (defines ? <SetTaxRate code={row.code} /> : null)),
      ]}
    />
  );
}

const rate = columnsOf<Row<"/api/v1/tax-rates">>();

/** Every rate of tax codes, those to come among them. */
export function TaxRates() {
  return (
    <ListPage
      path="/api/v1/tax-rates"
      title="page.taxRates"
      rowKey={(row) => `${row.tax_code_id}-${row.from}`}
      filters={[
        { name: "code", word: "f.code", kind: "text", front: true },
        { name: "on", word: "f.day", kind: "day", front: true },
        { name: "kind", word: "f.kind", kind: TAX_KINDS },
        { name: "from", word: "f.beginsFrom", kind: "day" },
        { name: "through", word: "f.beginsTo", kind: "day" },
      ]}
      columns={[
        rate.text("f.code", (row) => row.code, { sort: "code" }),
        rate.text("f.name", (row) => row.name),
        rate.state("f.kind", (row) => row.kind),
        rate.percent("f.taxRate", (row) => row.rate),
        rate.day("f.from", (row) => row.from, { sort: "newest" }),
        rate.day("f.to", (row) => row.through),
      ]}
    />
  );
}

const exchange = columnsOf<Row<"/api/v1/exchange-rates">>();

export function ExchangeRates() {
  const sets = useMay()("accounting.set_rate");
  return (
    <ListPage
      path="/api/v1/exchange-rates"
      title="page.exchangeRates"
      actions={sets && <SetExchangeRate />}
      rowKey={(row) => `${row.currency}-${row.from}`}
      filters={[
        { name: "currency", word: "f.currency", kind: "text", front: true },
        { name: "on", word: "f.day", kind: "day", front: true },
        { name: "from", word: "f.beginsFrom", kind: "day" },
        { name: "through", word: "f.beginsTo", kind: "day" },
      ]}
      columns={[
        exchange.text("f.currency", (row) => row.currency, { sort: "currency" }),
        exchange.rate("f.exchangeRate", (row) => row.rate),
        exchange.text("f.worthIn", (row) => row.worth_in),
        exchange.day("f.from", (row) => row.from, { sort: "newest" }),
        exchange.day("f.to", (row) => row.through),
        exchange.text("f.source", (row) => row.source),
        exchange.node("f.action", (row) =>
          sets ? <SetExchangeRate currency={row.currency} /> : null,
        ),
      ]}
    />
  );
}
