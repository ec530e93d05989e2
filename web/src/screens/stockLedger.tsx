// Stock against the ledger: by account or warehouse, by the days that changed it, and by item.
import type { ReactNode } from "react";
import type { Row } from "../api/client";
import { Money } from "../house/cells";
import { columnsOf } from "../house/columns";
import { ListPage } from "../house/ListPage";
import { Way } from "../house/Way";
import { useDrill } from "./drill";

type StockLedgerRow = Row<"/api/v1/reports/stock-ledger">;
type StockLedgerDay = Row<"/api/v1/reports/stock-ledger/days">;

const CLASSES = ["normal", "quarantine", "transit"] as const;

function To({ to, children }: { to: string; children: ReactNode }) {
  return (
    <Way to={to} className="plain-link">
      {children}
    </Way>
  );
}

const against = columnsOf<StockLedgerRow>();

/** What each account of stock should have, and has. */
export function StockLedger() {
  const items = useDrill("/books/stock-ledger/lines");
  const ledger = ({ account_id, on }: StockLedgerRow) =>
    `/books/ledger?account_id=${account_id}&through=${on}`;
  const days = ({ class: own, on, differs_since }: StockLedgerRow) =>
    `/books/stock-ledger/days?${new URLSearchParams({
      class: own,
      to_day: on,
      differing: "true",
      ...(differs_since && { from_day: differs_since }),
    })}`;
  return (
    <ListPage
      path="/api/v1/reports/stock-ledger"
      title="page.stockLedger"
      rowKey={(row) => `${row.account_id}-${row.warehouse}`}
      open={({ class: own, warehouse, on }) => items({ class: own, warehouse, on })}
      whole
      filters={[
        { name: "on", word: "f.day", kind: "day", front: true },
        { name: "by", word: "f.by", kind: ["account", "warehouse"], front: true },
      ]}
      columns={[
        against.text("f.account", (row) => `${row.code} ${row.name}`, { lead: true }),
        against.state("f.class", (row) => row.class),
        against.text("f.warehouse", (row) => row.warehouse),
        against.money("f.stockValue", (row) => row.value),
        {
          word: "f.ledgerBalance",
          right: true,
          show: (row) =>
            row.ledger && (
              <To to={ledger(row)}>
                <Money of={row.ledger} ledger />
              </To>
            ),
        },
        {
          word: "f.difference",
          right: true,
          show: (row) =>
            row.difference && (
              <To to={days(row)}>
                <Money of={row.difference} />
              </To>
            ),
        },
        against.day("f.differsSince", (row) => row.differs_since),
      ]}
    />
  );
}

const daily = columnsOf<StockLedgerDay>();

/** How each day changed value and ledger: where a difference came in. */
export function StockLedgerDays() {
  return (
    <ListPage
      path="/api/v1/reports/stock-ledger/days"
      title="page.stockLedgerDays"
      rowKey={(row) => `${row.day}-${row.account_id}`}
      open={({ account_id, day }) =>
        `/books/ledger?${new URLSearchParams({ account_id, from: day, through: day })}`
      }
      filters={[
        { name: "class", word: "f.class", kind: CLASSES, front: true },
        { name: "differing", word: "f.differingOnly", kind: "yes", front: true },
        { name: "from_day", word: "f.from", kind: "day" },
        { name: "to_day", word: "f.to", kind: "day" },
      ]}
      empty={{ title: "empty.stockLedgerDays", text: "help.stockLedgerDays" }}
      columns={[
        daily.day("f.day", (row) => row.day, { lead: true }),
        daily.text("f.account", (row) => `${row.code} ${row.name}`),
        daily.money("f.valueChange", (row) => row.value_change),
        daily.ledger("f.ledgerChange", (row) => row.ledger_change),
        daily.money("f.changeDifference", (row) => row.change_difference),
        daily.money("f.stockValue", (row) => row.value),
        daily.ledger("f.ledgerBalance", (row) => row.ledger),
        daily.money("f.difference", (row) => row.difference),
      ]}
    />
  );
}

const line = columnsOf<Row<"/api/v1/reports/stock-ledger/lines">>();

/** What the value is made of, item by item. */
export function StockLedgerLines() {
  return (
    <ListPage
      path="/api/v1/reports/stock-ledger/lines"
      title="page.stockLedgerLines"
      rowKey={(row) => `${row.item_id}-${row.warehouse}-${row.class}`}
      records={{ under: "/stock/items", id: "item_id" }}
      filters={[
        { name: "on", word: "f.day", kind: "day", front: true },
        { name: "class", word: "f.class", kind: CLASSES, front: true },
        { name: "warehouse", word: "f.warehouse", kind: "text", front: true },
        { name: "sku", word: "f.sku", kind: "text", front: true },
      ]}
      columns={[
        line.text("f.sku", (row) => row.sku, { lead: true }),
        line.text("f.name", (row) => row.name),
        line.text("f.warehouse", (row) => row.warehouse),
        line.state("f.class", (row) => row.class),
        line.quantity("f.quantity", (row) => row.quantity),
        line.money("f.value", (row) => row.value),
      ]}
    />
  );
}
