// The lists of buying.
import { Button, Group } from "@mantine/core";
import type { Row } from "../api/client";
import { columnsOf } from "../house/columns";
import { ListPage } from "../house/ListPage";
import { Way } from "../house/Way";
import { useMay } from "../session";
import { stateWord, useWords } from "../words";
import { OpenClaim } from "./OpenClaim";
import { ReturnGoods } from "./ReturnGoods";

const ORDER_STATES = [
  "draft",
  "to_approve",
  "approved",
  "sent",
  "acknowledged",
  "closed",
  "cancelled",
] as const;

const order = columnsOf<Row<"/api/v1/purchase-orders">>();

export function PurchaseOrders() {
  const say = useWords();
  const may = useMay();
  return (
    <ListPage
      path="/api/v1/purchase-orders"
      title="page.purchaseOrders"
      rowKey={(row) => row.order_id}
      records={{ under: "/buying/orders", id: "order_id" }}
      actions={
        may("purchasing.order") && (
          <Button component={Way} to="/buying/orders/new">
            {say("page.newPurchaseOrder")}
          </Button>
        )
      }
      filters={[
        { name: "supplier", word: "f.supplier", kind: "text", front: true },
        { name: "state", word: "f.state", kind: ORDER_STATES, front: true },
        { name: "open", word: "f.open", kind: "yes", front: true },
        { name: "late", word: "f.late", kind: "yes", front: true },
        { name: "from_day", word: "f.from", kind: "day" },
        { name: "to_day", word: "f.to", kind: "day" },
        { name: "client_ref_prefix", word: "f.reference", kind: "text" },
      ]}
      empty={{ title: "empty.purchaseOrders", text: "empty.purchaseOrdersText" }}
      columns={[
        order.text("f.number", (row) => row.number, { lead: true }),
        order.text("f.supplier", (row) => row.supplier_name),
        order.state("f.state", (row) => row.state),
        order.day("f.orderedOn", (row) => row.ordered_on),
        order.day("f.nextDue", (row) => row.next_due),
        order.state("f.received", (row) => row.received),
        order.state("f.billed", (row) => row.billed),
        order.text("f.warehouse", (row) => row.warehouse, { hidden: true }),
        order.text("f.reference", (row) => row.client_ref, { hidden: true }),
        order.money("f.total", (row) => row.total),
      ]}
    />
  );
}

const receipt = columnsOf<Row<"/api/v1/receipts">>();

/** What may be done with a receipt's goods: what was refused never came. */
function ReceiptActs({ of }: { of: Row<"/api/v1/receipts"> }) {
  const may = useMay();
  const came = of.lines.filter((line) => line.outcome !== "refused");
  if (came.length === 0) return null;
  return (
    <Group gap={6} wrap="nowrap">
      {may("purchasing.return") && (
        <ReturnGoods
          inLine
          order_id={of.order_id}
          goods={came.map(({ line, sku, quantity, stock_unit, lot, place }) => ({
            line,
            sku,
            came: quantity,
            unit: stock_unit,
            lot,
            place,
          }))}
        />
      )}
      {may("quality.claim") && (
        <OpenClaim
          receipt_id={of.receipt_id}
          goods={came.map(({ receipt_line, sku, quantity }) => ({
            line: receipt_line,
            sku,
            quantity,
          }))}
        />
      )}
    </Group>
  );
}

export function Receipts() {
  return (
    <ListPage
      path="/api/v1/receipts"
      title="page.receipts"
      rowKey={(row) => row.receipt_id}
      records={{ under: "/buying/orders", id: "order_id" }}
      filters={[
        { name: "supplier", word: "f.supplier", kind: "text", front: true },
        { name: "from_day", word: "f.from", kind: "day" },
        { name: "to_day", word: "f.to", kind: "day" },
      ]}
      columns={[
        receipt.text("f.number", (row) => row.number),
        receipt.text("f.order", (row) => row.order_number, { lead: true }),
        receipt.text("f.supplier", (row) => row.supplier),
        receipt.day("f.received", (row) => row.received_on),
        receipt.text("f.delivery", (row) => row.delivery_note),
        receipt.count("f.lines", (row) => row.lines.length),
        receipt.money("f.value", (row) => row.value),
        receipt.node("f.action", (row) => <ReceiptActs of={row} />),
      ]}
    />
  );
}

const unmatched = columnsOf<Row<"/api/v1/grni">>();

export function Grni() {
  return (
    <ListPage
      path="/api/v1/grni"
      title="page.grni"
      rowKey={(row) => `${row.line_id}-${row.role}`}
      records={{ under: "/buying/orders", id: "order_id" }}
      columns={[
        unmatched.text("f.order", (row) => row.order, { lead: true }),
        unmatched.count("f.line", (row) => row.line),
        unmatched.text("f.supplier", (row) => row.supplier),
        unmatched.text("f.sku", (row) => row.sku),
        unmatched.day("f.since", (row) => row.opened_on),
        unmatched.quantity("f.notBilled", (row) => row.not_billed),
        unmatched.money("f.amount", (row) => row.amount),
      ]}
    />
  );
}

const offer = columnsOf<Row<"/api/v1/offers">>();

export function Offers() {
  return (
    <ListPage
      path="/api/v1/offers"
      title="page.offers"
      rowKey={(row) => row.offer_id}
      filters={[
        { name: "supplier", word: "f.supplier", kind: "text", front: true },
        { name: "sku", word: "f.sku", kind: "text", front: true },
      ]}
      columns={[
        offer.text("f.sku", (row) => row.sku),
        offer.text("f.supplier", (row) => row.supplier),
        offer.quantity("f.minQuantity", (row) => row.min_quantity),
        offer.quantity("f.multiple", (row) => row.multiple),
        offer.text("f.unit", (row) => row.unit),
        offer.price("f.price", (row) => row.price),
        offer.text("f.currency", (row) => row.currency),
        offer.percent("f.discount", (row) => row.discount),
        offer.count("f.leadDays", (row) => row.lead_days),
        offer.day("f.from", (row) => row.from_on),
        offer.day("f.to", (row) => row.to_on),
      ]}
    />
  );
}

const ready = columnsOf<Row<"/api/v1/readiness">>();

export function ReadinessList() {
  const say = useWords();
  return (
    <ListPage
      path="/api/v1/readiness"
      title="page.readiness"
      rowKey={(row) => row.item_id}
      records={{ under: "/stock/items", id: "item_id" }}
      filters={[{ name: "sku", word: "f.sku", kind: "text", front: true }]}
      columns={[
        ready.text("f.sku", (row) => row.sku, { lead: true }),
        ready.text("f.name", (row) => row.name),
        ready.yesNo("f.ready", (row) => row.ready),
        ready.text("f.missing", (row) =>
          row.missing.map((gap) => stateWord(say, gap.what)).join(", "),
        ),
      ]}
    />
  );
}
