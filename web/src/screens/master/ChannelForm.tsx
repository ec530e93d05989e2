// Channels: from which warehouse and on which terms is sold there. Orders accepted before keep theirs.
import { useState } from "react";
import type { Row } from "../../api/client";
import { FormDialog, type FormField } from "../../house/FormDialog";
import { useAct } from "../../house/useAct";
import { type Say, useWords, type Word } from "../../words";

type Channel = Row<"/api/v1/channels">;

const SHORT = ["refuse", "back_order"] as const;
const RESERVE = ["accept", "manual"] as const;
const PRICES = ["net", "gross"] as const;
const REVENUE = ["shipment", "invoice"] as const;
type Term = (typeof SHORT | typeof RESERVE | typeof PRICES | typeof REVENUE)[number];

const TERMS: Record<Term, Word> = {
  refuse: "channel.refuse",
  back_order: "channel.backOrder",
  accept: "channel.atAccept",
  manual: "channel.byHand",
  net: "channel.net",
  gross: "channel.gross",
  shipment: "channel.atShipment",
  invoice: "channel.atInvoice",
};

/** What one of a channel's terms means. */
export function termWord(say: Say, term: string): string {
  const word = (TERMS as Partial<Record<string, Word>>)[term];
  return word ? say(word) : term;
}

const oneOf = <W extends string>(words: readonly W[], word: string) =>
  words.find((one) => one === word);

type Name =
  | "code"
  | "name"
  | "warehouse"
  | "short"
  | "reserve"
  | "prices"
  | "revenue"
  | "days"
  | "tax"
  | "prepaid"
  | "active";
const CODE: FormField<Name> = { name: "code", word: "f.code", required: true };
const FIELDS: FormField<Name>[] = [
  { name: "name", word: "f.name", required: true },
  { name: "warehouse", word: "f.warehouse", of: "warehouses", required: true },
  {
    name: "short",
    word: "channel.whenShort",
    kind: ["", ...SHORT],
    tell: termWord,
    hint: "master.limitHint",
  },
  {
    name: "reserve",
    word: "channel.reserveAt",
    kind: ["", ...RESERVE],
    tell: termWord,
    hint: "master.limitHint",
  },
  { name: "prices", word: "channel.prices", kind: PRICES, tell: termWord },
  {
    name: "revenue",
    word: "channel.revenueAt",
    kind: REVENUE,
    tell: termWord,
    hint: "channel.revenueHint",
  },
  { name: "days", word: "f.paymentDays", kind: "whole", required: true },
  { name: "tax", word: "channel.taxCode", of: "taxCodes", hint: "channel.taxHint" },
  { name: "prepaid", word: "channel.prepaid", kind: "yes" },
  { name: "active", word: "channel.active", kind: "yes" },
];

/** A new channel, or other terms of one; another's change in between is refused, not written over. */
export function DefineChannel({ of }: { of?: Channel }) {
  const say = useWords();
  // The channel as it was when the dialog was opened.
  const [seen, setSeen] = useState(of);
  const define = useAct("/api/v1/channels", () => say("done.saved"));
  return (
    <FormDialog
      word={of ? "act.amend" : "act.newChannel"}
      look={of ? "default" : "filled"}
      inLine={of !== undefined}
      amends={of !== undefined}
      fields={of ? FIELDS : [CODE, ...FIELDS]}
      start={{
        code: of?.code ?? "",
        name: of?.name ?? "",
        warehouse: of?.warehouse ?? "",
        short: of?.when_short ?? "",
        reserve: of?.reserve_at ?? "",
        prices: of?.prices ?? "gross",
        revenue: of?.revenue_at ?? "invoice",
        days: String(of?.terms_days ?? 0),
        tax: of?.tax_code ?? "",
        prepaid: of?.prepaid ? "true" : "",
        active: of && !of.active ? "" : "true",
      }}
      busy={define.isPending}
      onOpen={() => setSeen(of)}
      act={(form) =>
        define.mutateAsync({
          code: form.code,
          name: form.name,
          warehouse: form.warehouse,
          when_short: oneOf(SHORT, form.short) ?? null,
          reserve_at: oneOf(RESERVE, form.reserve) ?? null,
          prices: oneOf(PRICES, form.prices) ?? "gross",
          revenue_at: oneOf(REVENUE, form.revenue) ?? "invoice",
          terms_days: Number(form.days),
          tax_code: form.tax || null,
          prepaid: form.prepaid === "true",
          active: form.active === "true",
          revision: seen?.revision ?? 0,
        })
      }
    />
  );
}
