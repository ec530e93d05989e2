// Reports about buying: what is due, how long it takes, and how well suppliers deliver.
import type { Row, Schemas } from "../api/client";
import { YesNo } from "../house/cells";
import { columnsOf } from "../house/columns";
import { ListPage } from "../house/ListPage";
import { useFormats } from "../words";
import { useDrill } from "./drill";

const due = columnsOf<Row<"/api/v1/reports/open-purchase-lines">>();

/** Every promise of a line, the first first. */
function Promises({ of }: { of: Schemas["LinePromise"][] }) {
  const { day, quantity } = useFormats();
  return of.map((one) => `${quantity(one.quantity)}: ${day(one.promised_on)}`).join("; ");
}

export function OpenPurchaseLines() {
  return (
    <ListPage
      path="/api/v1/reports/open-purchase-lines"
      title="page.openPurchaseLines"
      rowKey={(row) => row.line_id}
      records={{ under: "/buying/orders", id: "order_id" }}
      filters={[
        { name: "supplier", word: "f.supplier", kind: "text", front: true },
        { name: "sku", word: "f.sku", kind: "text", front: true },
        { name: "to_day", word: "f.dueBy", kind: "day" },
        { name: "warehouse", word: "f.warehouse", kind: "text" },
      ]}
      columns={[
        due.text("f.number", (row) => row.number, { lead: true }),
        due.text("f.supplier", (row) => row.supplier_name || row.supplier),
        due.text("f.sku", (row) => row.sku),
        due.text("f.name", (row) => row.name),
        due.state("f.state", (row) => row.state, { hidden: true }),
        due.quantity("f.ordered", (row) => row.ordered, { hidden: true }),
        due.quantity("f.stillDue", (row) => row.due),
        due.text("f.unit", (row) => row.unit),
        due.money("f.value", (row) => row.due_value),
        due.day("f.wantedOn", (row) => row.wanted_on, { hidden: true }),
        due.day("f.firstPromisedOn", (row) => row.first_promised_on),
        due.day("f.expectedOn", (row) => row.expected_on),
        due.count("f.slippedDays", (row) => row.slipped_days),
        due.count("f.lateDays", (row) => row.late_days),
        due.node("f.promises", (row) => <Promises of={row.promises} />, { hidden: true }),
      ]}
    />
  );
}

const BY = ["supplier", "month", "supplier_month", "all"] as const;
const PERIOD = [
  { name: "supplier", word: "f.supplier", kind: "text", front: true },
  { name: "from_day", word: "f.from", kind: "day" },
  { name: "to_day", word: "f.to", kind: "day" },
] as const;

const cycle = columnsOf<Row<"/api/v1/reports/purchase-cycle">>();

export function PurchaseCycle() {
  const rows = useDrill("/reports/purchase-cycle/lines");
  return (
    <ListPage
      path="/api/v1/reports/purchase-cycle"
      title="page.purchaseCycle"
      rowKey={(row) => `${row.supplier}-${row.month}-${row.step}`}
      open={({ supplier, month }) => rows({ supplier, month })}
      filters={[{ name: "by", word: "f.by", kind: BY, front: true }, ...PERIOD]}
      columns={[
        cycle.state("f.stage", (row) => row.step, { lead: true }),
        cycle.text("f.supplier", (row) => row.supplier_name || row.supplier),
        cycle.text("f.month", (row) => row.month),
        cycle.count("f.orders", (row) => row.orders),
        cycle.count("f.reached", (row) => row.reached),
        cycle.count("f.measured", (row) => row.measured),
        cycle.count("f.median", (row) => row.median_days),
        cycle.count("f.ninetieth", (row) => row.p90_days),
        cycle.count("f.medianSinceOrdered", (row) => row.median_since_ordered),
        cycle.count("f.ninetiethSinceOrdered", (row) => row.p90_since_ordered),
      ]}
    />
  );
}

const ordered = columnsOf<Row<"/api/v1/reports/purchase-cycle/lines">>();

export function CycleOrders() {
  return (
    <ListPage
      path="/api/v1/reports/purchase-cycle/lines"
      title="page.cycleOrders"
      rowKey={(row) => row.order_id}
      records={{ under: "/buying/orders", id: "order_id" }}
      filters={[...PERIOD]}
      columns={[
        ordered.text("f.number", (row) => row.number, { lead: true }),
        ordered.text("f.supplier", (row) => row.supplier_name || row.supplier),
        ordered.state("f.state", (row) => row.state),
        ordered.money("f.net", (row) => row.total),
        ordered.day("f.orderedOn", (row) => row.ordered_on),
        ordered.day("f.sent", (row) => row.sent_on),
        ordered.count("f.daysToSent", (row) => row.sent_days),
        ordered.day("f.acknowledgedOn", (row) => row.acknowledged_on),
        ordered.count("f.daysToAcknowledged", (row) => row.acknowledged_days),
        ordered.day("f.firstReceipt", (row) => row.first_receipt_on),
        ordered.count("f.daysToReceipt", (row) => row.first_receipt_days),
        ordered.day("f.completeOn", (row) => row.complete_on),
        ordered.count("f.daysToComplete", (row) => row.complete_days),
        ordered.day("f.billed", (row) => row.billed_on),
        ordered.count("f.daysToBilled", (row) => row.billed_days),
        ordered.day("f.paidOn", (row) => row.paid_on),
        ordered.count("f.daysToPaid", (row) => row.paid_days),
      ]}
    />
  );
}

