// Lists of goods to be taken from their places, and how they are planned.
import { Switch } from "@mantine/core";
import { useState } from "react";
import type { Row, Schemas } from "../api/client";
import { Choice, useOptions } from "../house/Choice";
import { columnsOf } from "../house/columns";
import { Dialog } from "../house/Dialog";
import { DayField, OneOf, TextField, useFields } from "../house/fields";
import { ListPage } from "../house/ListPage";
import { useAct } from "../house/useAct";
import { useMay, useSession } from "../session";
import { type Say, useWords } from "../words";

const pick = columnsOf<Row<"/api/v1/pick-lists">>();
const KINDS = ["order", "batch", "wave"] as const;
const STATES = ["open", "picking", "picked", "closed", "cancelled"] as const;

type Fields = {
  kind: (typeof KINDS)[number];
  warehouse: string;
  channel: string;
  due: string;
  most: string;
  picker: string;
};
const EACH: Fields = { kind: "order", warehouse: "", channel: "", due: "", most: "", picker: "" };

/** What became of the orders: on lists, or left out with the first reason why. */
function planned(say: Say, { lists, left_out }: Schemas["PicksPlanned"]) {
  const [first] = left_out;
  const n = lists.length;
  if (!first) return n > 0 ? say("done.picksPlanned", { n }) : say("done.nothingToPick");
  const left = left_out.length;
  const text = say("done.picksLeftOut", { n, left, reason: first.detail });
  return { how: "look", text } as const;
}

function Plan() {
  const say = useWords();
  const may = useMay();
  const { form, set, reset } = useFields(EACH);
  const [partly, setPartly] = useState(false);
  const plan = useAct("/api/v1/pick-lists", (answer) => planned(say, answer));
  const { data: warehouses = [] } = useOptions("warehouses");
  const where = form.warehouse || (warehouses[0]?.value ?? "");
  const batch = form.kind === "batch";
  const most = form.most.trim();
  return (
    <Dialog
      word="act.planPicks"
      look="filled"
      busy={plan.isPending}
      ready={!batch || most === "" || /^[1-9]\d*$/.test(most)}
      onOpen={() => {
        reset();
        setPartly(false);
      }}
      act={() =>
        plan.mutateAsync({
          kind: form.kind,
          warehouse: where || null,
          channel: form.channel || null,
          due_by: form.due || null,
          partly,
          orders_per_list: batch && most ? Number(most) : null,
          picker_id: form.picker || null,
        })
      }
      body={
        <>
          <OneOf
            word="f.kind"
            hint={say("pick.kindHint")}
            of={KINDS}
            value={form.kind}
            change={set("kind")}
          />
          {batch && (
            <TextField
              word="f.ordersPerList"
              hint={say("pick.mostHint")}
              value={form.most}
              change={set("most")}
            />
          )}
          <Choice
            of="warehouses"
            word="f.warehouse"
            required
            value={where}
            change={set("warehouse")}
          />
          {may("sales.read") && (
            <Choice
              of="channels"
              word="f.channel"
              clearable
              value={form.channel}
              change={set("channel")}
            />
          )}
          <DayField word="f.dueBy" value={form.due} change={set("due")} />
          {may("identity.read") && (
            <Choice
              of="userIds"
              word="f.picker"
              hint={say("pick.pickerHint")}
              clearable
              value={form.picker}
              change={set("picker")}
            />
          )}
          <Switch
            label={say("pick.partly")}
            checked={partly}
            onChange={(event) => setPartly(event.currentTarget.checked)}
          />
        </>
      }
    />
  );
}

export default function PickLists() {
  const say = useWords();
  const may = useMay();
  const { me } = useSession();
  return (
    <ListPage
      path="/api/v1/pick-lists"
      title="page.pickLists"
      rowKey={(row) => row.list_id}
      records={{ under: "/stock/picks", id: "list_id" }}
      actions={may("picking.plan") && <Plan />}
      empty={{ title: "empty.pickLists", text: "empty.pickListsText" }}
      filters={[
        { name: "active", word: "f.toDo", kind: "yes", front: true },
        { name: "unassigned", word: "f.nobodys", kind: "yes", front: true },
        { name: "number", word: "f.number", kind: "text", front: true },
        { name: "state", word: "f.state", kind: STATES },
        { name: "kind", word: "f.kind", kind: KINDS },
        {
          name: "picker_id",
          word: "f.picker",
          kind: [me.user_id],
          tell: (_, id) => (id === me.user_id ? say("pick.me") : id),
        },
        { name: "warehouse", word: "f.warehouse", kind: "text" },
        { name: "due_by", word: "f.dueBy", kind: "day" },
      ]}
      columns={[
        pick.text("f.number", (row) => row.number, { lead: true }),
        pick.state("f.state", (row) => row.state),
        pick.state("f.kind", (row) => row.kind),
        pick.text("f.about", (row) => row.title),
        pick.text("f.picker", (row) => row.picker),
        pick.day("f.dueOn", (row) => row.due_on),
        pick.text("f.warehouse", (row) => row.warehouse),
        pick.count("f.orders", (row) => row.orders),
        pick.count("f.stops", (row) => row.stops),
        pick.count("f.linesToPick", (row) => row.lines_to_pick),
        pick.count("f.linesMissed", (row) => row.lines_missed),
        pick.count("f.linesToPack", (row) => row.lines_to_pack),
        pick.count("f.linesToPutBack", (row) => row.lines_to_put_back),
        pick.moment("f.plannedAt", (row) => row.planned_at, { hidden: true }),
      ]}
    />
  );
}
