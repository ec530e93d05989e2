// Reports about sales, what came back of them, and their tax.
import type { Row } from "../api/client";
import { columnsOf } from "../house/columns";
import { ListPage } from "../house/ListPage";
import { DISPOSITIONS, RETURN_REASONS } from "../returned";
import { useDrill } from "./drill";
import { useAges } from "./stockReports";

const FILL = [
  { name: "channel", word: "f.channel", kind: "text", front: true },
  { name: "from_day", word: "f.from", kind: "day" },
  { name: "to_day", word: "f.to", kind: "day" },
] as const;

const fill = columnsOf<Row<"/api/v1/reports/fill-rate">>();

export function FillRate() {
  const rows = useDrill("/reports/fill-rate/lines");
  return (
    <ListPage
      path="/api/v1/reports/fill-rate"
      title="page.fillRate"
      rowKey={(row) => `${row.channel}-${row.month}`}
      open={({ channel, month }) => rows({ channel, month })}
      filters={[
        {
          name: "by",
          word: "f.by",
          kind: ["channel", "month", "channel_month", "all"],
          front: true,
        },
        ...FILL,
      ]}
      columns={[
        fill.text("f.channel", (row) => row.channel || row.month || "…", { lead: true }),
        fill.text("f.month", (row) => row.month),
        fill.count("f.orders", (row) => row.orders),
        fill.share("f.fillRate", (row) => row.fill_percent),
        fill.share("f.linesFilled", (row) => row.filled_lines_percent),
        fill.quantity("f.ordered", (row) => row.ordered),
        fill.quantity("f.wantedThatDay", (row) => row.wanted),
        fill.quantity("f.shippedThatDay", (row) => row.shipped_same_day),
        fill.quantity("f.shipped", (row) => row.shipped),
        fill.quantity("f.cancelled", (row) => row.cancelled),
        fill.quantity("f.stillOpen", (row) => row.open),
      ]}
    />
  );
}

const filled = columnsOf<Row<"/api/v1/reports/fill-rate/lines">>();

export function FilledLines() {
  return (
    <ListPage
      path="/api/v1/reports/fill-rate/lines"
      title="page.filledLines"
      rowKey={(row) => `${row.order_id}-${row.line}`}
      records={{ under: "/sales/orders", id: "order_id" }}
      filters={[{ name: "unfilled", word: "f.unfilled", kind: "yes", front: true }, ...FILL]}
      columns={[
        filled.text("f.order", (row) => row.number, { lead: true }),
        filled.text("f.externalRef", (row) => row.external_ref, { hidden: true }),
        filled.text("f.channel", (row) => row.channel),
        filled.text("f.sku", (row) => row.sku),
        filled.text("f.name", (row) => row.name),
        filled.day("f.orderedOn", (row) => row.ordered_on),
        filled.quantity("f.ordered", (row) => row.ordered),
        filled.quantity("f.cancelledThatDay", (row) => row.cancelled_same_day),
        filled.quantity("f.shippedThatDay", (row) => row.shipped_same_day),
        filled.quantity("f.shipped", (row) => row.shipped),
        filled.quantity("f.cancelled", (row) => row.cancelled),
        filled.text("f.warehouse", (row) => row.warehouse, { hidden: true }),
      ]}
    />
  );
}

const AGES = [
  { name: "channel", word: "f.channel", kind: "text", front: true },
  { name: "back_orders", word: "f.backOrder", kind: "yes", front: true },
  { name: "sku", word: "f.sku", kind: "text" },
  { name: "warehouse", word: "f.warehouse", kind: "text" },
] as const;

const age = columnsOf<Row<"/api/v1/reports/order-ages">>();

export function OrderAges() {
  const ages = useAges();
  const rows = useDrill("/reports/order-ages/lines", ["days"]);
  return (
    <ListPage
      path="/api/v1/reports/order-ages"
      title="page.orderAges"
      rowKey={(row) => `${row.channel}-${row.from_days}`}
      open={({ channel, from_day, to_day }) => rows({ channel, from_day, to_day })}
      filters={[...AGES, { name: "days", word: "f.spans", kind: "text" }]}
      columns={[
        age.text("f.channel", (row) => row.channel_name || row.channel, { lead: true }),
        age.text("f.age", (row) => ages(row.from_days, row.to_days)),
        age.day("f.oldestOn", (row) => row.oldest_on),
        age.count("f.orders", (row) => row.orders),
        age.count("f.lines", (row) => row.lines),
        age.quantity("f.stillOpen", (row) => row.open),
        age.quantity("f.reserved", (row) => row.reserved),
        age.quantity("f.backOrder", (row) => row.back_order),
      ]}
    />
  );
}

const demand = columnsOf<Row<"/api/v1/reports/order-ages/lines">>();

