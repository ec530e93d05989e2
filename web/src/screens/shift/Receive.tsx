// Goods are received against an order that was taken along, by scan: blind or with what is expected.
import { useParams } from "@tanstack/react-router";
import { ReasonField } from "../../house/fields";
import { pending } from "../../shift/acts";
import type { ShiftOrder } from "../../shift/along";
import { left } from "../../shift/decimal";
import { enqueue } from "../../shift/keeper";
import { useWords } from "../../words";
import { GoodsForm } from "./GoodsForm";
import type { Entered } from "./goods";
import { ShiftPage, useWork, type Work } from "./Page";

const OUTCOMES = ["accepted", "quarantine", "refused"] as const;
type Outcome = (typeof OUTCOMES)[number];

/** What is still to come of an order, less what is in the queue. */
export function orderGoods(order: ShiftOrder, { acts }: Work) {
  const queued = pending(acts, "receive", order.order_id).flatMap(({ body }) => body.lines);
  return order.lines.map(({ line, sku, name, due, stock_unit: unit }) => {
    const took = queued.filter((one) => one.line === line && one.outcome !== "refused");
    return { line, sku, name, unit, expected: left(due, ...took.map(({ quantity }) => quantity)) };
  });
}

function Form({ order, work }: { order: ShiftOrder; work: Work }) {
  const goods = orderGoods(order, work);
  const book = (rows: Entered<Outcome>[], { note, day }: { note: string; day: string }) => {
    const { order_id, number } = order;
    const lines = rows.map((row) => ({
      line: row.line,
      quantity: row.quantity,
      // Scans count stock units, whatever the order was written in.
      unit: goods.find(({ line }) => line === row.line)?.unit ?? null,
      lot: row.lot || null,
      expires_on: row.expiresOn || null,
      outcome: row.outcome,
      reason: row.reason,
    }));
    return enqueue(
      (key) => ({
        kind: "receive",
        body: { order_id, delivery_note: note, received_on: day, client_ref: key, lines },
      }),
      { id: order_id, number },
      rows.map(({ sku }) => sku),
    );
  };
  return (
    <GoodsForm
      name={`receive/${order.order_id}`}
      word="act.receive"
      goods={goods}
      items={work.shift.items}
      outcomes={OUTCOMES}
      lots
      noteWord="f.delivery"
      reason={(row, change) =>
        row.outcome !== "accepted" && <ReasonField required value={row.reason} change={change} />
      }
      isWhole={(row) => row.outcome === "accepted" || row.reason.trim() !== ""}
      book={book}
    />
  );
}

export default function Receive() {
  const say = useWords();
  const { id } = useParams({ strict: false }) as { id: string };
  const work = useWork();
  const order = work?.shift.orders.find(({ order_id }) => order_id === id);
  return (
    <ShiftPage
      title={say("shift.receiveOf", { number: order?.number ?? "" })}
      under={order?.supplier_name}
      there={order !== undefined}
    >
      {order && work && <Form order={order} work={work} />}
    </ShiftPage>
  );
}
