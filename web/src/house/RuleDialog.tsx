// A rule is set in place of the one about the same, or an existing one gets other numbers: the same form,
// without the fields that say what it is about.
import { FormDialog, type FormDialogProps, type FormField } from "./FormDialog";

interface RuleDialogProps<K extends string>
  extends Pick<FormDialogProps<K>, "start" | "busy" | "act"> {
  /** What the rule is about that is there already. */
  of?: string;
  /** What say what a rule is about. */
  about: readonly FormField<K>[];
  /** What it says. */
  fields: readonly FormField<K>[];
}

export function RuleDialog<K extends string>({ of, about, fields, ...form }: RuleDialogProps<K>) {
  return (
    <FormDialog
      word={of === undefined ? "act.setRule" : "act.changeRule"}
      look={of === undefined ? "filled" : "default"}
      inLine={of !== undefined}
      before={of}
      fields={of === undefined ? [...about, ...fields] : fields}
      {...form}
    />
  );
}
