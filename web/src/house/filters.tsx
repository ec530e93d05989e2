// A list's filters: they live in the address, so that every view is a link.
import { Button, CloseButton, Group, Pill, Popover, Select, Stack, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconFilter } from "@tabler/icons-react";
import { memo, useEffect, useState } from "react";
import type { FilterName, ListPath } from "../api/client";
import { type Say, stateWord, useFormats, useWords, type Word } from "../words";

export interface Filter<P extends ListPath> {
  name: FilterName<P>;
  word: Word;
  /** text is typed, day is a calendar's, yes is only on or off, else it is one of these words. */
  kind: "text" | "day" | "yes" | readonly string[];
  /** How one of these words is told, when it is no state. */
  tell?: (say: Say, word: string) => string;
  /** Beside the list at all times, not behind the button. */
  front?: boolean;
}

export type Values = Record<string, string>;

interface FiltersProps<P extends ListPath> {
  filters: Filter<P>[];
  values: Values;
  change: (values: Values) => void;
}

export function without(values: Values, name: string): Values {
  return Object.fromEntries(Object.entries(values).filter(([own]) => own !== name));
}

interface TypedProps {
  label: string;
  value: string;
  set: (value: string) => void;
}

/** How long after a letter the list is asked for, in milliseconds: a word is not asked for by its parts. */
const TYPING = 40;

/** A filter that is typed. */
export function Typed({ label, value, set }: TypedProps) {
  const [text, setText] = useState(value);
  const later = useDebouncedCallback(set, TYPING);
  useEffect(() => setText(value), [value]);
  return (
    <TextInput
      aria-label={label}
      placeholder={label}
      value={text}
      w={170}
      data-filter
      onChange={(event) => {
        setText(event.currentTarget.value);
        later(event.currentTarget.value.trim());
      }}
      rightSection={
        text ? (
          <CloseButton size="xs" aria-label={label} tabIndex={-1} onClick={() => set("")} />
        ) : null
      }
    />
  );
}

function Field<P extends ListPath>({
  filter,
  values,
  change,
}: Omit<FiltersProps<P>, "filters"> & { filter: Filter<P> }) {
  const say = useWords();
  const label = say(filter.word);
  const value = values[filter.name] ?? "";
  const set = (next: string) =>
    change(next ? { ...values, [filter.name]: next } : without(values, filter.name));
  if (filter.kind === "text") return <Typed label={label} value={value} set={set} />;
  if (filter.kind === "day") {
    return (
      <TextInput
        type="date"
        label={label}
        value={value}
        onChange={(event) => set(event.currentTarget.value)}
      />
    );
  }
  if (filter.kind === "yes") {
    const on = value === "true";
    return (
      <Button
        variant={on ? "filled" : "default"}
        aria-pressed={on}
        onClick={() => set(on ? "" : "true")}
      >
        {label}
      </Button>
    );
  }
  const { tell = stateWord } = filter;
  return (
    <Select
      aria-label={label}
      placeholder={label}
      searchable={filter.tell !== undefined}
      comboboxProps={filter.tell && { width: "max-content", position: "bottom-start" }}
      data={filter.kind.map((word) => ({ value: word, label: tell(say, word) }))}
      value={value || null}
      onChange={(next) => set(next ?? "")}
      clearable
      w={160}
    />
  );
}

/** The fields to set filters by. They are drawn again only when they change. */
export const FilterBar = memo(AllFields) as typeof AllFields;

function AllFields<P extends ListPath>({ filters, values, change }: FiltersProps<P>) {
  const say = useWords();
  const front = filters.filter((filter) => filter.front);
  const behind = filters.filter((filter) => !filter.front);
  const fields = (some: Filter<P>[]) =>
    some.map((filter) => (
      <Field key={filter.name} filter={filter} values={values} change={change} />
    ));
  return (
    <Group gap="xs">
      {fields(front)}
      {behind.length > 0 && (
        <Popover position="bottom-start" shadow="md" trapFocus returnFocus>
          <Popover.Target>
            <Button variant="default" leftSection={<IconFilter size={14} />}>
              {say("list.filter")}
            </Button>
          </Popover.Target>
          <Popover.Dropdown aria-label={say("list.filter")}>
            <Stack gap="xs">{fields(behind)}</Stack>
          </Popover.Dropdown>
        </Popover>
      )}
    </Group>
  );
}

/** The filters that are set, each with its way out. */
export function FilterChips<P extends ListPath>({ filters, values, change }: FiltersProps<P>) {
  const say = useWords();
  const { day } = useFormats();
  const set = filters.filter((filter) => values[filter.name]);
  if (set.length === 0) return null;
  const told = ({ kind, name, tell = stateWord }: Filter<P>) => {
    const value = values[name] ?? "";
    if (kind === "yes") return value === "false" ? `: ${say("no")}` : "";
    if (kind === "text") return `: ${value}`;
    return `: ${kind === "day" ? day(value) : tell(say, value)}`;
  };
  // What else the address says stays: the order of the lines, and whose lines they are.
  const clear = () => change(filters.reduce((left, { name }) => without(left, name), values));
  return (
    <Group gap={6}>
      {set.map((filter) => (
        <Pill
          key={filter.name}
          withRemoveButton
          removeButtonProps={{
            "aria-label": say("list.remove", { name: say(filter.word) }),
            "aria-hidden": false,
            tabIndex: 0,
          }}
          onRemove={() => change(without(values, filter.name))}
        >
          {say(filter.word)}
          {told(filter)}
        </Pill>
      ))}
      <Button variant="subtle" size="compact-xs" onClick={clear}>
        {say("list.clear")}
      </Button>
    </Group>
  );
}
