// What can be done with an order to a supplier, by its state and the reader's rights.
import { Button } from "@mantine/core";
import { useState } from "react";
import type { Schemas } from "../api/client";
import { isZero, typeDecimal } from "../format";
import { Dialog, ReasonDialog } from "../house/Dialog";
import { TextField } from "../house/fields";
import { type Cell, type Line, LineEditor, readLines } from "../house/LineEditor";
import { ProofLines, type Proven, proofsOn } from "../house/Proofs";
import { useAct } from "../house/useAct";
import { useMay } from "../session";
import { useFormats, useTongue, useWords } from "../words";
import { AmendOrder, CloseShort, EnterPromise } from "./AmendOrder";
import { DecideOn, useWaiting } from "./Decide";
import { ReturnGoods } from "./ReturnGoods";
import { SendOrder } from "./SendOrder";

type Order = Schemas["OrderDetail"];

export function OrderActs({ of }: { of: Order }) {
  const may = useMay();
  const say = useWords();
  const { order_id, state } = of;
  const submit = useAct("/api/v1/purchase-orders/submit", () => say("done.submitted"));
  const acknowledge = useAct("/api/v1/purchase-orders/acknowledge", () => say("done.acknowledged"));
  const cancel = useAct("/api/v1/purchase-orders/cancel", () => say("done.cancelled"));
  const isOpen = state === "approved" || state === "sent" || state === "acknowledged";
  const toBill = of.lines.some((line) => !isZero(line.not_billed));
  const isDue = of.lines.some((line) => !isZero(line.due));
  const untouched = of.received === "none" && of.billed === "none";
  return (
    <>
      {state === "draft" && may("purchasing.order") && (
        <Button loading={submit.isPending} onClick={() => submit.mutate({ order_id })}>
          {say("act.submit")}
        </Button>
      )}
      {state === "to_approve" && <Agree id={order_id} />}
      {state === "approved" && may("purchasing.send") && <SendOrder of={of} />}
      {state === "sent" && may("purchasing.order") && (
        <Button
          loading={acknowledge.isPending}
          onClick={() => acknowledge.mutate({ order_id, accept: true })}
        >
          {say("act.acknowledge")}
        </Button>
      )}
      {isOpen && isDue && may("purchasing.order") && <EnterPromise of={of} />}
      {isOpen && of.received !== "fully" && may("purchasing.receive") && <Receive of={of} />}
      {toBill && may("purchasing.bill") && <Bill of={of} />}
      {of.received !== "none" && may("purchasing.return") && (
        <ReturnGoods
          order_id={of.order_id}
          goods={of.lines
            .filter((line) => !isZero(line.received))
            .map(({ line, sku, received, stock_unit }) => ({
              line,
              sku,
              came: received,
              unit: stock_unit,
            }))}
        />
      )}
      {state !== "closed" && state !== "cancelled" && may("purchasing.order") && (
        <AmendOrder of={of} />
      )}
      {isOpen && isDue && may("purchasing.order") && <CloseShort of={of} />}
      {state !== "closed" && state !== "cancelled" && untouched && may("purchasing.order") && (
        <ReasonDialog
          word="act.cancelOrder"
          look="danger"
          busy={cancel.isPending}
          act={(reason) => cancel.mutateAsync({ order_id, reason })}
        />
      )}
    </>
  );
}

/** The decision on an order that waits. */
function Agree({ id }: { id: string }) {
  return <DecideOn of={useWaiting("purchase_order", id)} />;
}

type Name = "line" | "sku" | "expected" | "quantity";
const CELLS: Cell<Name>[] = [
  { name: "line", word: "f.line", fixed: true },
  { name: "sku", word: "f.sku", fixed: true },
  { name: "expected", word: "f.expected", fixed: true },
  { name: "quantity", word: "f.quantity", decimal: true, width: 110 },
];

/** Quantities by line, first those that are expected. */
function useQuantities(of: Order, expected: (line: Order["lines"][number]) => string) {
  const { locale } = useTongue();
  const { quantity } = useFormats();
  const fresh = () =>
    of.lines
      .filter((line) => !isZero(expected(line)))
      .map((line) => ({
        line: String(line.line),
        sku: line.sku,
        expected: `${quantity(expected(line))} ${line.stock_unit}`,
        quantity: typeDecimal(expected(line), locale),
      }));
  const [lines, setLines] = useState<Line<Name>[]>(fresh);
  const read = readLines(CELLS, lines, locale);
  const asked = read
    ?.filter((line) => line.quantity && !isZero(line.quantity))
    .map((line) => ({ line: Number(line.line), quantity: line.quantity }));
  return {
    asked,
    reset: () => setLines(fresh()),
    editor: <LineEditor cells={CELLS} lines={lines} change={setLines} given />,
  };
}

function Receive({ of }: { of: Order }) {
  const say = useWords();
  const [note, setNote] = useState("");
  const quantities = useQuantities(of, (line) => line.due);
  const unitOf = (number: number) =>
    of.lines.find(({ line }) => line === number)?.stock_unit ?? null;
  const skuOf = (number: number) => of.lines.find(({ line }) => line === number)?.sku ?? "";
  const [proven, setProven] = useState<Proven>({});
  const receive = useAct("/api/v1/receipts", (answer) =>
    say("done.received", { number: answer.number }),
  );
  return (
    <Dialog
      word="act.receive"
      look="filled"
      size="lg"
      busy={receive.isPending}
      ready={Boolean(quantities.asked?.length)}
      onOpen={() => {
        setNote("");
        setProven({});
        quantities.reset();
      }}
      act={() =>
        receive.mutateAsync({
          order_id: of.order_id,
          delivery_note: note,
          // What is due is told in the stock unit, whatever the order was written in.
          lines: (quantities.asked ?? []).map((line) => ({
            ...line,
            unit: unitOf(line.line),
            evidence: proofsOn(proven, String(line.line)),
          })),
        })
      }
      body={
        <>
          <TextField word="f.delivery" value={note} change={setNote} />
          {quantities.editor}
          <ProofLines
            of={[{ kind: "purchase_order", id: of.order_id }]}
            lines={(quantities.asked ?? []).map(({ line }) => ({
              value: String(line),
              label: `${line}: ${skuOf(line)}`,
            }))}
            value={proven}
            change={setProven}
          />
        </>
      }
    />
  );
}

function Bill({ of }: { of: Order }) {
  const say = useWords();
  const [reference, setReference] = useState("");
  const quantities = useQuantities(of, (line) => line.not_billed);
  const bill = useAct("/api/v1/bills", (answer) => say("done.billed", { number: answer.number }));
  return (
    <Dialog
      word="act.bill"
      size="lg"
      busy={bill.isPending}
      ready={Boolean(quantities.asked?.length && reference.trim())}
      onOpen={() => {
        setReference("");
        quantities.reset();
      }}
      act={() =>
        bill.mutateAsync({
          supplier: of.supplier,
          reference: reference.trim(),
          currency: of.total.currency,
          goods: (quantities.asked ?? []).map((line) => ({
            ...line,
            order_id: of.order_id,
            unit: of.lines.find(({ line: number }) => number === line.line)?.stock_unit ?? null,
          })),
        })
      }
      body={
        <>
          <TextField
            word="act.billReference"
            required
            focus
            value={reference}
            change={setReference}
          />
          {quantities.editor}
        </>
      }
    />
  );
}
