// The fields that forms are made of, everywhere the same.
import { NativeSelect, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import { readDecimal } from "../format";
import { type Say, stateWord, useTongue, useWords, type Word } from "../words";
import { Choice } from "./Choice";

/** The texts of a form by their names; it begins anew when it is asked to. */
export function useFields<T extends Record<string, string>>(start: T) {
  const [form, setForm] = useState(start);
  const set =
    <K extends keyof T>(name: K) =>
    (value: T[K]) =>
      setForm((before) => ({ ...before, [name]: value }));
  return { form, set, reset: (to = start) => setForm(to) };
}

interface FieldProps {
  word: Word;
  value: string;
  change: (value: string) => void;
  /** A word, or what it is made to with its values. */
  hint?: string;
  required?: boolean;
  focus?: boolean;
  disabled?: boolean;
  /** A code that is scanned into it is no text of it. */
  scan?: boolean;
}

function common({ value, change, hint, required, focus, disabled, scan }: FieldProps) {
  return {
    description: hint,
    required,
    disabled,
    value,
    "data-autofocus": focus || undefined,
    "data-scan": scan ? "" : undefined,
    onChange: (event: { currentTarget: { value: string } }) => change(event.currentTarget.value),
  };
}

export function TextField(props: FieldProps) {
  return <TextInput label={useWords()(props.word)} {...common(props)} />;
}

export function DayField({ min, ...props }: FieldProps & { min?: string }) {
  return <TextInput type="date" min={min} label={useWords()(props.word)} {...common(props)} />;
}

/** Why something is done; it stays in the audit trail unless something else is said of it. */
export function ReasonField(props: Omit<FieldProps, "word"> & { word?: Word }) {
  const say = useWords();
  const { word = "act.reason", hint = say("act.reasonHint") } = props;
  return <Textarea label={say(word)} {...common({ ...props, word, hint })} />;
}

/** Reads a typed decimal as the contract writes it; none when it is none. */
export function useDecimal(): (typed: string) => string | undefined {
  const { locale } = useTongue();
  return (typed) => readDecimal(typed.trim(), locale);
}

/** A number as the reader writes numbers; what is none says so. */
export function DecimalField({
  label,
  decimals,
  ...props
}: FieldProps & { label?: string; decimals?: number }) {
  const say = useWords();
  const { locale } = useTongue();
  const typed = props.value.trim();
  const bad = typed !== "" && readDecimal(typed, locale, decimals) === undefined;
  return (
    <TextInput
      label={label ?? say(props.word)}
      inputMode="decimal"
      error={bad && say("problem.number", { example: (12.5).toLocaleString(locale) })}
      {...common(props)}
    />
  );
}

interface OneOfProps<W extends string> {
  word: Word;
  of: readonly W[];
  value: W;
  change: (value: W) => void;
  hint?: string;
  /** How one of them is told, when it is no state. */
  tell?: (say: Say, word: string) => string;
}

/** One of a few words of the contract. */
export function OneOf<W extends string>(props: OneOfProps<W>) {
  const { word, of, value, change, hint, tell = stateWord } = props;
  const say = useWords();
  return (
    <NativeSelect
      label={say(word)}
      description={hint}
      value={value}
      onChange={(event) => {
        const chosen = of.find((one) => one === event.currentTarget.value);
        if (chosen !== undefined) change(chosen);
      }}
      data={of.map((one) => ({ value: one, label: one && tell(say, one) }))}
    />
  );
}

/** The reason whose account takes a loss. */
export function StockReason({ value, change }: Pick<FieldProps, "value" | "change">) {
  const say = useWords();
  return (
    <Choice
      of="reasons"
      word="f.reason"
      hint={say("dispose.reasonHint")}
      required
      value={value}
      change={change}
    />
  );
}
