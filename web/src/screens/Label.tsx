// What stands on a package: carrier, service, number, weight and sizes.
import { Group } from "@mantine/core";
import type { Schemas } from "../api/client";
import { Dialog } from "../house/Dialog";
import { TextField, useFields } from "../house/fields";
import { useAct } from "../house/useAct";
import { useWords } from "../words";

type Package = Schemas["PackageRow"];

const EMPTY = {
  carrier: "",
  service: "",
  tracking: "",
  weight: "",
  length: "",
  width: "",
  height: "",
};
type Fields = typeof EMPTY;

const size = (of: number) => (of > 0 ? String(of) : "");

/** What stands on a package now. */
const labelOf = (of: Package): Fields => ({
  carrier: of.carrier,
  service: of.service,
  tracking: of.tracking,
  weight: size(of.weight_grams),
  length: size(of.length_mm),
  width: size(of.width_mm),
  height: size(of.height_mm),
});

const SIZES = ["weight", "length", "width", "height"] as const;

export function useLabel(start: Fields = EMPTY) {
  const { form, set, reset } = useFields(start);
  const ready = SIZES.every((name) => /^\d*$/.test(form[name].trim()));
  const whole = (text: string) => (text.trim() ? Number(text.trim()) : null);
  const label: Schemas["LabelFields"] = {
    carrier: form.carrier.trim(),
    service: form.service.trim(),
    tracking: form.tracking.trim(),
    weight_grams: whole(form.weight),
    length_mm: whole(form.length),
    width_mm: whole(form.width),
    height_mm: whole(form.height),
  };
  /** Only what was typed; the rest stays as it is. */
  const said: Schemas["LabelFields"] = {
    ...label,
    carrier: label.carrier || null,
    service: label.service || null,
    tracking: label.tracking || null,
  };
  return { form, set, reset, ready, label, said };
}

export function LabelForm({ form, set }: Pick<ReturnType<typeof useLabel>, "form" | "set">) {
  const say = useWords();
  return (
    <>
      <Group grow>
        <TextField word="f.carrier" focus value={form.carrier} change={set("carrier")} />
        <TextField word="f.service" value={form.service} change={set("service")} />
      </Group>
      <TextField word="f.tracking" value={form.tracking} change={set("tracking")} />
      <TextField
        word="f.weight"
        hint={say("pack.weightHint")}
        value={form.weight}
        change={set("weight")}
      />
      <Group grow>
        <TextField word="f.length" value={form.length} change={set("length")} />
        <TextField word="f.width" value={form.width} change={set("width")} />
        <TextField word="f.height" value={form.height} change={set("height")} />
      </Group>
    </>
  );
}

/** Changes what stands on a package. */
export function LabelPackage({ of, inLine }: { of: Package; inLine?: boolean }) {
  const say = useWords();
  const { form, set, reset, ready, label } = useLabel();
  const act = useAct("/api/v1/packages/label", () => say("done.saved"));
  return (
    <Dialog
      word="act.label"
      inLine={inLine}
      busy={act.isPending}
      ready={ready}
      onOpen={() => reset(labelOf(of))}
      act={() => act.mutateAsync({ package_id: of.package_id, label })}
      body={<LabelForm form={form} set={set} />}
    />
  );
}
