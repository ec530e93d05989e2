// How single values look, everywhere the same.
import type { MantineColor } from "@mantine/core";
import type { Schemas } from "../api/client";
import { isNegative, isZero } from "../format";
import { roleWord, stateWord, useFormats, useWords } from "../words";

type Maybe<T> = T | null | undefined;

function numberClass(text: string, faintZero: boolean): string {
  if (isNegative(text)) return "number negative";
  return faintZero && isZero(text) ? "number faint" : "number";
}

/** An amount; below zero it is red, but in a ledger, where the sign is only a side. */
export function Money({ of, ledger }: { of: Maybe<Schemas["Money"]>; ledger?: boolean }) {
  const { money } = useFormats();
  if (!of) return null;
  const look = ledger && isNegative(of.amount) ? "number" : numberClass(of.amount, true);
  return <span className={look}>{money(of)}</span>;
}

export function Quantity({ of, unit }: { of: Maybe<string>; unit?: string }) {
  const { quantity } = useFormats();
  if (of === null || of === undefined) return null;
  return (
    <span className={numberClass(of, true)}>
      {quantity(of)}
      {unit ? ` ${unit}` : ""}
    </span>
  );
}

export function Price({ of, currency }: { of: Maybe<string>; currency?: string }) {
  const { price } = useFormats();
  if (of === null || of === undefined) return null;
  return (
    <span className={numberClass(of, true)}>
      {price(of)}
      {currency ? ` ${currency}` : ""}
    </span>
  );
}

export function Percent({ of }: { of: Maybe<string> }) {
  const { percent } = useFormats();
  if (of === null || of === undefined) return null;
  return <span className={numberClass(of, true)}>{percent(of)}</span>;
}

/** A share that is told in percent. */
export function Share({ of }: { of: Maybe<string> }) {
  const { share } = useFormats();
  if (of === null || of === undefined) return null;
  return <span className={numberClass(of, true)}>{share(of)}</span>;
}

/** A ratio, to as many digits as anybody reads. */
export function Ratio({ of }: { of: Maybe<string> }) {
  const { ratio } = useFormats();
  if (of === null || of === undefined) return null;
  return <span className={numberClass(of, true)}>{ratio(of)}</span>;
}

/** A rate of exchange, to its last decimal. */
export function Rate({ of }: { of: Maybe<string> }) {
  const { rate } = useFormats();
  if (of === null || of === undefined) return null;
  return <span className="number">{rate(of)}</span>;
}

export function Count({ of }: { of: Maybe<number> }) {
  const { count } = useFormats();
  if (of === null || of === undefined) return null;
  return <span className={numberClass(String(of), true)}>{count(of)}</span>;
}

export function DayText({ of }: { of: Maybe<string> }) {
  const { day } = useFormats();
  return of ? <span style={{ whiteSpace: "nowrap" }}>{day(of)}</span> : null;
}

export function Moment({ of }: { of: Maybe<string> }) {
  const { moment } = useFormats();
  return of ? <span style={{ whiteSpace: "nowrap" }}>{moment(of)}</span> : null;
}

export function YesNo({ of }: { of: boolean }) {
  const say = useWords();
  return <span className={of ? undefined : "faint"}>{say(of ? "yes" : "no")}</span>;
}

/** Colour says who has to act: blue somebody, orange we must look, green it went well. */
const COLOURS: Record<string, MantineColor> = {
  to_approve: "orange",
  waiting: "orange",
  mismatch: "orange",
  quantity_mismatch: "orange",
  price_mismatch: "orange",
  conflict: "red",
  broken: "red",
  stands: "orange",
  not_seen: "orange",
  not_known: "red",
  refused: "red",
  quarantine: "orange",
  partly: "yellow",
  draft: "blue",
  open: "blue",
  planned: "blue",
  approved: "ink",
  sent: "ink",
  under_way: "ink",
  acknowledged: "teal",
  accepted: "teal",
  matched: "teal",
  fully: "teal",
  picking: "ink",
  picked: "teal",
  applied: "teal",
  booked: "teal",
  holds: "teal",
  locked: "teal",
  ready: "teal",
};

/** What an account is for. */
export function AccountRole({ of }: { of: Maybe<string> }) {
  const say = useWords();
  return of ? roleWord(say, of) : null;
}

export function State({ of }: { of: Maybe<string> }) {
  const say = useWords();
  if (!of) return null;
  const colour = COLOURS[of];
  return (
    <span className={colour ? "state" : "state faint"}>
      {colour && (
        <span className="state-dot" style={{ background: `var(--mantine-color-${colour}-5)` }} />
      )}
      {stateWord(say, of)}
    </span>
  );
}
