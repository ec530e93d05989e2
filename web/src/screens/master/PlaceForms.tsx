// Warehouses and the places in them are made.
import { FormDialog, type FormField } from "../../house/FormDialog";
import { useAct } from "../../house/useAct";
import { useWords } from "../../words";

const WAREHOUSE: FormField<"code" | "name">[] = [
  { name: "code", word: "f.code", required: true, hint: "master.warehouseHint" },
  { name: "name", word: "f.name", required: true },
];

export function CreateWarehouse() {
  const say = useWords();
  const create = useAct("/api/v1/warehouses", ({ code }) => say("done.created", { number: code }));
  return (
    <FormDialog
      word="act.newWarehouse"
      look="filled"
      fields={WAREHOUSE}
      start={{ code: "", name: "" }}
      busy={create.isPending}
      act={(form) => create.mutateAsync(form)}
    />
  );
}

const PLACE: FormField<"parent" | "code">[] = [
  { name: "parent", word: "master.parent", required: true, hint: "putAway.placeHint" },
  { name: "code", word: "f.code", required: true, hint: "master.placeHint" },
];

/** A place inside another, which is the one given at first. */
export function CreatePlace({ parent = "" }: { parent?: string }) {
  const say = useWords();
  const create = useAct("/api/v1/places", ({ path }) => say("done.created", { number: path }));
  return (
    <FormDialog
      word="act.newPlace"
      look={parent ? "default" : "filled"}
      inLine={parent !== ""}
      fields={PLACE}
      start={{ parent, code: "" }}
      busy={create.isPending}
      act={(form) => create.mutateAsync(form)}
    />
  );
}
