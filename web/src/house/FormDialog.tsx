// A form as a list of fields, as a list is one of columns: asked in a dialog, read as the contract writes
// it, and sent when all of it can be read.
import { Checkbox, SimpleGrid } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { ofPercent, readDecimal } from "../format";
import { type Say, useTongue, useWords, type Word } from "../words";
import { Choice, type SourceName } from "./Choice";
import { Dialog } from "./Dialog";
import { DayField, DecimalField, OneOf, TextField, useFields } from "./fields";

export interface FormField<K extends string> {
  name: K;
  word: Word;
  /**
   * Text unless said otherwise: a number, of an exchange rate with more decimals; a share that is typed
   * in percent; a day; one of these words. Or what the server has to choose from.
   */
  kind?: "text" | "decimal" | "whole" | "rate" | "percent" | "day" | "yes" | readonly string[];
  of?: SourceName;
  /** How one of these words is told, when it is no state. */
  tell?: (say: Say, word: string) => string;
  required?: boolean;
  hint?: Word;
  /** A code that is scanned into it is no text of it. */
  scan?: boolean;
  /** What was said for it alone, and so is to be said anew when it is another. */
  empties?: K;
}

type Values<K extends string> = Record<K, string>;

/** How many decimals are typed of a kind of number, where that is more than of a quantity. */
const DECIMALS: Partial<Record<string, number>> = { rate: 9, percent: 7 };

/** The fields that are another than they were. */
export function changed<T extends object>(now: T, before: T): Partial<T> {
  const was = new Map<string, unknown>(Object.entries(before));
  const other = Object.entries(now).filter(([name, value]) => value !== was.get(name));
  return Object.fromEntries(other) as Partial<T>;
}

/** What was typed, as the contract writes it; nothing while something is missing or is no number. */
function read<K extends string>(
  fields: readonly FormField<K>[],
  form: Values<K>,
  locale: string,
): Values<K> | undefined {
  const entries = fields.map(({ name, kind, required }) => {
    const text = form[name].trim();
    if (text === "") return [name, required ? undefined : ""] as const;
    if (kind === "decimal") return [name, readDecimal(text, locale)] as const;
    if (kind === "rate") return [name, readDecimal(text, locale, DECIMALS.rate)] as const;
    if (kind === "percent") {
      const percent = readDecimal(text, locale, DECIMALS.percent);
      return [name, percent && ofPercent(percent)] as const;
    }
    if (kind === "whole") return [name, /^\d{1,9}$/.test(text) ? text : undefined] as const;
    return [name, text] as const;
  });
  if (entries.some(([, value]) => value === undefined)) return undefined;
  return { ...form, ...Object.fromEntries(entries) };
}

interface FieldProps<K extends string> {
  field: FormField<K>;
  value: string;
  change: (value: string) => void;
  /** Where typing, or a scan, goes when the dialog opens. */
  focus?: boolean;
}

function Field<K extends string>({ field, value, change, focus }: FieldProps<K>) {
  const say = useWords();
  const { word, kind, of, required } = field;
  const hint = field.hint && say(field.hint);
  const common = { word, value, change, hint, required };
  if (of) return <Choice {...common} of={of} clearable={!required} />;
  if (kind === "decimal" || kind === "whole" || kind === "rate" || kind === "percent") {
    return <DecimalField {...common} decimals={DECIMALS[kind]} />;
  }
  if (kind === "day") return <DayField {...common} />;
  if (kind === "yes") {
    return (
      <Checkbox
        mt="lg"
        label={say(word)}
        description={hint}
        checked={value === "true"}
        onChange={(event) => change(event.currentTarget.checked ? "true" : "")}
      />
    );
  }
  if (kind && kind !== "text") return <OneOf {...common} of={kind} tell={field.tell} />;
  return <TextField {...common} scan={field.scan} focus={focus} />;
}

export interface FormDialogProps<K extends string> {
  /** The button that asks, and the act. */
  word: Word;
  fields: readonly FormField<K>[];
  /** What stands in the fields at first. */
  start: Values<K>;
  busy: boolean;
  /** Does it, with what was read, and what stood there when the dialog was opened. */
  act: (form: Values<K>, before: Values<K>) => Promise<unknown>;
  onOpen?: () => void;
  /** There is nothing to do before a field is another. */
  amends?: boolean;
  look?: "filled" | "default";
  inLine?: boolean;
  /** What is said before the fields. */
  before?: ReactNode;
}

export function FormDialog<K extends string>(props: FormDialogProps<K>) {
  const { word, fields, start, busy, act, look, inLine, before, amends } = props;
  const { locale } = useTongue();
  const { form, set, reset } = useFields<Values<K>>(start);
  const [opened, setOpened] = useState(start);
  const ready = read(fields, form, locale);
  const was = read(fields, opened, locale) ?? opened;
  const change = (field: FormField<K>) => (value: string) => {
    set(field.name)(value);
    if (field.empties && value !== form[field.name]) set(field.empties)("");
  };
  const isOther = ready !== undefined && Object.keys(changed(ready, was)).length > 0;
  return (
    <Dialog
      word={word}
      look={look}
      inLine={inLine}
      size={fields.length > 4 ? "lg" : undefined}
      busy={busy}
      ready={amends ? isOther : ready !== undefined}
      onOpen={() => {
        reset(start);
        setOpened(start);
        props.onOpen?.();
      }}
      act={async () => {
        if (ready) await act(ready, was);
      }}
      body={
        <>
          {before}
          <SimpleGrid cols={fields.length > 4 ? { base: 1, xs: 2 } : 1} spacing="sm">
            {fields.map((field, place) => (
              <Field
                key={field.name}
                field={field}
                value={form[field.name]}
                change={change(field)}
                focus={place === 0}
              />
            ))}
          </SimpleGrid>
        </>
      }
    />
  );
}
