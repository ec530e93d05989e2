// What the company has set, and which duties meet in one person.
import type { Row } from "../api/client";
import { columnsOf } from "../house/columns";
import { Dialog } from "../house/Dialog";
import { TextField, useFields } from "../house/fields";
import { ListPage } from "../house/ListPage";
import { recordAddress } from "../house/records";
import { useAct } from "../house/useAct";
import { useMay } from "../session";
import { useWords } from "../words";

type Policy = Row<"/api/v1/policies">;
const policy = columnsOf<Policy>();
const duty = columnsOf<Row<"/api/v1/reports/segregation-of-duties">>();

function SetPolicy({ of }: { of: Policy }) {
  const say = useWords();
  const { form, set, reset } = useFields({ value: of.value });
  const save = useAct("/api/v1/policies", () => say("done.saved"));
  return (
    <Dialog
      word="act.setPolicy"
      inLine
      busy={save.isPending}
      ready={form.value.trim() !== ""}
      onOpen={() => reset({ value: of.value })}
      act={() => save.mutateAsync({ name: of.name, value: form.value.trim() })}
      body={
        <TextField
          word="f.value"
          hint={say("policies.value", { name: of.name })}
          required
          focus
          value={form.value}
          change={set("value")}
        />
      }
    />
  );
}

export function Policies() {
  const may = useMay();
  return (
    <ListPage
      path="/api/v1/policies"
      title="page.policies"
      rowKey={(row) => row.name}
      whole
      columns={[
        policy.text("f.name", (row) => row.name),
        policy.text("f.value", (row) => row.value),
        policy.node("f.action", (row) => may("identity.set_policy") && <SetPolicy of={row} />),
      ]}
    />
  );
}

export function Duties() {
  return (
    <ListPage
      path="/api/v1/reports/segregation-of-duties"
      title="page.duties"
      rowKey={(row) =>
        [row.finding, row.rule, row.user_id, row.object_kind, row.object_id, row.second_at].join()
      }
      open={(row) => recordAddress(row.object_kind, row.object_id)}
      filters={[
        { name: "finding", word: "duties.finding", kind: ["rights", "act"], front: true },
        { name: "login", word: "f.login", kind: "text", front: true },
        { name: "rule", word: "f.rule", kind: "text" },
        { name: "from_day", word: "f.from", kind: "day" },
        { name: "to_day", word: "f.to", kind: "day" },
      ]}
      columns={[
        duty.text("f.user", (row) => row.display_name || row.login),
        duty.state("duties.finding", (row) => row.finding),
        duty.text("duties.duties", (row) => row.duties),
        duty.text("f.record", (row) => row.number, { lead: true }),
        duty.text("duties.first", (row) => row.first_roles),
        duty.text("duties.second", (row) => row.second_roles),
        duty.moment("duties.firstAt", (row) => row.first_at),
        duty.moment("duties.secondAt", (row) => row.second_at),
        duty.text("f.rule", (row) => row.rule, { hidden: true }),
      ]}
    />
  );
}
