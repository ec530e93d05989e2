// Transfers between warehouses, and how one is planned.
import { Group } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import type { Row } from "../api/client";
import { Choice } from "../house/Choice";
import { columnsOf } from "../house/columns";
import { Dialog } from "../house/Dialog";
import { useFields } from "../house/fields";
import { type Cell, emptyLine, type Line, LineEditor, readLines } from "../house/LineEditor";
import { ListPage } from "../house/ListPage";
import { useAct } from "../house/useAct";
import { useMay } from "../session";
import { useTongue, useWords } from "../words";

const transfer = columnsOf<Row<"/api/v1/transfers">>();
const STATES = ["planned", "under_way", "closed", "cancelled"] as const;

type Name = "sku" | "quantity";
const CELLS: Cell<Name>[] = [
  { name: "sku", word: "f.sku" },
  { name: "quantity", word: "f.quantity", decimal: true, width: 120 },
];

function Plan() {
  const say = useWords();
  const { locale } = useTongue();
  const navigate = useNavigate();
  const { form, set, reset } = useFields({ from: "", to: "" });
  const { from, to } = form;
  const [lines, setLines] = useState<Line<Name>[]>([emptyLine(CELLS)]);
  const plan = useAct(
    "/api/v1/transfers",
    (answer) => say("done.created", { number: answer.number }),
    (answer) => navigate({ to: `/stock/transfers/${answer.transfer_id}`, ignoreBlocker: true }),
  );
  const read = readLines(CELLS, lines, locale);
  const whole = read?.length && read.every((line) => line.sku && line.quantity);
  return (
    <Dialog
      word="act.planTransfer"
      look="filled"
      size="lg"
      busy={plan.isPending}
      ready={Boolean(from && to && from !== to && whole)}
      onOpen={() => {
        reset();
        setLines([emptyLine(CELLS)]);
      }}
      act={() => plan.mutateAsync({ from, to, lines: read ?? [] })}
      body={
        <>
          <Group grow>
            <Choice of="warehouses" word="f.from" required value={from} change={set("from")} />
            <Choice of="warehouses" word="f.to" required value={to} change={set("to")} />
          </Group>
          <LineEditor cells={CELLS} lines={lines} change={setLines} />
        </>
      }
    />
  );
}

export default function Transfers() {
  const may = useMay();
  return (
    <ListPage
      path="/api/v1/transfers"
      title="page.transfers"
      rowKey={(row) => row.transfer_id}
      records={{ under: "/stock/transfers", id: "transfer_id" }}
      actions={may("stock.plan_transfer") && <Plan />}
      filters={[
        { name: "sku", word: "f.sku", kind: "text", front: true },
        { name: "state", word: "f.state", kind: STATES, front: true },
        { name: "from", word: "f.from", kind: "text" },
        { name: "to", word: "f.to", kind: "text" },
      ]}
      empty={{ title: "empty.transfers", text: "empty.transfersText" }}
      columns={[
        transfer.text("f.number", (row) => row.number, { lead: true }),
        transfer.state("f.state", (row) => row.state),
        transfer.text("f.from", (row) => row.from),
        transfer.text("f.to", (row) => row.to),
        transfer.day("f.departOn", (row) => row.depart_on),
        transfer.day("f.arrivesOn", (row) => row.arrive_on),
        transfer.text("f.note", (row) => row.note),
      ]}
    />
  );
}
