// An item: what there is of it, what is coming and going, and how it moved.
import { Group, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { list, type Row, record } from "../api/client";
import { Price, YesNo } from "../house/cells";
import { columnsOf } from "../house/columns";
import { LineTable } from "../house/LineTable";
import { LabelsButton } from "../house/Pdf";
import { RecordPage, type Tab } from "../house/RecordPage";
import { useMay } from "../session";
import { AdjustStock } from "./AdjustStock";
import { ChangeCost, ChangeMethod } from "./master/CostForms";
import { Codes, Components } from "./master/ItemCodes";
import { AmendItem, RetireItem } from "./master/ItemForms";
import { Projection } from "./Projection";

const available = columnsOf<Row<"/api/v1/availability">>();
const place = columnsOf<Row<"/api/v1/stock">>();
const move = columnsOf<Row<"/api/v1/movements">>();
const offer = columnsOf<Row<"/api/v1/offers">>();

/** Lists of one item, each asked when its tab is opened. */
function useLines<T>(key: string, sku: string, ask: () => Promise<{ lines: T[] }>): T[] {
  return useQuery({ queryKey: ["item", key, sku], queryFn: ask }).data?.lines ?? [];
}

function Availability({ sku }: { sku: string }) {
  const rows = useLines("availability", sku, () => list("/api/v1/availability", { sku }));
  return (
    <LineTable
      rows={rows}
      rowKey={(row) => row.sku}
      columns={[
        available.quantity("f.onHand", (row) => row.on_hand),
        available.quantity("f.reserved", (row) => row.reserved),
        available.quantity("f.available", (row) => row.available),
        available.quantity("f.incoming", (row) => row.incoming),
        available.quantity("f.outgoing", (row) => row.outgoing),
        available.quantity("f.projected", (row) => row.projected),
      ]}
    />
  );
}

function Places({ sku }: { sku: string }) {
  const rows = useLines("places", sku, () => list("/api/v1/stock", { sku, limit: "200" }));
  return (
    <LineTable
      rows={rows}
      rowKey={(row) => `${row.place}-${row.lot ?? ""}`}
      columns={[
        place.text("f.place", (row) => row.place),
        place.text("f.lot", (row) => row.lot),
        place.state("f.class", (row) => row.class),
        place.quantity("f.onHand", (row) => row.on_hand),
        place.quantity("f.reserved", (row) => row.reserved),
        place.day("f.since", (row) => row.since),
      ]}
    />
  );
}

function Moves({ sku }: { sku: string }) {
  const rows = useLines("moves", sku, () => list("/api/v1/movements", { sku, limit: "100" }));
  return (
    <LineTable
      rows={rows}
      rowKey={(row) => row.move_id}
      columns={[
        move.moment("f.postedOn", (row) => row.recorded_at),
        move.text("f.fromPlace", (row) => row.from),
        move.text("f.toPlace", (row) => row.to),
        move.quantity("f.quantity", (row) => row.quantity),
        move.quantity("f.onHand", (row) => row.to_after),
        move.price("f.unitCost", (row) => row.unit_cost),
        move.money("f.value", (row) => row.value),
        move.text("f.source", (row) => row.source_kind.replaceAll("_", " ")),
      ]}
    />
  );
}

const cost = columnsOf<Row<"/api/v1/costing-methods">>();
const act = columnsOf<Row<"/api/v1/costs">>();

/** How it is valued, what it costs, and what changed that. */
function Costs({ sku }: { sku: string }) {
  const may = useMay();
  const [method] = useLines("method", sku, () => list("/api/v1/costing-methods", { sku }));
  const acts = useLines("costs", sku, () => list("/api/v1/costs", { sku, limit: "100" }));
  return (
    <Stack gap="sm">
      <LineTable
        rows={method ? [method] : []}
        rowKey={(row) => row.item_id}
        columns={[
          cost.state("costing.method", (row) => row.method),
          cost.day("f.since", (row) => row.since),
          cost.quantity("f.quantity", (row) => row.quantity),
          cost.price("f.unitCost", (row) => row.unit_cost),
          cost.money("f.value", (row) => row.value),
          cost.node("f.action", (row) => (
            <Group gap={6} wrap="nowrap">
              {may("valuation.revalue") && <ChangeCost item_id={row.item_id} sku={sku} inLine />}
              {may("valuation.change_method") && <ChangeMethod of={row} inLine />}
            </Group>
          )),
        ]}
      />
      <LineTable
        rows={acts}
        rowKey={(row) => row.layer_id}
        columns={[
          act.day("f.postedOn", (row) => row.posted_on),
          act.state("f.kind", (row) => row.kind),
          act.state("f.class", (row) => row.class),
          act.ledger("costing.inStock", (row) => row.value),
          act.ledger("costing.expensed", (row) => row.expensed),
          act.text("f.source", (row) => row.source_kind.replaceAll("_", " ")),
        ]}
      />
    </Stack>
  );
}

function Offers({ sku }: { sku: string }) {
  const rows = useLines("offers", sku, () => list("/api/v1/offers", { sku, limit: "100" }));
  return (
    <LineTable
      rows={rows}
      rowKey={(row) => row.offer_id}
      columns={[
        offer.text("f.supplier", (row) => row.supplier),
        offer.quantity("f.minQuantity", (row) => row.min_quantity),
        offer.quantity("f.multiple", (row) => row.multiple),
        offer.text("f.unit", (row) => row.unit),
        offer.price("f.price", (row) => row.price),
        offer.text("f.currency", (row) => row.currency),
        offer.count("f.leadDays", (row) => row.lead_days),
      ]}
    />
  );
}

export default function Item() {
  const { id } = useParams({ strict: false }) as { id: string };
  const may = useMay();
  const query = useQuery({
    queryKey: ["record", "item", id],
    queryFn: () => record("/api/v1/items/{id}", id),
  });
  const tabs = (sku: string, goods: boolean): Tab[] => [
    ...(goods && may("stock.read")
      ? ([
          { word: "f.available", body: <Availability sku={sku} /> },
          { word: "f.projected", body: <Projection sku={sku} /> },
          { word: "page.stock", body: <Places sku={sku} /> },
          { word: "page.movements", body: <Moves sku={sku} /> },
        ] satisfies Tab[])
      : []),
    ...(goods && may("valuation.read")
      ? ([{ word: "page.itemMethods", body: <Costs sku={sku} /> }] satisfies Tab[])
      : []),
    ...(may("purchasing.read")
      ? ([{ word: "page.offers", body: <Offers sku={sku} /> }] satisfies Tab[])
      : []),
  ];
  return (
    <RecordPage
      query={query}
      back="/stock/items"
      subjects={() => [["item", id]]}
      title={({ item }) => item.sku}
      under={({ item }) => item.name}
      state={({ item }) => item.kind}
      acts={({ item }) => (
        <>
          <LabelsButton path={`/items/${id}/label`} />
          {item.kind === "goods" && may("stock.adjust") && <AdjustStock sku={item.sku} />}
          {may("catalog.edit") && (
            <>
              <AmendItem of={item} />
              <RetireItem of={item} />
            </>
          )}
        </>
      )}
      facts={({ item, barcodes }) => [
        { word: "f.category", value: item.category },
        { word: "f.stockUnit", value: item.stock_unit },
        { word: "f.listPrice", value: <Price of={item.list_price} /> },
        { word: "f.tax", value: item.tax_code },
        { word: "f.code", value: barcodes.map(({ code }) => code).join(", ") },
        { word: "f.active", value: <YesNo of={item.active} /> },
      ]}
      tabs={(detail) => [
        ...tabs(detail.item.sku, detail.item.kind === "goods"),
        ...(detail.item.kind === "kit"
          ? ([{ word: "master.components", body: <Components of={detail} /> }] as const)
          : []),
        { word: "master.codes", body: <Codes of={detail} /> },
      ]}
    />
  );
}
