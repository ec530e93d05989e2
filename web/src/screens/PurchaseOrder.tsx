// An order to a supplier: what was ordered, promised, received and billed, and what comes next.
import { Group } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { record, type Schemas } from "../api/client";
import { isZero } from "../format";
import { Count, DayText, Moment, Money, State } from "../house/cells";
import { columnsOf } from "../house/columns";
import { Detail } from "../house/Detail";
import { FilesButton } from "../house/FilesButton";
import { LineTable } from "../house/LineTable";
import { PdfButton } from "../house/Pdf";
import { RecordPage } from "../house/RecordPage";
import type { Told } from "../house/Trail";
import { useMay } from "../session";
import { type Say, useWords } from "../words";
import { Measure } from "./Ahead";
import { AcceptMismatch } from "./Bills";
import { OrderMatch } from "./Match";
import { OrderActs } from "./OrderActs";
import { SuppliesOf } from "./Supplies";

type Order = Schemas["OrderDetail"];

const line = columnsOf<Order["lines"][number]>();
const receipt = columnsOf<Order["receipts"][number]>();
const bill = columnsOf<Order["bills"][number]>();

function Lines({ of }: { of: Order }) {
  const mayMeasure = useMay()("quality.inspect");
  return (
    <LineTable
      rows={of.lines}
      rowKey={(row) => row.line}
      columns={[
        line.count("f.line", (row) => row.line),
        line.text("f.sku", (row) => row.sku),
        line.text("f.name", (row) => row.name),
        line.quantity("f.quantity", (row) => row.quantity),
        line.text("f.unit", (row) => row.unit),
        line.price("f.price", (row) => row.price),
        line.money("f.net", (row) => row.net),
        line.day("f.dueOn", (row) => row.due_on),
        line.day("f.promisedOn", (row) => row.promised_on),
        line.quantity("f.received", (row) => row.received),
        line.quantity("f.stillDue", (row) => row.due),
        line.quantity("f.billed", (row) => row.billed),
      ]}
      end={
        mayMeasure
          ? (row) => (isZero(row.due) ? null : <Measure order={of.order_id} line={row} />)
          : undefined
      }
    />
  );
}

function Receipts({ of }: { of: Order }) {
  return (
    <LineTable
      rows={of.receipts}
      rowKey={(row) => row.receipt_id}
      columns={[
        receipt.text("f.number", (row) => row.number),
        receipt.day("f.received", (row) => row.received_on),
        receipt.text("f.delivery", (row) => row.delivery_note),
        receipt.node("f.lines", (row) => (
          <>
            {row.lines.map((part) => (
              <Group key={part.line} gap={6}>
                {part.sku} · {part.quantity} <State of={part.outcome} />
              </Group>
            ))}
          </>
        )),
        receipt.money("f.value", (row) => row.value),
      ]}
      end={(row) => <FilesButton kind="receipt" id={row.receipt_id} name={row.number} />}
    />
  );
}

function Bills({ of }: { of: Order }) {
  const may = useMay();
  return (
    <LineTable
      rows={of.bills}
      rowKey={(row) => row.bill_id}
      columns={[
        bill.text("f.number", (row) => row.number),
        bill.text("f.billReference", (row) => row.reference),
        bill.state("f.kind", (row) => row.kind),
        bill.state("f.state", (row) => row.state),
        bill.day("f.billed", (row) => row.billed_on),
        bill.day("f.dueOn", (row) => row.due_on),
        bill.money("f.net", (row) => row.net),
        bill.money("f.tax", (row) => row.tax),
        bill.money("f.total", (row) => row.total),
      ]}
      end={(row) =>
        row.state === "mismatch" && may("purchasing.match") ? <AcceptMismatch of={row} /> : null
      }
    />
  );
}

/** What the order itself tells: its revisions, and what the supplier promised. */
function told(of: Order, say: Say): Told[] {
  const revisions = of.revisions.map((one) => ({
    at: one.recorded_at,
    key: `r${one.revision}`,
    what: `${say("f.revision")} ${one.revision}`,
    more: <Detail of={JSON.parse(one.changes)} />,
  }));
  const promises = of.promises.map((one, at) => ({
    at: one.recorded_at,
    key: `p${at}`,
    what: `${say("f.promisedOn")}, ${say("problem.line", { n: one.line })}`,
    more: (
      <>
        <DayText of={one.promised_on} /> · {one.quantity}
      </>
    ),
  }));
  return [...revisions, ...promises];
}

export default function PurchaseOrder() {
  const { id } = useParams({ strict: false }) as { id: string };
  const say = useWords();
  const may = useMay();
  const query = useQuery({
    queryKey: ["record", "purchase-order", id],
    queryFn: () => record("/api/v1/purchase-orders/{id}", id),
  });
  return (
    <RecordPage
      query={query}
      back="/buying/orders"
      told={(order) => told(order, say)}
      subjects={(order) => [
        ["purchase_order", order.order_id],
        ...order.bills.map((one) => ["bill", one.bill_id] as const),
      ]}
      title={(order) => order.number}
      under={(order) => `${order.supplier_name} (${order.supplier})`}
      state={(order) => order.state}
      acts={(order) => (
        <>
          <PdfButton word="act.print" path={`/purchase-orders/${order.order_id}/pdf`} />
          <OrderActs of={order} />
        </>
      )}
      facts={(order) => [
        { word: "f.total", value: <Money of={order.total} /> },
        { word: "f.orderedOn", value: <DayText of={order.ordered_on} /> },
        { word: "f.warehouse", value: order.warehouse },
        { word: "f.received", value: <State of={order.received} /> },
        { word: "f.billed", value: <State of={order.billed} /> },
        { word: "f.revision", value: <Count of={order.revision} /> },
        { word: "f.sentTo", value: order.sent_to },
        { word: "f.sent", value: <Moment of={order.sent_at} /> },
        { word: "f.acknowledgedOn", value: <DayText of={order.acknowledged_on} /> },
        { word: "f.reference", value: order.client_ref },
        { word: "f.note", value: order.note },
      ]}
      tabs={(order) => [
        { word: "record.lines", count: order.lines.length, body: <Lines of={order} /> },
        { word: "page.receipts", count: order.receipts.length, body: <Receipts of={order} /> },
        { word: "page.bills", count: order.bills.length, body: <Bills of={order} /> },
        ...(order.bills.length > 0
          ? ([{ word: "record.match", body: <OrderMatch of={order} /> }] as const)
          : []),
        ...(may("fulfilment.read")
          ? ([
              {
                word: "page.supplies",
                body: <SuppliesOf query={{ purchase_order_id: order.order_id }} />,
              },
            ] as const)
          : []),
      ]}
    />
  );
}
