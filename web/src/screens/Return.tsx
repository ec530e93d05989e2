// A customer's return: what is expected, what came, and where each piece goes.
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { list, type Row, record, type Schemas } from "../api/client";
import { isZero } from "../format";
import { DayText, Quantity, State } from "../house/cells";
import { columnsOf } from "../house/columns";
import { Dialog, ReasonDialog } from "../house/Dialog";
import { type Cell, type Line, LineEditor, readLines } from "../house/LineEditor";
import { AskedTable, LineTable } from "../house/LineTable";
import { RecordPage } from "../house/RecordPage";
import { useAct } from "../house/useAct";
import { useMay } from "../session";
import { useTongue, useWords } from "../words";
import { Dispose } from "./Dispose";
import { DecideRefund, RefundsOf, useRefundsOf } from "./Refunds";

type Detail = Schemas["ReturnDetail"];
const line = columnsOf<Detail["lines"][number]>();
const goods = columnsOf<Row<"/api/v1/returned-goods">>();
const decided = columnsOf<Row<"/api/v1/dispositions">>();

type Name = "line" | "sku" | "quantity";
const CELLS: Cell<Name>[] = [
  { name: "line", word: "f.line", fixed: true },
  { name: "sku", word: "f.sku", fixed: true },
  { name: "quantity", word: "f.quantity", decimal: true, width: 110 },
];

function Receive({ of }: { of: Detail }) {
  const say = useWords();
  const { locale } = useTongue();
  const [lines, setLines] = useState<Line<Name>[]>([]);
  const receive = useAct("/api/v1/returns/receive", (answer) =>
    say("done.received", { number: answer.number }),
  );
  const read = readLines(CELLS, lines, locale)?.filter((one) => one.quantity);
  return (
    <Dialog
      word="act.receive"
      look="filled"
      busy={receive.isPending}
      ready={Boolean(read?.length)}
      onOpen={() =>
        setLines(of.lines.map((one) => ({ line: String(one.line), sku: one.sku, quantity: "" })))
      }
      act={() =>
        receive.mutateAsync({
          return_id: of.return_id,
          lines: (read ?? []).map((one) => ({ line: Number(one.line), quantity: one.quantity })),
        })
      }
      body={<LineEditor cells={CELLS} lines={lines} change={setLines} given />}
    />
  );
}

/** Says that what did not come is not going to. */
function CloseReturn({ id }: { id: string }) {
  const say = useWords();
  const close = useAct("/api/v1/returns/close", () => say("done.closedReturn"));
  return (
    <ReasonDialog
      word="act.closeReturn"
      look="danger"
      busy={close.isPending}
      act={(reason) => close.mutateAsync({ return_id: id, reason })}
    />
  );
}

function Arrived({ id }: { id: string }) {
  const may = useMay();
  const asked = useQuery({
    queryKey: ["return", "goods", id],
    queryFn: () => list("/api/v1/returned-goods", { return_id: id, limit: "200" }),
  });
  return (
    <AskedTable
      asked={asked}
      rowKey={(row) => row.goods_id}
      columns={[
        goods.text("f.number", (row) => row.number),
        goods.text("f.sku", (row) => row.sku),
        goods.day("f.received", (row) => row.received_on),
        goods.text("f.place", (row) => row.place),
        goods.quantity("f.quantity", (row) => row.quantity),
        goods.quantity("f.undecided", (row) => row.undecided),
        goods.money("f.value", (row) => row.value),
      ]}
      end={(row) =>
        !isZero(row.undecided) && may("quality.dispose") ? <Dispose of={row} /> : null
      }
    />
  );
}

function useDecided(id: string) {
  return useQuery({
    queryKey: ["return", "dispositions", id],
    queryFn: () => list("/api/v1/dispositions", { return_id: id, limit: "200" }),
  });
}

function Decided({ id }: { id: string }) {
  const asked = useDecided(id);
  return (
    <AskedTable
      asked={asked}
      rowKey={(row) => `${row.disposition_id}-${row.line}`}
      columns={[
        decided.text("f.number", (row) => row.number),
        decided.text("f.sku", (row) => row.sku),
        decided.state("f.outcome", (row) => row.outcome),
        decided.quantity("f.quantity", (row) => row.quantity),
        decided.day("f.day", (row) => row.decided_on),
        decided.text("f.note", (row) => row.note),
        decided.money("f.value", (row) => row.value),
      ]}
    />
  );
}

/** Whether something came of which the price was not given back: what of it may be, the server says. */
function isRefundable(back: Detail): boolean {
  return back.lines.some(
    ({ quantity, received, refunded }) =>
      !isZero(received) && refunded !== received && refunded !== quantity,
  );
}

export default function Return() {
  const { id } = useParams({ strict: false }) as { id: string };
  const may = useMay();
  const query = useQuery({
    queryKey: ["record", "return", id],
    queryFn: () => record("/api/v1/returns/{id}", id),
  });
  const refunds = useRefundsOf(id).data?.lines ?? [];
  const decisions = useDecided(id).data?.lines ?? [];
  const waits = refunds.some((one) => one.state === "to_approve");
  const claims = new Set(decisions.flatMap((one) => one.claim_id ?? []));
  return (
    <RecordPage
      query={query}
      back="/sales/returns"
      subjects={() => [
        ["customer_return", id],
        ...refunds.map((one) => ["refund", one.refund_id] as const),
        ...[...claims].map((claim) => ["claim", claim] as const),
      ]}
      title={(back) => back.number}
      under={(back) => [back.order_number, back.partner].filter(Boolean).join(" · ")}
      acts={(back) => (
        <>
          {!isZero(back.expected) && may("quality.receive") && <Receive of={back} />}
          {!isZero(back.expected) && may("quality.receive") && <CloseReturn id={id} />}
          {isRefundable(back) && !waits && may("quality.refund") && <DecideRefund id={id} />}
        </>
      )}
      facts={(back) => [
        { word: "f.reason", value: <State of={back.reason} /> },
        { word: "f.authorizedOn", value: <DayText of={back.authorized_on} /> },
        { word: "f.warehouse", value: back.warehouse },
        { word: "f.expected", value: <Quantity of={back.expected} /> },
        { word: "f.received", value: <Quantity of={back.received} /> },
        { word: "f.undecided", value: <Quantity of={back.undecided} /> },
        { word: "f.note", value: back.note },
      ]}
      tabs={(back) => [
        {
          word: "record.lines",
          count: back.lines.length,
          body: (
            <LineTable
              rows={back.lines}
              rowKey={(row) => row.line}
              columns={[
                line.count("f.line", (row) => row.line),
                line.text("f.sku", (row) => row.sku),
                line.quantity("f.quantity", (row) => row.quantity),
                line.quantity("f.received", (row) => row.received),
                line.quantity("f.refunded", (row) => row.refunded),
                line.price("f.price", (row) => row.price),
              ]}
            />
          ),
        },
        { word: "record.arrived", body: <Arrived id={id} /> },
        { word: "record.decided", body: <Decided id={id} /> },
        { word: "page.refunds", body: <RefundsOf id={id} /> },
      ]}
    />
  );
}
