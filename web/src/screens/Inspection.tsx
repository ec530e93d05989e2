// Received goods that wait in quarantine to be inspected, and what is found of them.
import { Group } from "@mantine/core";
import type { Row, Schemas } from "../api/client";
import { typeDecimal } from "../format";
import { columnsOf } from "../house/columns";
import { Dialog } from "../house/Dialog";
import {
  DecimalField,
  OneOf,
  ReasonField,
  StockReason,
  useDecimal,
  useFields,
} from "../house/fields";
import { ListPage } from "../house/ListPage";
import { useAct } from "../house/useAct";
import { useMay } from "../session";
import { useFormats, useTongue, useWords } from "../words";
import { OpenClaim } from "./OpenClaim";

type Waiting = Row<"/api/v1/goods-to-inspect">;
type Result = Schemas["InspectionResult"];
const waiting = columnsOf<Waiting>();
const RESULTS: Result[] = ["pass", "fail", "gone"];
const ENDS = ["", "restock", "scrap", "supplier_claim"] as const;
type Found = {
  result: Result;
  quantity: string;
  reason: string;
  end: (typeof ENDS)[number];
  lost: string;
};

function Inspect({ of }: { of: Waiting }) {
  const say = useWords();
  const { locale } = useTongue();
  const { quantity: asQuantity } = useFormats();
  const decimal = useDecimal();
  const fresh = (): Found => ({
    result: "pass",
    quantity: typeDecimal(of.waiting, locale),
    reason: "",
    end: "",
    lost: "",
  });
  const { form, set, reset } = useFields(fresh());
  const { result, reason, end, lost } = form;
  const quantity = decimal(form.quantity);
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
      ready={Boolean(quantity && (result === "pass" || reason.trim()) && (!scrapped || lost))}
      onOpen={() => reset(fresh())}
      act={() =>
        inspect.mutateAsync({
          receipt_id: of.receipt_id,
          lines: [
            {
              line: of.line,
              result,
              quantity: quantity ?? "",
              reason: reason.trim(),
              ...(failed && end !== "" && { disposition: end }),
              ...(scrapped && { scrap_reason: lost }),
            },
          ],
        })
      }
      body={
        <>
          <OneOf word="f.result" of={RESULTS} value={result} change={set("result")} />
          <DecimalField
            word="f.quantity"
            hint={say("inspect.quantityHint", { waiting: asQuantity(of.waiting) })}
            required
            value={form.quantity}
            change={set("quantity")}
          />
          {result !== "pass" && <ReasonField required value={reason} change={set("reason")} />}
          {failed && (
            <OneOf
              word="f.outcome"
              hint={say("inspect.endHint")}
              of={ENDS}
              value={end}
              change={set("end")}
            />
          )}
          {scrapped && <StockReason value={lost} change={set("lost")} />}
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
        waiting.node("f.action", (row) => (
          <Group gap={6} wrap="nowrap">
            {may("quality.inspect") && <Inspect of={row} />}
            {may("quality.claim") && (
              <OpenClaim
                receipt_id={row.receipt_id}
                goods={[{ line: row.line, sku: row.sku, quantity: row.waiting }]}
              />
            )}
          </Group>
        )),
      ]}
    />
  );
}
