// Reports about goods: how old they are, how often the books followed the shelf, how they turn over.
import { useSearch } from "@tanstack/react-router";
import type { Row } from "../api/client";
import { columnsOf } from "../house/columns";
import { ListPage } from "../house/ListPage";
import { stateWord, useFormats, useWords } from "../words";
import { useDrill } from "./drill";

const CLASSES = ["normal", "quarantine", "transit", "consigned"] as const;

/** Ages from a day to another, or to any. */
export function useAges() {
  const say = useWords();
  const { count } = useFormats();
  return (from: number, to: number | null | undefined) =>
    to === null || to === undefined
      ? say("report.daysAndMore", { from: count(from) })
      : say("report.days", { from: count(from), to: count(to) });
}

const aging = columnsOf<Row<"/api/v1/reports/stock-aging">>();

export function StockAging() {
  const ages = useAges();
  const rows = useDrill("/reports/stock-aging/lines", ["days"]);
  return (
    <ListPage
      path="/api/v1/reports/stock-aging"
      title="page.stockAging"
      rowKey={(row) => `${row.item_id}-${row.warehouse}-${row.class}-${row.from_days}`}
      open={({ sku, warehouse, class: own, from_days, to_days }) =>
        rows({ sku, warehouse, class: own, from_days, to_days })
      }
      filters={[
        { name: "sku", word: "f.sku", kind: "text", front: true },
        { name: "warehouse", word: "f.warehouse", kind: "text", front: true },
        { name: "class", word: "f.class", kind: CLASSES, front: true },
        { name: "days", word: "f.spans", kind: "text" },
      ]}
      columns={[
        aging.text("f.sku", (row) => row.sku, { lead: true }),
        aging.text("f.name", (row) => row.name),
        aging.text("f.category", (row) => row.category, { hidden: true }),
        aging.text("f.warehouse", (row) => row.warehouse),
        aging.state("f.class", (row) => row.class),
        aging.text("f.age", (row) => ages(row.from_days, row.to_days)),
        aging.day("f.oldestOn", (row) => row.oldest_on),
        aging.quantity("f.quantity", (row) => row.quantity),
        aging.money("f.value", (row) => row.value),
      ]}
    />
  );
}

const aged = columnsOf<Row<"/api/v1/reports/stock-aging/lines">>();

export function AgedStock() {
  const say = useWords();
  return (
    <ListPage
      path="/api/v1/reports/stock-aging/lines"
      title="page.agedStock"
      rowKey={(row) =>
        `${row.item_id}-${row.warehouse}-${row.class}-${row.move_id ?? ""}-${row.came_on}`
      }
      records={{ under: "/stock/items", id: "item_id" }}
      filters={[
        { name: "sku", word: "f.sku", kind: "text", front: true },
        { name: "warehouse", word: "f.warehouse", kind: "text", front: true },
        { name: "class", word: "f.class", kind: CLASSES },
        { name: "from_days", word: "f.daysFrom", kind: "text" },
        { name: "to_days", word: "f.daysTo", kind: "text" },
      ]}
      columns={[
        aged.text("f.sku", (row) => row.sku, { lead: true }),
        aged.text("f.name", (row) => row.name),
        aged.text("f.warehouse", (row) => row.warehouse),
        aged.state("f.class", (row) => row.class),
        aged.day("f.cameOn", (row) => row.came_on),
        aged.count("f.days", (row) => row.age_days),
        aged.text("f.source", (row) => stateWord(say, row.source_kind)),
        aged.text("f.number", (row) => row.number),
        aged.quantity("f.came", (row) => row.came),
        aged.quantity("f.stillThere", (row) => row.quantity),
        aged.money("f.value", (row) => row.value),
      ]}
    />
  );
}

const ADJUSTED = [
  { name: "sku", word: "f.sku", kind: "text" },
  { name: "place", word: "f.place", kind: "text" },
  { name: "reason", word: "f.reason", kind: "text" },
  { name: "user", word: "f.user", kind: "text" },
  { name: "from_day", word: "f.from", kind: "day" },
  { name: "to_day", word: "f.to", kind: "day" },
] as const;
/** What a row is about, as its rows are narrowed by. */
const ABOUT: Record<string, string> = {
  item: "sku",
  place: "place",
  reason: "reason",
  user: "user",
};

const rate = columnsOf<Row<"/api/v1/reports/adjustments">>();

export function AdjustmentRates() {
  const { by = "item" } = useSearch({ strict: false }) as { by?: string };
  const rows = useDrill("/reports/adjustments/lines");
  return (
    <ListPage
      path="/api/v1/reports/adjustments"
      title="page.adjustmentRates"
      rowKey={(row) => row.code}
      open={(row) => rows({ [ABOUT[by] ?? "sku"]: row.code })}
      filters={[
        { name: "by", word: "f.by", kind: ["item", "place", "reason", "user"], front: true },
        ...ADJUSTED,
      ]}
      columns={[
        rate.text("f.code", (row) => row.code, { lead: true }),
        rate.text("f.name", (row) => row.name),
        rate.count("f.adjustments", (row) => row.adjustments),
        rate.count("f.lines", (row) => row.lines),
        rate.quantity("f.found", (row) => row.found),
        rate.quantity("f.missing", (row) => row.missing),
        rate.quantity("f.netQuantity", (row) => row.net),
        rate.quantity("f.absolute", (row) => row.absolute),
        rate.money("f.netValue", (row) => row.net_value),
        rate.money("f.absoluteValue", (row) => row.absolute_value),
      ]}
    />
  );
}