export function OpenDemands() {
  return (
    <ListPage
      path="/api/v1/reports/order-ages/lines"
      title="page.openDemands"
      rowKey={(row) => String(row.demand_id)}
      records={{ under: "/sales/orders", id: "order_id" }}
      filters={[
        ...AGES,
        { name: "from_day", word: "f.from", kind: "day" },
        { name: "to_day", word: "f.to", kind: "day" },
      ]}
      columns={[
        demand.text("f.order", (row) => row.number, { lead: true }),
        demand.text("f.externalRef", (row) => row.external_ref, { hidden: true }),
        demand.text("f.channel", (row) => row.channel_name || row.channel),
        demand.text("f.customer", (row) => row.partner_name || row.partner),
        demand.text("f.sku", (row) => row.sku),
        demand.text("f.name", (row) => row.name),
        demand.day("f.orderedOn", (row) => row.ordered_on),
        demand.count("f.days", (row) => row.age_days),
        demand.day("f.dueOn", (row) => row.due_on),
        demand.count("f.lateDays", (row) => row.late_days),
        demand.quantity("f.ordered", (row) => row.ordered, { hidden: true }),
        demand.quantity("f.shipped", (row) => row.shipped, { hidden: true }),
        demand.quantity("f.stillOpen", (row) => row.open),
        demand.quantity("f.reserved", (row) => row.reserved),
        demand.quantity("f.backOrder", (row) => row.back_order),
        demand.text("f.warehouse", (row) => row.warehouse),
      ]}
    />
  );
}

const OUTCOMES = ["waiting", ...DISPOSITIONS] as const;
const BACK = [
  { name: "reason", word: "f.reason", kind: RETURN_REASONS, front: true },
  { name: "disposition", word: "f.outcome", kind: OUTCOMES, front: true },
  { name: "sku", word: "f.sku", kind: "text" },
  { name: "from_day", word: "f.from", kind: "day" },
  { name: "to_day", word: "f.to", kind: "day" },
] as const;

const back = columnsOf<Row<"/api/v1/reports/return-times">>();

export function ReturnTimes() {
  const rows = useDrill("/reports/return-times/lines");
  return (
    <ListPage
      path="/api/v1/reports/return-times"
      title="page.returnTimes"
      rowKey={(row) => `${row.reason}-${row.disposition}`}
      open={({ reason, disposition }) => rows({ reason, disposition })}
      filters={[
        {
          name: "by",
          word: "f.by",
          kind: ["reason_disposition", "reason", "disposition", "all"],
          front: true,
        },
        ...BACK,
      ]}
      columns={[
        back.state("f.reason", (row) => row.reason || "all", { lead: true }),
        back.state("f.outcome", (row) => row.disposition),
        back.count("f.lines", (row) => row.lines),
        back.quantity("f.quantity", (row) => row.quantity),
        back.money("f.value", (row) => row.value),
        back.count("f.decisionMedian", (row) => row.decision_median),
        back.count("f.decisionNinetieth", (row) => row.decision_p90),
        back.count("f.refunded", (row) => row.refunded),
        back.count("f.refundMedian", (row) => row.refund_median),
        back.count("f.refundNinetieth", (row) => row.refund_p90),
        back.count("f.waiting", (row) => row.waiting),
        back.count("f.longestWaiting", (row) => row.longest_waiting_days),
      ]}
    />
  );
}

const goods = columnsOf<Row<"/api/v1/reports/return-times/lines">>();

export function ReturnedGoods() {
  return (
    <ListPage
      path="/api/v1/reports/return-times/lines"
      title="page.returnedGoods"
      rowKey={(row) => `${row.goods_id}-${row.disposition_id}-${row.disposition_line}`}
      records={{ under: "/sales/returns", id: "return_id" }}
      filters={[...BACK]}
      columns={[
        goods.text("f.return", (row) => row.number, { lead: true }),
        goods.text("f.order", (row) => row.order_number),
        goods.text("f.sku", (row) => row.sku),
        goods.text("f.name", (row) => row.name),
        goods.state("f.reason", (row) => row.reason),
        goods.state("f.outcome", (row) => row.disposition),
        goods.quantity("f.quantity", (row) => row.quantity),
        goods.day("f.cameOn", (row) => row.arrived_on),
        goods.day("f.decidedAt", (row) => row.decided_on),
        goods.count("f.daysToDecision", (row) => row.decision_days),
        goods.day("f.refunded", (row) => row.refunded_on),
        goods.count("f.daysToRefund", (row) => row.refund_days),
        goods.count("f.waiting", (row) => row.waiting_days),
        goods.money("f.value", (row) => row.value),
      ]}
    />
  );
}

const tax = columnsOf<Row<"/api/v1/reports/tax">>();

export function TaxReport() {
  return (
    <ListPage
      path="/api/v1/reports/tax"
      title="page.taxReport"
      rowKey={(row) => `${row.role}-${row.code}`}
      whole
      filters={[{ name: "month", word: "f.dayOfMonth", kind: "day", front: true }]}
      columns={[
        tax.role("f.account", (row) => row.role),
        tax.text("f.code", (row) => row.code),
        tax.text("f.name", (row) => row.name),
        tax.state("f.kind", (row) => row.kind),
        tax.money("f.net", (row) => row.base),
        tax.money("f.tax", (row) => row.tax),
      ]}
    />
  );
}
