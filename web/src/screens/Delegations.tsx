// Delegations: who decides in whose name, from day to day.
import { MultiSelect } from "@mantine/core";
import { useState } from "react";
import type { Row } from "../api/client";
import { Choice } from "../house/Choice";
import { columnsOf } from "../house/columns";
import { Dialog } from "../house/Dialog";
import { DayField, ReasonField, TextField, useFields } from "../house/fields";
import { ListPage } from "../house/ListPage";
import { useAct } from "../house/useAct";
import { useMay, useSession } from "../session";
import { stateWord, useWords } from "../words";
import { APPROVAL_KINDS } from "./approvalKinds";

type Delegation = Row<"/api/v1/delegations">;
const delegation = columnsOf<Delegation>();

function NameDelegate() {
  const say = useWords();
  const may = useMay();
  const { me } = useSession();
  const { form, set, reset } = useFields({ to: "", from: me.today, until: "", reason: "" });
  const [kinds, setKinds] = useState<string[]>([]);
  const name = useAct("/api/v1/delegations", () => say("done.saved"));
  return (
    <Dialog
      word="act.delegate"
      look="filled"
      busy={name.isPending}
      ready={Boolean(form.to.trim() && form.until)}
      onOpen={() => {
        reset();
        setKinds([]);
      }}
      act={() =>
        name.mutateAsync({
          to: form.to.trim(),
          from_day: form.from || null,
          to_day: form.until,
          kinds,
          reason: form.reason.trim(),
        })
      }
      body={
        <>
          {may("identity.read") ? (
            <Choice of="users" word="f.delegate" required value={form.to} change={set("to")} />
          ) : (
            <TextField
              word="f.delegate"
              hint={say("delegations.login")}
              required
              focus
              value={form.to}
              change={set("to")}
            />
          )}
          <DayField word="f.fromDay" min={me.today} value={form.from} change={set("from")} />
          <DayField
            word="f.toDay"
            min={form.from || me.today}
            required
            value={form.until}
            change={set("until")}
          />
          <MultiSelect
            label={say("delegations.kinds")}
            description={say("delegations.kindsHint")}
            data={APPROVAL_KINDS.map((kind) => ({ value: kind, label: stateWord(say, kind) }))}
            value={kinds}
            onChange={setKinds}
          />
          <ReasonField value={form.reason} change={set("reason")} />
        </>
      }
    />
  );
}

function End({ of }: { of: Delegation }) {
  const say = useWords();
  const end = useAct("/api/v1/delegations/end", () => say("done.saved"));
  return (
    <Dialog
      word="act.endDelegation"
      inLine
      look="danger"
      busy={end.isPending}
      ready
      act={() => end.mutateAsync({ delegation_id: of.delegation_id })}
      body={say("delegations.end", { from: of.from_name, to: of.to_name })}
    />
  );
}

function Kinds({ of }: { of: Delegation }) {
  const say = useWords();
  if (of.kinds.length === 0) return say("delegations.all");
  return of.kinds.map((kind) => stateWord(say, kind)).join(", ");
}

export default function Delegations() {
  const may = useMay();
  const mayName = may("identity.delegate");
  return (
    <ListPage
      path="/api/v1/delegations"
      title="page.delegations"
      rowKey={(row) => row.delegation_id}
      actions={mayName && <NameDelegate />}
      filters={[
        { name: "on", word: "delegations.on", kind: "day", front: true },
        ...(may("identity.read")
          ? ([{ name: "all", word: "delegations.everybody", kind: "yes", front: true }] as const)
          : []),
      ]}
      columns={[
        delegation.text("f.inNameOf", (row) => row.from_name),
        delegation.text("f.delegate", (row) => row.to_name),
        delegation.day("f.fromDay", (row) => row.from_day),
        delegation.day("f.toDay", (row) => row.to_day),
        delegation.node("f.kind", (row) => <Kinds of={row} />),
        delegation.text("f.reason", (row) => row.reason),
        delegation.moment("delegations.ended", (row) => row.ended_at),
        delegation.node("f.action", (row) => mayName && !row.ended_at && <End of={row} />),
      ]}
    />
  );
}
