// Where goods of an item shall lie, in which order places are filled, and how much each has room for.
import { Button } from "@mantine/core";
import type { Row } from "../api/client";
import { typeDecimal } from "../format";
import { columnsOf } from "../house/columns";
import type { FormField } from "../house/FormDialog";
import { ListPage } from "../house/ListPage";
import { RuleDialog } from "../house/RuleDialog";
import { useAct } from "../house/useAct";
import { useMay } from "../session";
import { useTongue, useWords } from "../words";

type PutawayRule = Row<"/api/v1/putaway-rules">;
const rule = columnsOf<PutawayRule>();

type Name = "sku" | "place" | "priority" | "capacity";
const NUMBERS: FormField<Name>[] = [
  {
    name: "priority",
    word: "f.priority",
    kind: "whole",
    required: true,
    hint: "putAway.priorityHint",
  },
  {
    name: "capacity",
    word: "f.capacity",
    kind: "decimal",
    required: true,
    hint: "putAway.capacityHint",
  },
];
const ABOUT: FormField<Name>[] = [
  { name: "sku", word: "f.sku", required: true, scan: true },
  { name: "place", word: "f.place", required: true, hint: "putAway.placeHint" },
];

/** Sets a rule, in place of the one about the same item and place. */
function SetRule({ of }: { of?: PutawayRule }) {
  const say = useWords();
  const { locale } = useTongue();
  const save = useAct("/api/v1/putaway-rules", () => say("done.saved"));
  return (
    <RuleDialog
      of={of && `${of.sku} · ${of.place}`}
      about={ABOUT}
      fields={NUMBERS}
      start={{
        sku: of?.sku ?? "",
        place: of?.place ?? "",
        priority: String(of?.priority ?? 1),
        capacity: of ? typeDecimal(of.capacity, locale) : "",
      }}
      busy={save.isPending}
      act={(form) => save.mutateAsync({ rules: [{ ...form, priority: Number(form.priority) }] })}
    />
  );
}

function RemoveRule({ of }: { of: PutawayRule }) {
  const say = useWords();
  const remove = useAct("/api/v1/putaway-rules", () => say("done.saved"));
  return (
    <Button
      variant="default"
      size="compact-xs"
      loading={remove.isPending}
      onClick={() => remove.mutate({ rules: [{ ...of, capacity: "0" }] })}
    >
      {say("act.removePoint")}
    </Button>
  );
}

export default function PutawayRules() {
  const edits = useMay()("stock.edit_places");
  return (
    <ListPage
      path="/api/v1/putaway-rules"
      title="page.putawayRules"
      rowKey={(row) => `${row.sku} ${row.place}`}
      filters={[
        { name: "sku", word: "f.sku", kind: "text", front: true },
        { name: "place", word: "f.place", kind: "text", front: true },
      ]}
      actions={edits && <SetRule />}
      columns={[
        rule.text("f.sku", (row) => row.sku),
        rule.count("f.priority", (row) => row.priority),
        rule.text("f.place", (row) => row.place),
        rule.quantity("f.capacity", (row) => row.capacity),
        rule.node("f.action", (row) => (edits ? <SetRule of={row} /> : null)),
        rule.node("f.removal", (row) => (edits ? <RemoveRule of={row} /> : null)),
      ]}
    />
  );
}