const how = columnsOf<Row<"/api/v1/reports/supplier-performance">>();

export function SupplierPerformance() {
  const rows = useDrill("/reports/supplier-performance/lines");
  return (
    <ListPage
      path="/api/v1/reports/supplier-performance"
      title="page.supplierPerformance"
      rowKey={(row) => `${row.supplier}-${row.month}-${row.currency}`}
      open={({ supplier, month }) => rows({ supplier, month })}
      filters={[
        { name: "by", word: "f.by", kind: BY, front: true },
        ...PERIOD,
        { name: "sku", word: "f.sku", kind: "text" },
      ]}
      columns={[
        how.text("f.supplier", (row) => row.supplier_name || row.supplier || row.month || "…", {
          lead: true,
        }),
        how.text("f.month", (row) => row.month),
        how.text("f.currency", (row) => row.currency),
        how.count("f.lines", (row) => row.lines),
        how.count("f.judged", (row) => row.judged_first),
        how.share("f.onTimeInFull", (row) => row.on_time_in_full_percent),
        how.share("f.onTimeFirst", (row) => row.on_time_first_percent),
        how.share("f.onTimeLast", (row) => row.on_time_last_percent),
        how.share("f.inFull", (row) => row.in_full_percent),
        how.count("f.leadMedian", (row) => row.lead_median),
        how.count("f.leadTenth", (row) => row.lead_p10, { hidden: true }),
        how.count("f.leadNinetieth", (row) => row.lead_p90),
        how.count("f.leadSpread", (row) => row.lead_spread),
        how.money("f.billed", (row) => row.billed, { hidden: true }),
        how.money("f.priceDeviation", (row) => row.price_deviation),
        how.share("f.priceDeviationShare", (row) => row.price_deviation_percent),
        how.quantity("f.accepted", (row) => row.taken_in, { hidden: true }),
        how.share("f.refusedShare", (row) => row.refused_percent),
        how.quantity("f.inspected", (row) => row.inspected, { hidden: true }),
        how.share("f.failedShare", (row) => row.failed_percent),
      ]}
    />
  );
}

const delivered = columnsOf<Row<"/api/v1/reports/supplier-performance/lines">>();
/** Whether something was so; nothing as long as nobody can tell. */
const told = (so: boolean | null | undefined) =>
  so === null || so === undefined ? null : <YesNo of={so} />;

export function DeliveredLines() {
  return (
    <ListPage
      path="/api/v1/reports/supplier-performance/lines"
      title="page.deliveredLines"
      rowKey={(row) => row.line_id}
      records={{ under: "/buying/orders", id: "order_id" }}
      filters={[...PERIOD, { name: "sku", word: "f.sku", kind: "text", front: true }]}
      columns={[
        delivered.text("f.number", (row) => row.number, { lead: true }),
        delivered.text("f.supplier", (row) => row.supplier_name || row.supplier),
        delivered.text("f.sku", (row) => row.sku),
        delivered.text("f.name", (row) => row.name, { hidden: true }),
        delivered.day("f.orderedOn", (row) => row.ordered_on),
        delivered.day("f.dueFirst", (row) => row.due_first_on),
        delivered.day("f.dueLast", (row) => row.due_last_on),
        delivered.day("f.firstReceipt", (row) => row.first_receipt_on),
        delivered.day("f.lastReceipt", (row) => row.last_receipt_on),
        delivered.quantity("f.ordered", (row) => row.ordered),
        delivered.quantity("f.received", (row) => row.received),
        delivered.node("f.onTimeFirst", (row) => told(row.on_time_first)),
        delivered.node("f.onTimeLast", (row) => told(row.on_time_last)),
        delivered.node("f.inFull", (row) => told(row.in_full)),
        delivered.count("f.leadDays", (row) => row.lead_days),
        delivered.quantity("f.refused", (row) => row.refused),
        delivered.quantity("f.inspected", (row) => row.inspected, { hidden: true }),
        delivered.quantity("f.failed", (row) => row.failed),
        delivered.money("f.agreed", (row) => row.agreed),
        delivered.money("f.billed", (row) => row.billed),
      ]}
    />
  );
}
