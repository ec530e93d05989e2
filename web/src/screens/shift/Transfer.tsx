// A transfer that was taken along: what leaves here, or what arrived of what was sent.
import { Alert, NativeSelect } from "@mantine/core";
import { useParams } from "@tanstack/react-router";
import { TextField } from "../../house/fields";
import { pending } from "../../shift/acts";
import type { ShiftTransfer } from "../../shift/along";
import { left } from "../../shift/decimal";
import { enqueue } from "../../shift/keeper";
import { useWords } from "../../words";
import { GoodsForm } from "./GoodsForm";
import { ShiftPage, useWork, type Work } from "./Page";

const SENT = ["sent"] as const;
const ARRIVED = ["accepted", "quarantine", "missing", "returned"] as const;

interface PartProps {
  of: ShiftTransfer;
  work: Work;
}

/** What of a document's lines goods are entered of. */
function goodsOf(
  { lines }: ShiftTransfer,
  items: Work["shift"]["items"],
  expected: (line: ShiftTransfer["lines"][number]) => string,
) {
  return lines.map((one) => {
    const unit = items.find(({ sku }) => sku === one.sku)?.stock_unit ?? "";
    return { line: one.line, sku: one.sku, name: one.name, unit, expected: expected(one) };
  });
}

function Dispatch({ of, work }: PartProps) {
  const { transfer_id, number } = of.head;
  return (
    <GoodsForm
      name={`dispatch/${transfer_id}`}
      word="act.dispatch"
      goods={goodsOf(of, work.shift.items, ({ reserved }) => reserved)}
      items={work.shift.items}
      outcomes={SENT}
      lots={false}
      book={(rows, { day }) => {
        const lines = rows.map(({ line, quantity }) => ({ line, quantity }));
        return enqueue(
          (key) => ({
            kind: "dispatch",
            body: { transfer_id, happened_on: day, client_ref: key, lines },
          }),
          { id: transfer_id, number },
          rows.map(({ sku }) => sku),
        );
      }}
    />
  );
}

function Arrive({ of, work }: PartProps) {
  const say = useWords();
  const { transfer_id, number } = of.head;
  const { reasons, items } = work.shift;
  return (
    <GoodsForm
      name={`arrive/${transfer_id}`}
      word="act.arrive"
      goods={goodsOf(of, items, (one) =>
        left(one.sent, one.accepted, one.quarantined, one.missing, one.returned),
      )}
      items={items}
      outcomes={ARRIVED}
      lots
      reason={(row, change) =>
        row.outcome === "missing" ? (
          <NativeSelect
            label={say("f.reason")}
            required
            value={row.reason}
            onChange={(event) => change(event.currentTarget.value)}
            data={[
              { value: "", label: "–" },
              ...reasons.map(({ code, name }) => ({ value: code, label: name })),
            ]}
          />
        ) : (
          row.outcome !== "accepted" && (
            <TextField word="f.note" value={row.reason} change={change} />
          )
        )
      }
      isWhole={(row) => row.outcome !== "missing" || row.reason !== ""}
      book={(rows, { day }) => {
        const lines = rows.map((row) => ({
          line: row.line,
          quantity: row.quantity,
          lot: row.lot || null,
          outcome: row.outcome,
          ...(row.outcome === "missing" ? { reason: row.reason } : { note: row.reason }),
        }));
        return enqueue(
          (key) => ({
            kind: "arrive",
            body: { transfer_id, happened_on: day, client_ref: key, lines },
          }),
          { id: transfer_id, number },
          rows.map(({ sku }) => sku),
        );
      }}
    />
  );
}

export default function Transfer() {
  const say = useWords();
  const { id } = useParams({ strict: false }) as { id: string };
  const work = useWork();
  const of = work?.shift.transfers.find(({ head }) => head.transfer_id === id);
  const queued =
    work && [...pending(work.acts, "dispatch", id), ...pending(work.acts, "arrive", id)].length > 0;
  const isPlanned = of?.head.state === "planned";
  return (
    <ShiftPage
      title={say(isPlanned ? "shift.dispatchOf" : "shift.arriveOf", {
        number: of?.head.number ?? "",
      })}
      under={of && `${of.head.from} → ${of.head.to}`}
      there={of !== undefined}
    >
      {queued && (
        <Alert color="orange" mb="sm">
          {say("shift.alreadyQueued")}
        </Alert>
      )}
      {of && work && !queued && (isPlanned ? <Dispatch of={of} work={work} /> : null)}
      {of && work && !queued && of.head.state === "under_way" && <Arrive of={of} work={work} />}
    </ShiftPage>
  );
}
