// What went back to suppliers, what of it waits, and the credit note that ends it.
import { Group } from "@mantine/core";
import { useState } from "react";
import type { Row } from "../api/client";
import { isZero, typeDecimal } from "../format";
import { Quantity } from "../house/cells";
import { columnsOf } from "../house/columns";
import { Dialog } from "../house/Dialog";
import { FilesButton } from "../house/FilesButton";
import { TextField } from "../house/fields";
import { type Cell, type Line, LineEditor, readLines } from "../house/LineEditor";
import { ListPage } from "../house/ListPage";
import { useAct } from "../house/useAct";
import { useMay } from "../session";
import { useTongue, useWords } from "../words";

type Return = Row<"/api/v1/supplier-returns">;
const back = columnsOf<Return>();

type Name = "line" | "sku" | "quantity";
const CELLS: Cell<Name>[] = [
  { name: "line", word: "f.line", fixed: true },
  { name: "sku", word: "f.sku", fixed: true },
  { name: "quantity", word: "return.credited", decimal: true, width: 110 },
];

/** What waits of a return is credited, at the price that it was billed at. */
function Credit({ of }: { of: Return }) {
  const say = useWords();
  const { locale } = useTongue();
  const waiting = of.lines.filter((line) => !isZero(line.waits));
  const fresh = () =>
    waiting.map(({ line, sku, waits }) => ({
      line: String(line),
      sku,
      quantity: typeDecimal(waits, locale),
    }));
  const [lines, setLines] = useState<Line<Name>[]>(fresh);
  const [reference, setReference] = useState("");
  const credit = useAct("/api/v1/credit-notes", (answer) =>
    say("done.billed", { number: answer.number }),
  );
  const read = readLines(CELLS, lines, locale);
  const chosen = read?.filter((line) => line.quantity && !isZero(line.quantity)) ?? [];
  return (
    <Dialog
      word="act.enterCredit"
      inLine
      busy={credit.isPending}
      ready={chosen.length > 0 && reference.trim() !== ""}
      onOpen={() => {
        setLines(fresh());
        setReference("");
      }}
      act={() =>
        credit.mutateAsync({
          supplier: of.supplier,
          reference: reference.trim(),
          goods: chosen.map(({ line, quantity }) => ({
            order_id: of.order_id,
            line: Number(line),
            quantity,
            unit: waiting.find((one) => String(one.line) === line)?.stock_unit ?? null,
          })),
        })
      }
      body={
        <>
          <TextField word="f.creditNote" required focus value={reference} change={setReference} />
          <LineEditor cells={CELLS} lines={lines} change={setLines} given />
        </>
      }
    />
  );
}

export default function SupplierReturns() {
  const may = useMay();
  return (
    <ListPage
      path="/api/v1/supplier-returns"
      title="page.supplierReturns"
      rowKey={(row) => row.return_id}
      records={{ under: "/buying/orders", id: "order_id" }}
      filters={[
        { name: "supplier", word: "f.supplier", kind: "text", front: true },
        { name: "state", word: "f.state", kind: ["open", "settled"], front: true },
        { name: "from_day", word: "f.from", kind: "day" },
        { name: "to_day", word: "f.to", kind: "day" },
      ]}
      columns={[
        back.text("f.number", (row) => row.number),
        back.state("f.state", (row) => row.state),
        back.text("f.order", (row) => row.order_number, { lead: true }),
        back.text("f.supplier", (row) => row.supplier_name),
        back.day("f.day", (row) => row.returned_on),
        back.node("f.lines", (row) =>
          row.lines.map((line) => (
            <Group key={`${line.line}-${line.lot}-${line.place}`} gap={6} wrap="nowrap">
              {line.sku} <Quantity of={line.quantity} />
            </Group>
          )),
        ),
        back.text("f.reason", (row) => row.reason),
        back.money("f.value", (row) => row.value),
        back.node("record.files", (row) => (
          <FilesButton kind="supplier_return" id={row.return_id} name={row.number} />
        )),
        back.node("f.action", (row) =>
          row.state === "open" && may("purchasing.bill") ? <Credit of={row} /> : null,
        ),
      ]}
    />
  );
}
