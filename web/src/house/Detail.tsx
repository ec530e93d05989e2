// What the trail tells beside an act, in words: names of fields, and values as everywhere else.
import { Text } from "@mantine/core";
import { Fragment, type ReactNode } from "react";
import type { Schemas } from "../api/client";
import { fieldWord, stateWord, useWords } from "../words";
import { DayText, Moment, Money, Quantity } from "./cells";

/** What only wraps: its fields tell enough. */
const WRAPS = ["fields", "created", "changed", "changes", "request", "set"];
const DAY = /^\d{4}-\d\d-\d\d$/;
const MOMENT = /^\d{4}-\d\d-\d\dT/;
const DECIMAL = /^-?\d+\.\d+$/;
const FEW = 8;

type Fields = Record<string, unknown>;

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isMoney(value: unknown): value is Schemas["Money"] {
  return isFields(value) && "amount" in value && "currency" in value;
}

/** Whether there is anything to read: ids speak to programs alone. */
function speaks([name, value]: [string, unknown]): boolean {
  const empty = value === null || value === "" || value === undefined;
  const none = Array.isArray(value) && value.length === 0;
  return !empty && !none && !/_ids?$|^hash$/.test(name);
}

/** Something that was, and is another now. */
function isChange(value: unknown): value is [unknown, unknown] {
  return (
    Array.isArray(value) &&
    value.length === 2 &&
    value.every((one) => !isFields(one) || isMoney(one)) &&
    value.some((one) => typeof one !== "string" || one !== value[0])
  );
}

function Value({ of }: { of: unknown }): ReactNode {
  const say = useWords();
  if (of === null || of === undefined || of === "") return "–";
  if (typeof of === "boolean") return say(of ? "yes" : "no");
  if (typeof of === "number") return <Quantity of={String(of)} />;
  if (typeof of === "string") {
    if (DAY.test(of)) return <DayText of={of} />;
    if (MOMENT.test(of)) return <Moment of={of} />;
    return DECIMAL.test(of) ? <Quantity of={of} /> : stateWord(say, of, of);
  }
  if (isMoney(of)) return <Money of={of} />;
  if (isChange(of)) {
    return (
      <>
        <Value of={of[0]} /> → <Value of={of[1]} />
      </>
    );
  }
  if (Array.isArray(of)) {
    return (
      <>
        {of.slice(0, FEW).map((one, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: what was told does not move
          <Fragment key={at}>
            {at > 0 && "; "}
            <Value of={one} />
          </Fragment>
        ))}
        {of.length > FEW && "; …"}
      </>
    );
  }
  return <Fields of={of as Fields} />;
}

function Fields({ of }: { of: Fields }) {
  const say = useWords();
  return (
    <>
      {Object.entries(of)
        .filter(speaks)
        .map(([name, value], at) => (
          <Fragment key={name}>
            {at > 0 && " · "}
            {!WRAPS.includes(name) && (
              <Text span c="dimmed" inherit>
                {fieldWord(say, name)}{" "}
              </Text>
            )}
            <Value of={value} />
          </Fragment>
        ))}
    </>
  );
}

/** What the trail tells of an act. */
export function Detail({ of }: { of: unknown }) {
  return isFields(of) ? <Fields of={of} /> : <Value of={of} />;
}
