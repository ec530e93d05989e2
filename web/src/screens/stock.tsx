// The lists of stock.
import type { Row } from "../api/client";
import { columnsOf } from "../house/columns";
import { ListPage } from "../house/ListPage";
import { useMay } from "../session";
import { CreateItem } from "./master/ItemForms";

const item = columnsOf<Row<"/api/v1/items">>();

export function Items() {
  const edits = useMay()("catalog.edit");
  return (
    <ListPage
      path="/api/v1/items"
      title="page.items"
      actions={edits && <CreateItem />}
      rowKey={(row) => row.item_id}
      records={{ under: "/stock/items", id: "item_id" }}
      filters={[
        { name: "text", word: "f.text", kind: "text", front: true },
        { name: "kind", word: "f.kind", kind: ["goods", "service", "kit"], front: true },
        { name: "active", word: "f.active", kind: "yes", front: true },
        { name: "category", word: "f.category", kind: "text" },
      ]}
      columns={[
        item.text("f.sku", (row) => row.sku, { lead: true, sort: "sku" }),
        item.text("f.name", (row) => row.name, { sort: "name" }),
        item.state("f.kind", (row) => row.kind),
        item.text("f.category", (row) => row.category),
        item.text("f.stockUnit", (row) => row.stock_unit),
        item.price("f.listPrice", (row) => row.list_price),
        item.yesNo("f.active", (row) => row.active),
      ]}
    />
  );
}

const line = columnsOf<Row<"/api/v1/stock">>();
const CLASSES = ["normal", "quarantine", "transit", "consigned"] as const;

export function Places() {
  return (
    <ListPage
      path="/api/v1/stock"
      title="page.stock"
      rowKey={(row) => `${row.sku}-${row.place}-${row.lot ?? ""}`}
      filters={[
        { name: "sku", word: "f.sku", kind: "text", front: true },
        { name: "warehouse", word: "f.warehouse", kind: "text", front: true },
        { name: "class", word: "f.class", kind: CLASSES, front: true },
      ]}
      columns={[
        line.text("f.sku", (row) => row.sku),
        line.text("f.name", (row) => row.name),
        line.text("f.place", (row) => row.place),
        line.text("f.lot", (row) => row.lot),
        line.state("f.class", (row) => row.class),
        line.quantity("f.onHand", (row) => row.on_hand),
        line.quantity("f.reserved", (row) => row.reserved),
        line.day("f.since", (row) => row.since),
      ]}
    />
  );
}

const move = columnsOf<Row<"/api/v1/movements">>();

export function Movements() {
  return (
    <ListPage
      path="/api/v1/movements"
      title="page.movements"
      rowKey={(row) => row.move_id}
      filters={[
        { name: "sku", word: "f.sku", kind: "text", front: true },
        { name: "from_day", word: "f.from", kind: "day" },
        { name: "to_day", word: "f.to", kind: "day" },
      ]}
      columns={[
        move.moment("f.postedOn", (row) => row.recorded_at),
        move.day("f.day", (row) => row.happened_on, { hidden: true }),
        move.text("f.sku", (row) => row.sku),
        move.text("f.fromPlace", (row) => row.from),
        move.text("f.toPlace", (row) => row.to),
        move.text("f.lot", (row) => row.lot, { hidden: true }),
        move.quantity("f.quantity", (row) => row.quantity),
        move.price("f.unitCost", (row) => row.unit_cost),
        move.money("f.value", (row) => row.value),
        move.text("f.source", (row) => row.source_kind.replaceAll("_", " ")),
      ]}
    />
  );
}

const inspection = columnsOf<Row<"/api/v1/inspections">>();

export function Inspections() {
  return (
    <ListPage
      path="/api/v1/inspections"
      title="page.inspections"
      rowKey={(row) => `${row.inspection_id}/${row.line}`}
      filters={[
        { name: "sku", word: "f.sku", kind: "text", front: true },
        { name: "result", word: "f.result", kind: ["pass", "fail", "gone"], front: true },
        { name: "supplier", word: "f.supplier", kind: "text" },
      ]}
      columns={[
        inspection.text("f.number", (row) => row.number),
        inspection.day("f.day", (row) => row.inspected_on),
        inspection.text("f.receipt", (row) => row.receipt_number),
        inspection.text("f.sku", (row) => row.sku, { lead: true }),
        inspection.text("f.supplier", (row) => row.supplier),
        inspection.state("f.result", (row) => row.result),
        inspection.quantity("f.quantity", (row) => row.quantity),
        inspection.state("f.outcome", (row) => row.disposition),
        inspection.text("f.reason", (row) => row.reason),
        inspection.count("f.days", (row) => row.took_days),
        inspection.money("f.value", (row) => row.value),
      ]}
    />
  );
}
