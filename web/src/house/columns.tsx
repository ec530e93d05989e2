// Columns of lists and of tables of lines: a word, and how a row's value looks.
import type { ReactNode } from "react";
import type { Schemas } from "../api/client";
import type { Word } from "../words";
import {
  AccountRole,
  Count,
  DayText,
  Moment,
  Money,
  Percent,
  Price,
  Quantity,
  Rate,
  Ratio,
  Share,
  State,
  YesNo,
} from "./cells";

export interface Column<R> {
  word: Word;
  show: (row: R) => ReactNode;
  right?: boolean;
  /** What the server sorts by, when it can by this. */
  sort?: string;
  /** Not shown until chosen. */
  hidden?: boolean;
  /** Leads to the record. */
  lead?: boolean;
}

type Value<T> = T | null | undefined;
type Options = { sort?: string; hidden?: boolean; lead?: boolean };

/** Builders of columns for rows of a type. */
export function columnsOf<R>() {
  const column =
    <T,>(look: (value: T, row: R) => ReactNode, right = false) =>
    (word: Word, of: (row: R) => T, options: Options = {}): Column<R> => ({
      word,
      right,
      show: (row) => look(of(row), row),
      ...options,
    });
  return {
    text: column<Value<string | number>>((value) => value),
    money: column<Value<Schemas["Money"]>>((value) => <Money of={value} />, true),
    ledger: column<Value<Schemas["Money"]>>((value) => <Money of={value} ledger />, true),
    quantity: column<Value<string>>((value) => <Quantity of={value} />, true),
    price: column<Value<string>>((value) => <Price of={value} />, true),
    percent: column<Value<string>>((value) => <Percent of={value} />, true),
    share: column<Value<string>>((value) => <Share of={value} />, true),
    ratio: column<Value<string>>((value) => <Ratio of={value} />, true),
    rate: column<Value<string>>((value) => <Rate of={value} />, true),
    count: column<Value<number>>((value) => <Count of={value} />, true),
    day: column<Value<string>>((value) => <DayText of={value} />),
    moment: column<Value<string>>((value) => <Moment of={value} />),
    state: column<Value<string>>((value) => <State of={value} />),
    role: column<Value<string>>((value) => <AccountRole of={value} />),
    yesNo: column<boolean>((value) => <YesNo of={value} />),
    node: column<ReactNode>((value) => value),
  };
}
