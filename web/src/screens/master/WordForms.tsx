// Categories and units, by which items are sorted and counted.
import { useQuery } from "@tanstack/react-query";
import { list, type Row } from "../../api/client";
import { FormDialog, type FormField } from "../../house/FormDialog";
import { useAct } from "../../house/useAct";
import { useWords } from "../../words";

const CATEGORY: FormField<"code" | "name" | "parent">[] = [
  { name: "code", word: "f.code", required: true },
  { name: "name", word: "f.name", required: true },
  { name: "parent", word: "master.above", of: "categories" },
];

/** A new category, or the one given under another name or at another place. */
export function DefineCategory({ of }: { of?: Row<"/api/v1/categories"> }) {
  const say = useWords();
  const define = useAct("/api/v1/categories", () => say("done.saved"));
  const all = useQuery({
    queryKey: ["list", "/api/v1/categories", {}],
    queryFn: () => list("/api/v1/categories", {}),
    enabled: Boolean(of?.parent_id),
  });
  const above = all.data?.lines.find(({ category_id }) => category_id === of?.parent_id);
  // Where it belongs has to be known, or it would be moved to the top.
  if (of?.parent_id && !above) return null;
  const [code, ...rest] = CATEGORY;
  const fields = of ? rest : [code, ...rest];
  return (
    <FormDialog
      word={of ? "act.amend" : "act.newCategory"}
      look={of ? "default" : "filled"}
      inLine={of !== undefined}
      fields={fields.flatMap((field) => field ?? [])}
      start={{ code: of?.code ?? "", name: of?.name ?? "", parent: above?.code ?? "" }}
      busy={define.isPending}
      act={(form) => define.mutateAsync(form)}
    />
  );
}

const UNIT: FormField<"code" | "name" | "base" | "ratio" | "whole">[] = [
  { name: "code", word: "f.code", required: true },
  { name: "name", word: "f.name", required: true },
  { name: "base", word: "master.base", of: "units", hint: "master.baseHint" },
  { name: "ratio", word: "master.ratio", hint: "master.ratioHint" },
  { name: "whole", word: "master.whole", kind: "yes" },
];

/** A unit stays as it is defined: there is no changing it. */
export function DefineUnit() {
  const say = useWords();
  const define = useAct("/api/v1/units", () => say("done.saved"));
  return (
    <FormDialog
      word="act.newUnit"
      look="filled"
      fields={UNIT}
      start={{ code: "", name: "", base: "", ratio: "", whole: "" }}
      busy={define.isPending}
      act={(form) => define.mutateAsync({ ...form, whole: form.whole === "true" })}
    />
  );
}
