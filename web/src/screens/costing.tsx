// Costing methods by category and by item, and what changed costs without moving goods.
import type { Row } from "../api/client";
import { columnsOf } from "../house/columns";
import { ListPage } from "../house/ListPage";
import { useMay } from "../session";
import { ChangeCost, ChangeMethod, METHODS, SetCategoryMethod } from "./master/CostForms";

const category = columnsOf<Row<"/api/v1/costing-methods/categories">>();

export function CategoryMethods() {
  const sets = useMay()("valuation.set_method");
  return (
    <ListPage
      path="/api/v1/costing-methods/categories"
      title="page.categoryMethods"
      rowKey={(row) => row.category_id}
      open={(row) => `/books/costing-methods?category=${encodeURIComponent(row.code)}`}
      filters={[
        { name: "method", word: "costing.method", kind: METHODS, front: true },
        { name: "own", word: "costing.own", kind: "yes", front: true },
      ]}
      columns={[
        category.text("f.category", (row) => row.code, { lead: true, sort: "code" }),
        category.text("f.name", (row) => row.name, { sort: "name" }),
        category.state("costing.method", (row) => row.method),
        category.yesNo("costing.own", (row) => row.own),
        category.day("f.since", (row) => row.since),
        category.count("f.items", (row) => row.items),
        category.count("costing.others", (row) => row.others),
        category.node("f.action", (row) => (sets ? <SetCategoryMethod of={row} /> : null)),
      ]}
    />
  );
}

const item = columnsOf<Row<"/api/v1/costing-methods">>();

export function ItemMethods() {
  const may = useMay();
  return (
    <ListPage
      path="/api/v1/costing-methods"
      title="page.itemMethods"
      rowKey={(row) => row.item_id}
      records={{ under: "/stock/items", id: "item_id" }}
      filters={[
        { name: "sku", word: "f.sku", kind: "text", front: true },
        { name: "method", word: "costing.method", kind: METHODS, front: true },
        { name: "category", word: "f.category", kind: "text" },
      ]}
      columns={[
        item.text("f.sku", (row) => row.sku, { lead: true, sort: "sku" }),
        item.text("f.name", (row) => row.name, { sort: "name" }),
        item.text("f.category", (row) => row.category),
        item.state("costing.method", (row) => row.method),
        item.day("f.since", (row) => row.since),
        item.quantity("f.quantity", (row) => row.quantity),
        item.price("f.unitCost", (row) => row.unit_cost),
        item.money("f.value", (row) => row.value),
        item.price("costing.standard", (row) => row.standard, { hidden: true }),
        item.node("f.action", (row) => (
          <>
            {may("valuation.revalue") && <ChangeCost item_id={row.item_id} sku={row.sku} inLine />}
            {may("valuation.change_method") && <ChangeMethod of={row} inLine />}
          </>
        )),
      ]}
    />
  );
}

const act = columnsOf<Row<"/api/v1/costs">>();
const KINDS = ["revaluation", "method_change", "cost_correction", "landed_cost"] as const;

export function CostChanges() {
  return (
    <ListPage
      path="/api/v1/costs"
      title="page.costChanges"
      rowKey={(row) => row.layer_id}
      records={{ under: "/stock/items", id: "item_id" }}
      filters={[
        { name: "sku", word: "f.sku", kind: "text", front: true },
        { name: "kind", word: "f.kind", kind: KINDS, front: true },
        { name: "from", word: "f.from", kind: "day" },
        { name: "through", word: "f.to", kind: "day" },
      ]}
      columns={[
        act.text("f.sku", (row) => row.sku, { lead: true }),
        act.text("f.name", (row) => row.name),
        act.state("f.kind", (row) => row.kind),
        act.state("f.class", (row) => row.class),
        act.ledger("costing.inStock", (row) => row.value),
        act.ledger("costing.expensed", (row) => row.expensed),
        act.day("f.postedOn", (row) => row.posted_on, { sort: "newest" }),
        act.day("f.day", (row) => row.happened_on, { hidden: true }),
        act.text("f.source", (row) => row.source_kind.replaceAll("_", " ")),
      ]}
    />
  );
}