const adjusted = columnsOf<Row<"/api/v1/reports/adjustments/lines">>();

export function AdjustedLines() {
  return (
    <ListPage
      path="/api/v1/reports/adjustments/lines"
      title="page.adjustedLines"
      rowKey={(row) => row.move_id}
      filters={[...ADJUSTED]}
      columns={[
        adjusted.text("f.number", (row) => row.number),
        adjusted.day("f.day", (row) => row.happened_on),
        adjusted.day("f.postedOn", (row) => row.posted_on, { hidden: true }),
        adjusted.text("f.sku", (row) => row.sku, { lead: true }),
        adjusted.text("f.name", (row) => row.name),
        adjusted.text("f.place", (row) => row.place),
        adjusted.text("f.lot", (row) => row.lot, { hidden: true }),
        adjusted.quantity("f.difference", (row) => row.quantity),
        adjusted.money("f.value", (row) => row.value),
        adjusted.text("f.reason", (row) => row.reason_name || row.reason),
        adjusted.text("f.user", (row) => row.user_name || row.user),
        adjusted.text("f.evidence", (row) => row.evidence),
        adjusted.text("f.memo", (row) => row.memo, { hidden: true }),
      ]}
    />
  );
}

const accuracy = columnsOf<Row<"/api/v1/count-accuracy">>();

export function CountAccuracy() {
  const { by } = useSearch({ strict: false }) as { by?: string };
  return (
    <ListPage
      path="/api/v1/count-accuracy"
      title="page.countAccuracy"
      rowKey={(row) => row.name}
      always={by ? undefined : { by: "place" }}
      filters={[
        { name: "by", word: "f.by", kind: ["place", "class", "counter"], front: true },
        { name: "profile", word: "f.profile", kind: "text" },
        { name: "from_day", word: "f.from", kind: "day" },
        { name: "to_day", word: "f.to", kind: "day" },
      ]}
      columns={[
        accuracy.text("f.name", (row) => row.name, { lead: true }),
        accuracy.count("f.lines", (row) => row.lines),
        accuracy.count("f.asExpected", (row) => row.right),
        accuracy.share("f.accuracy", (row) => row.right_percent),
        accuracy.quantity("f.expected", (row) => row.expected),
        accuracy.quantity("f.absolute", (row) => row.off),
        accuracy.money("f.netValue", (row) => row.value),
        accuracy.money("f.absoluteValue", (row) => row.gross),
      ]}
    />
  );
}

const turn = columnsOf<Row<"/api/v1/reports/turnover">>();

export function Turnover() {
  const { by } = useSearch({ strict: false }) as { by?: string };
  const card = useDrill("/reports/stock-card", ["by", "category", "idle_days"]);
  const items = useDrill("/reports/turnover", ["by"]);
  return (
    <ListPage
      path="/api/v1/reports/turnover"
      title="page.turnover"
      rowKey={(row) => row.sku || row.category || "all"}
      open={({ sku, category, from_day, to_day }) => {
        if (sku) return card({ sku, basis: "posted_on", from_day, to_day });
        // Nothing narrows a list to items without a category.
        if (by === "category" && !category) return undefined;
        return items({ by: "item", category, from_day, to_day });
      }}
      filters={[
        { name: "by", word: "f.by", kind: ["item", "category", "all"], front: true },
        { name: "sku", word: "f.sku", kind: "text", front: true },
        { name: "category", word: "f.category", kind: "text" },
        { name: "idle_days", word: "f.idleDays", kind: "text", front: true },
        { name: "from_day", word: "f.from", kind: "day" },
        { name: "to_day", word: "f.to", kind: "day" },
      ]}
      columns={[
        turn.text("f.sku", (row) => row.sku || row.category || "…", { lead: true }),
        turn.text("f.name", (row) => row.name),
        turn.count("f.items", (row) => row.items),
        turn.quantity("f.onHand", (row) => row.on_hand),
        turn.quantity("f.soldNet", (row) => row.gone),
        turn.money("f.averageValue", (row) => row.average_value),
        turn.money("f.costOfSold", (row) => row.cost),
        turn.ratio("f.turns", (row) => row.turns),
        turn.ratio("f.inventoryDays", (row) => row.inventory_days),
        turn.ratio("f.coverDays", (row) => row.cover_days),
        turn.day("f.lastIn", (row) => row.last_in),
        turn.day("f.lastOut", (row) => row.last_out),
        turn.count("f.idle", (row) => row.idle_days),
        turn.money("f.openingValue", (row) => row.opening_value, { hidden: true }),
        turn.money("f.closingValue", (row) => row.closing_value, { hidden: true }),
      ]}
    />
  );
}
