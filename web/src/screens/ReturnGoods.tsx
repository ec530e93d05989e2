// Received goods go back to their supplier: from an order, a receipt or quarantine.
import { Checkbox } from "@mantine/core";
import { useState } from "react";
import type { Asked, Schemas } from "../api/client";
import { isZero } from "../format";
import { columnsOf } from "../house/columns";
import { Dialog } from "../house/Dialog";
import { ReasonField, useFields } from "../house/fields";
import { type Cell, type Line, LineEditor, readLines } from "../house/LineEditor";
import { LineTable } from "../house/LineTable";
import { Booked, Rehearsal } from "../house/Rehearsal";
import { useAct } from "../house/useAct";
import { useFormats, useTongue, useWords } from "../words";

/** Goods that may go back. */
interface Returnable {
  /** The number of the order's line. */
  line: number;
  sku: string;
  /** How much came, in the stock unit. */
  came: string;
  /** Null for the stock unit of the order's own line. */
  unit?: string | null;
  lot?: string;
  /** Where it lies, as far as is known. */
  place?: string;
}

type Name = "line" | "sku" | "came" | "quantity" | "lot" | "place";
const CELLS: Cell<Name>[] = [
  { name: "line", word: "f.line", fixed: true },
  { name: "sku", word: "f.sku", fixed: true },
  { name: "came", word: "f.received", fixed: true },
  { name: "quantity", word: "return.quantity", decimal: true, width: 100 },
  { name: "lot", word: "f.lot", width: 110 },
  { name: "place", word: "return.place", width: 150 },
];

const back = columnsOf<Schemas["SupplierReturnLineView"]>();

interface ReturnGoodsProps {
  order_id: string;
  goods: Returnable[];
  inLine?: boolean;
}

export function ReturnGoods({ order_id, goods, inLine }: ReturnGoodsProps) {
  const say = useWords();
  const { locale } = useTongue();
  const { quantity } = useFormats();
  const fresh = () =>
    goods.map(({ line, sku, came, lot = "", place = "" }) => ({
      line: String(line),
      sku,
      came: quantity(came),
      quantity: "",
      lot,
      place,
    }));
  const [lines, setLines] = useState<Line<Name>[]>(fresh);
  const [replace, setReplace] = useState(false);
  const { form, set, reset } = useFields({ reason: "" });
  const send = useAct("/api/v1/supplier-returns", (answer) =>
    say("done.returned", { number: answer.number }),
  );
  const read = readLines(CELLS, lines, locale);
  const chosen = read?.filter((line) => line.quantity && !isZero(line.quantity)) ?? [];
  const request: Asked<"/api/v1/supplier-returns"> = {
    order_id,
    replace,
    // The reason changes nothing that is booked: what is told is not asked again while it is typed.
    reason: "…",
    lines: chosen.map((line) => ({
      line: Number(line.line),
      quantity: line.quantity,
      unit: goods.find((one) => String(one.line) === line.line)?.unit ?? null,
      lot: line.lot || null,
      place: line.place || null,
    })),
  };
  return (
    <Dialog
      word="act.returnGoods"
      inLine={inLine}
      size="xl"
      busy={send.isPending}
      ready={chosen.length > 0 && form.reason.trim() !== ""}
      onOpen={() => {
        setLines(fresh());
        setReplace(false);
        reset();
      }}
      act={() => send.mutateAsync({ ...request, reason: form.reason.trim() })}
      body={
        <>
          <LineEditor cells={CELLS} lines={lines} change={setLines} given />
          <Checkbox
            label={say("return.replace")}
            description={say("return.replaceHint")}
            checked={replace}
            onChange={(event) => setReplace(event.currentTarget.checked)}
          />
          <ReasonField required value={form.reason} change={set("reason")} />
          <Rehearsal
            path="/api/v1/supplier-returns/rehearse"
            request={chosen.length > 0 ? request : undefined}
          >
            {(answer) => (
              <>
                <LineTable
                  rows={answer.lines}
                  rowKey={(row) => `${row.line}-${row.lot}-${row.place}`}
                  columns={[
                    back.text("f.sku", (row) => row.sku),
                    back.quantity("return.notBilled", (row) => row.not_billed),
                    back.quantity("return.waits", (row) => row.waits),
                    back.money("f.cost", (row) => row.cost),
                    back.money("return.value", (row) => row.value),
                  ]}
                />
                <Booked lines={answer.booked} />
              </>
            )}
          </Rehearsal>
        </>
      }
    />
  );
}
