// Received goods that wait in quarantine to be inspected, and what is found of them.
import { NativeSelect, Select, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import type { Row, Schemas } from "../api/client";
import { useReasons } from "../house/choices";
import { columnsOf } from "../house/columns";
import { Dialog } from "../house/Dialog";
import { ListPage } from "../house/ListPage";
import { useAct } from "../house/useAct";
import { useMay } from "../session";
import { stateWord, useWords } from "../words";

type Waiting = Row<"/api/v1/goods-to-inspect">;
type Result = Schemas["InspectionResult"];
const waiting = columnsOf<Waiting>();
const RESULTS: Result[] = ["pass", "fail", "gone"];
const ENDS = ["", "restock", "scrap", "supplier_claim"] as const;

function Inspect({ of }: { of: Waiting }) {
  const say = useWords();
  const [opened, setOpened] = useState(false);
  const [result, setResult] = useState<Result>("pass");
  const [quantity, setQuantity] = useState(of.waiting);
  const [reason, setReason] = useState("");
  const [end, setEnd] = useState<(typeof ENDS)[number]>("");
  const [lost, setLost] = useState<string | null>(null);
  const reasons = useReasons(opened);
  const inspect = useAct("/api/v1/inspections", (answer) =>
    say("done.inspected", { number: answer.number }),
  );
  const failed = result === "fail";
  const scrapped = failed && end === "scrap";
  return (
    <Dialog
      word="act.inspect"
      inLine
      busy={inspect.isPending}
      ready={(result === "pass" || reason.trim() !== "") && (!scrapped || lost !== null)}
      onOpen={() => setOpened(true)}
      act={() =>
        inspect.mutateAsync({
          receipt_id: of.receipt_id,
          lines: [
            {
              line: of.line,
              result,
              quantity: quantity.trim(),
              reason: reason.trim(),
              ...(failed && end !== "" && { disposition: end }),
              ...(scrapped && { scrap_reason: lost ?? "" }),
            },
          ],
        })
      }
      body={
        <>
          <NativeSelect
            label={say("f.result")}
            value={result}
            onChange={(event) => setResult(event.currentTarget.value as Result)}
            data={RESULTS.map((word) => ({ value: word, label: stateWord(say, word) }))}
          />
          <TextInput
            label={say("f.quantity")}
            description={say("inspect.quantityHint", { waiting: of.waiting })}
            inputMode="decimal"
            value={quantity}
            onChange={(event) => setQuantity(event.currentTarget.value)}
          />
          {result !== "pass" && (
            <Textarea
              label={say("act.reason")}
              required
              value={reason}
              onChange={(event) => setReason(event.currentTarget.value)}
            />
          )}
          {failed && (
            <NativeSelect
              label={say("f.outcome")}
              description={say("inspect.endHint")}
              value={end}
              onChange={(event) => setEnd(event.currentTarget.value as (typeof ENDS)[number])}
              data={ENDS.map((word) => ({ value: word, label: word && stateWord(say, word) }))}
            />
          )}
          {scrapped && (
            <Select
              label={say("f.reason")}
              description={say("dispose.reasonHint")}
              required
              value={lost}
              onChange={setLost}
              data={reasons}
            />
          )}
        </>
      }
    />
  );
}

export default function GoodsToInspect() {
  const may = useMay();
  return (
    <ListPage
      path="/api/v1/goods-to-inspect"
      title="page.toInspect"
      rowKey={(row) => row.receipt_line_id}
      filters={[
        { name: "sku", word: "f.sku", kind: "text", front: true },
        { name: "supplier", word: "f.supplier", kind: "text", front: true },
        { name: "warehouse", word: "f.warehouse", kind: "text" },
        { name: "failed", word: "f.failedOnly", kind: "yes" },
        { name: "received_by", word: "f.to", kind: "day" },
      ]}
      columns={[
        waiting.text("f.receipt", (row) => row.receipt_number),
        waiting.text("f.sku", (row) => row.sku, { lead: true }),
        waiting.text("f.name", (row) => row.name),
        waiting.text("f.lot", (row) => row.lot),
        waiting.text("f.supplier", (row) => row.supplier),
        waiting.day("f.received", (row) => row.received_on),
        waiting.count("f.days", (row) => row.age_days),
        waiting.quantity("f.waiting", (row) => row.waiting),
        waiting.text("f.cause", (row) => row.reason),
        waiting.node("f.action", (row) => (may("quality.inspect") ? <Inspect of={row} /> : null)),
      ]}
    />
  );
}
