// The lists of the books.
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { list, type Row } from "../api/client";
import { columnsOf } from "../house/columns";
import { FilesButton } from "../house/FilesButton";
import { ListPage } from "../house/ListPage";
import { Way } from "../house/Way";
import { useMay } from "../session";
import { useWords } from "../words";
import { EnterByHand } from "./master/BookForms";

const balance = columnsOf<Row<"/api/v1/trial-balance">>();

export function TrialBalance() {
  return (
    <ListPage
      path="/api/v1/trial-balance"
      title="page.trialBalance"
      rowKey={(row) => row.account_id}
      open={(row) => `/books/ledger?account_id=${row.account_id}`}
      whole
      filters={[{ name: "as_of", word: "f.to", kind: "day" }]}
      columns={[
        balance.text("f.account", (row) => row.code, { lead: true }),
        balance.text("f.name", (row) => row.name),
        balance.state("f.kind", (row) => row.kind),
        balance.money("f.debit", (row) => row.debit),
        balance.money("f.credit", (row) => row.credit),
        balance.ledger("f.balance", (row) => row.balance),
      ]}
    />
  );
}

const entry = columnsOf<Row<"/api/v1/entries">>();

export function Journal() {
  const enters = useMay()("accounting.enter");
  return (
    <ListPage
      path="/api/v1/entries"
      title="page.journal"
      actions={enters && <EnterByHand />}
      rowKey={(row) => row.entry_id}
      records={{ under: "/books/journal", id: "entry_id" }}
      filters={[
        { name: "from", word: "f.from", kind: "day" },
        { name: "through", word: "f.to", kind: "day" },
        { name: "account_id", word: "f.account", kind: "text" },
        { name: "late_only", word: "f.lateOnly", kind: "yes" },
      ]}
      columns={[
        entry.text("f.number", (row) => row.number, { lead: true }),
        entry.day("f.postedOn", (row) => row.posted_on),
        entry.day("f.day", (row) => row.happened_on),
        entry.text("f.kind", (row) => row.kind.replaceAll("_", " ")),
        entry.text("f.area", (row) => row.area),
        entry.text("f.memo", (row) => row.memo),
        entry.money("f.total", (row) => row.total),
      ]}
    />
  );
}

const ledger = columnsOf<Row<"/api/v1/account-ledger">>();

/** The lines of one account, each with the balance after it. */
export function Ledger() {
  const { account_id } = useSearch({ strict: false }) as { account_id?: string };
  const { data } = useQuery({
    queryKey: ["list", "/api/v1/accounts", {}],
    queryFn: () => list("/api/v1/accounts", {}),
  });
  const account = data?.lines.find((one) => one.account_id === account_id);
  return (
    <ListPage
      path="/api/v1/account-ledger"
      title="page.ledger"
      subject={account && `${account.code} ${account.name}`}
      rowKey={(row) => `${row.entry_id}/${row.line}`}
      records={{ under: "/books/journal", id: "entry_id" }}
      filters={[
        { name: "from", word: "f.from", kind: "day" },
        { name: "through", word: "f.to", kind: "day" },
      ]}
      columns={[
        ledger.text("f.number", (row) => row.number, { lead: true }),
        ledger.day("f.postedOn", (row) => row.posted_on),
        ledger.day("f.day", (row) => row.happened_on, { hidden: true }),
        ledger.text("f.source", (row) => row.source_kind.replaceAll("_", " ")),
        ledger.text("f.memo", (row) => row.memo),
        ledger.money("f.debit", (row) => row.debit),
        ledger.money("f.credit", (row) => row.credit),
        ledger.ledger("f.balance", (row) => row.balance),
      ]}
    />
  );
}

const locked = columnsOf<Row<"/api/v1/locked-periods">>();
const AREAS = ["all", "sales", "purchasing", "stock", "tax"] as const;

export function Locks() {
  return (
    <ListPage
      path="/api/v1/locked-periods"
      title="page.locks"
      rowKey={(row) => `${row.area}-${row.revision}`}
      filters={[{ name: "area", word: "f.area", kind: AREAS, front: true }]}
      columns={[
        locked.state("f.area", (row) => row.area),
        locked.day("close.through", (row) => row.through),
        locked.state("f.kind", (row) => (row.hard ? "hard" : "soft")),
        locked.state("f.state", (row) => (row.lifted ? "lifted" : "locked")),
        locked.moment("f.doneAt", (row) => row.locked_at),
        locked.text("f.doneBy", (row) => row.locked_by),
        locked.text("close.seal", (row) => row.hash, { hidden: true }),
      ]}
    />
  );
}

const value = columnsOf<Row<"/api/v1/stock-value">>();
const CLASSES = ["normal", "quarantine", "transit", "consigned"] as const;

export function StockValue() {
  return (
    <ListPage
      path="/api/v1/stock-value"
      title="page.stockValue"
      rowKey={(row) => `${row.item_id}-${row.class}`}
      records={{ under: "/stock/items", id: "item_id" }}
      whole
      filters={[
        { name: "on", word: "f.day", kind: "day", front: true },
        { name: "sku", word: "f.sku", kind: "text", front: true },
        { name: "class", word: "f.class", kind: CLASSES },
      ]}
      columns={[
        value.text("f.sku", (row) => row.sku, { lead: true }),
        value.text("f.name", (row) => row.name),
        value.state("f.class", (row) => row.class),
        value.quantity("f.quantity", (row) => row.quantity),
        value.money("f.value", (row) => row.value),
      ]}
    />
  );
}

const payment = columnsOf<Row<"/api/v1/payments">>();
const KINDS = [
  "capture",
  "refund",
  "receive_payment",
  "pay",
  "pay_deposit",
  "apply_deposit",
  "payout",
  "book_fee",
] as const;

export function Payments() {
  const say = useWords();
  const may = useMay();
  return (
    <ListPage
      path="/api/v1/payments"
      title="page.payments"
      rowKey={(row) => row.payment_id}
      records={{ under: "/books/payments", id: "payment_id" }}
      actions={
        <>
          {may("payments.receive") && (
            <Button component={Way} to="/books/payments/receive">
              {say("page.receivePayment")}
            </Button>
          )}
          {may("payments.pay") && (
            <Button component={Way} to="/books/payments/pay">
              {say("page.paySupplier")}
            </Button>
          )}
        </>
      }
      filters={[
        { name: "kind", word: "f.kind", kind: KINDS, front: true },
        { name: "reference", word: "f.paymentReference", kind: "text", front: true },
        { name: "from", word: "f.from", kind: "day" },
        { name: "through", word: "f.to", kind: "day" },
      ]}
      columns={[
        payment.text("f.number", (row) => row.number, { lead: true }),
        payment.day("f.day", (row) => row.happened_on),
        payment.state("f.kind", (row) => row.kind),
        payment.text("f.partner", (row) => row.partner_name),
        payment.text("f.paymentReference", (row) => row.reference),
        payment.text("f.memo", (row) => row.memo),
        payment.money("f.amount", (row) => row.amount),
        payment.yesNo("payment.reversed", (row) => Boolean(row.reversed_by)),
        payment.node("record.files", (row) => (
          <FilesButton kind="payment" id={row.payment_id} name={row.number} />
        )),
      ]}
    />
  );
}
