// Count sheets, and how one is opened.
import { Checkbox } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import type { Row } from "../api/client";
import { Choice, useOptions } from "../house/Choice";
import { columnsOf } from "../house/columns";
import { Dialog } from "../house/Dialog";
import { ListPage } from "../house/ListPage";
import { useAct } from "../house/useAct";
import { useMay } from "../session";
import { useWords } from "../words";
import { kindWord } from "./counting/kinds";
import { PlanCounts } from "./counting/PlanCounts";

const count = columnsOf<Row<"/api/v1/counts">>();

function OpenCount() {
  const say = useWords();
  const navigate = useNavigate();
  const [warehouse, setWarehouse] = useState("");
  const [blind, setBlind] = useState(true);
  const { data: warehouses = [] } = useOptions("warehouses");
  const where = warehouse || (warehouses[0]?.value ?? "");
  const open = useAct(
    "/api/v1/counts",
    (answer) => say("done.created", { number: answer.number }),
    (answer) => navigate({ to: `/stock/counts/${answer.count_id}`, ignoreBlocker: true }),
  );
  return (
    <Dialog
      word="act.openCount"
      look="filled"
      busy={open.isPending}
      ready={where !== ""}
      onOpen={() => {
        setWarehouse("");
        setBlind(true);
      }}
      act={() => open.mutateAsync({ warehouse: where, blind })}
      body={
        <>
          <Choice of="warehouses" word="f.warehouse" required value={where} change={setWarehouse} />
          <Checkbox
            label={say("count.blind")}
            checked={blind}
            onChange={(event) => setBlind(event.currentTarget.checked)}
          />
        </>
      }
    />
  );
}

export default function Counts() {
  const say = useWords();
  const may = useMay();
  return (
    <ListPage
      path="/api/v1/counts"
      title="page.counts"
      rowKey={(row) => row.count_id}
      records={{ under: "/stock/counts", id: "count_id" }}
      actions={
        <>
          {may("counting.plan") && <PlanCounts />}
          {may("counting.count") && <OpenCount />}
        </>
      }
      filters={[
        { name: "warehouse", word: "f.warehouse", kind: "text", front: true },
        { name: "state", word: "f.state", kind: ["open", "applied", "cancelled"], front: true },
        { name: "from_day", word: "f.from", kind: "day" },
        { name: "to_day", word: "f.to", kind: "day" },
      ]}
      empty={{ title: "empty.counts", text: "empty.countsText" }}
      columns={[
        count.text("f.number", (row) => row.number, { lead: true }),
        count.state("f.state", (row) => row.state),
        count.text("f.warehouse", (row) => row.warehouse),
        count.text("f.kind", (row) => kindWord(say, row.kind)),
        count.day("f.openedOn", (row) => row.opened_on),
        count.count("f.lines", (row) => row.lines),
        count.count("f.counted", (row) => row.counted),
        count.count("f.conflicts", (row) => row.conflicts),
        count.money("f.value", (row) => row.value),
      ]}
    />
  );
}
