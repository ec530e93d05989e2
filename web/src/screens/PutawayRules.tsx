// Where goods of an item shall lie, in which order places are filled, and how much each has room for.
import { Button } from "@mantine/core";
import type { Row } from "../api/client";
import { readDecimal, typeDecimal } from "../format";
import { columnsOf } from "../house/columns";
import { Dialog } from "../house/Dialog";
import { DecimalField, TextField, useFields } from "../house/fields";
import { ListPage } from "../house/ListPage";
import { useAct } from "../house/useAct";
import { useMay } from "../session";
import { useTongue, useWords } from "../words";

type PutawayRule = Row<"/api/v1/putaway-rules">;
const rule = columnsOf<PutawayRule>();

/** Sets a rule, in place of the one about the same item and place. */
function SetRule({ of }: { of?: PutawayRule }) {
  const say = useWords();
  const { locale } = useTongue();
  const fresh = () => ({
    sku: of?.sku ?? "",
    place: of?.place ?? "",
    priority: String(of?.priority ?? 1),
    capacity: of ? typeDecimal(of.capacity, locale) : "",
  });
  const { form, set, reset } = useFields(fresh());
  const save = useAct("/api/v1/putaway-rules", () => say("done.saved"));
  const priority = /^[1-9]\d{0,8}$/.test(form.priority.trim()) ? Number(form.priority) : undefined;
  const capacity = readDecimal(form.capacity.trim(), locale);
  const { sku, place } = form;
  return (
    <Dialog
      word={of ? "act.changeRule" : "act.setRule"}
      look={of ? "default" : "filled"}
      inLine={of !== undefined}
      busy={save.isPending}
      ready={Boolean(sku.trim() && place.trim() && priority && capacity)}
      onOpen={() => reset(fresh())}
      act={() =>
        save.mutateAsync({
          rules: [
            {
              sku: sku.trim(),
              place: place.trim(),
              priority: priority ?? 1,
              capacity: capacity ?? "",
            },
          ],
        })
      }
      body={
        <>
          <TextField
            word="f.sku"
            required
            disabled={of !== undefined}
            value={sku}
            change={set("sku")}
          />
          <TextField
            word="f.place"
            hint={say("putAway.placeHint")}
            required
            disabled={of !== undefined}
            value={place}
            change={set("place")}
          />
          <DecimalField
            word="f.priority"
            hint={say("putAway.priorityHint")}
            required
            value={form.priority}
            change={set("priority")}
          />
          <DecimalField
            word="f.capacity"
            hint={say("putAway.capacityHint")}
            required
            value={form.capacity}
            change={set("capacity")}
          />
        </>
      }
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
