// Items are made, changed, and taken out of use.
import { Button } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import type { Schemas } from "../../api/client";
import { typeDecimal } from "../../format";
import { changed, FormDialog, type FormField } from "../../house/FormDialog";
import { useAct } from "../../house/useAct";
import { useTongue, useWords } from "../../words";

type Item = Schemas["ItemRow"];

/** What can be changed of an item later. */
type Own =
  | "sku"
  | "name"
  | "category"
  | "price"
  | "tax"
  | "buyUnit"
  | "buyRatio"
  | "weight"
  | "volume"
  | "keeps"
  | "best"
  | "removal"
  | "alert";

const OWN: FormField<Own>[] = [
  { name: "sku", word: "f.sku", required: true },
  { name: "name", word: "f.name", required: true },
  { name: "category", word: "f.category", of: "categories" },
  { name: "price", word: "f.listPrice", kind: "decimal" },
  { name: "tax", word: "f.tax", hint: "master.taxHint" },
  {
    name: "buyUnit",
    word: "master.buyUnit",
    of: "units",
    hint: "master.buyUnitHint",
    empties: "buyRatio",
  },
  { name: "buyRatio", word: "master.buyRatio", hint: "master.buyRatioHint" },
  { name: "weight", word: "f.weight", kind: "decimal" },
  { name: "volume", word: "master.volume", kind: "decimal" },
  { name: "keeps", word: "master.keeps", kind: "whole", hint: "master.keepsHint" },
  { name: "best", word: "master.best", kind: "whole" },
  { name: "removal", word: "master.removal", kind: "whole" },
  { name: "alert", word: "master.alert", kind: "whole" },
];

const KINDS = ["goods", "service", "kit"] as const;
const TRACKINGS = ["none", "lot", "serial"] as const;
type Given = Own | "kind" | "tracking" | "unit";
const GIVEN: FormField<Given>[] = [
  ...OWN.slice(0, 2),
  { name: "kind", word: "f.kind", kind: KINDS },
  { name: "tracking", word: "master.tracking", kind: TRACKINGS },
  { name: "unit", word: "f.stockUnit", of: "units", hint: "master.unitHint" },
  ...OWN.slice(2),
];

const NONE: Record<Own, string> = {
  sku: "",
  name: "",
  category: "",
  price: "",
  tax: "",
  buyUnit: "",
  buyRatio: "",
  weight: "",
  volume: "",
  keeps: "",
  best: "",
  removal: "",
  alert: "",
};

/** The fields as the contract names them. */
const written = (form: Record<Own, string>) => ({
  sku: form.sku,
  name: form.name,
  category: form.category,
  list_price: form.price || "0",
  tax_code: form.tax,
  purchase_unit: form.buyUnit,
  purchase_ratio: form.buyRatio,
  weight_grams: form.weight || "0",
  volume_litres: form.volume || "0",
  expiry_days: Number(form.keeps),
  best_before_days: Number(form.best),
  removal_days_before: Number(form.removal),
  alert_days_before: Number(form.alert),
});

export function CreateItem() {
  const say = useWords();
  const navigate = useNavigate();
  const create = useAct(
    "/api/v1/items",
    () => say("done.saved"),
    ({ items: [made] }) => {
      if (made?.outcome === "done")
        navigate({ to: `/stock/items/${made.item_id}`, ignoreBlocker: true });
    },
  );
  return (
    <FormDialog
      word="act.newItem"
      look="filled"
      fields={GIVEN}
      start={{ ...NONE, kind: "goods", tracking: "none", unit: "" }}
      busy={create.isPending}
      act={(form) =>
        create.mutateAsync({
          all_or_nothing: true,
          items: [
            {
              ...written(form),
              kind: KINDS.find((one) => one === form.kind),
              tracking: TRACKINGS.find((one) => one === form.tracking),
              ...(form.unit && { stock_unit: form.unit }),
            },
          ],
        })
      }
    />
  );
}

/** A number of days, or an amount, that is none. */
const some = (text: string, locale: string) =>
  /^0(\.0+)?$/.test(text) ? "" : typeDecimal(text, locale);

export function AmendItem({ of }: { of: Item }) {
  const say = useWords();
  const { locale } = useTongue();
  // The item as it was when the dialog was opened: another's change meanwhile is not written over.
  const [seen, setSeen] = useState(of);
  const amend = useAct("/api/v1/items/amend", () => say("done.saved"));
  const days = (count: number) => (count === 0 ? "" : String(count));
  return (
    <FormDialog
      word="act.amend"
      fields={OWN}
      start={{
        sku: of.sku,
        name: of.name,
        category: of.category,
        price: some(of.list_price, locale),
        tax: of.tax_code,
        buyUnit: of.purchase_unit,
        buyRatio: of.purchase_ratio,
        weight: some(of.weight_grams, locale),
        volume: some(of.volume_litres, locale),
        keeps: days(of.expiry_days),
        best: days(of.best_before_days),
        removal: days(of.removal_days_before),
        alert: days(of.alert_days_before),
      }}
      busy={amend.isPending}
      amends
      onOpen={() => setSeen(of)}
      act={(form, before) =>
        amend.mutateAsync({
          item_id: seen.item_id,
          revision: seen.revision,
          ...changed(written(form), written(before)),
          // A ratio is that of its unit: with another unit it is said again, even if it is the same.
          ...(form.buyUnit !== before.buyUnit && { purchase_ratio: form.buyRatio }),
        })
      }
    />
  );
}

/** Takes an item out of use, or back into it. */
export function RetireItem({ of }: { of: Item }) {
  const say = useWords();
  const { item_id, revision, active } = of;
  const retire = useAct("/api/v1/items/retire", () => say("done.saved"));
  const restore = useAct("/api/v1/items/restore", () => say("done.saved"));
  const one = active ? retire : restore;
  return (
    <Button
      variant="default"
      loading={one.isPending}
      onClick={() => one.mutate({ item_id, revision })}
    >
      {say(active ? "act.retire" : "act.restore")}
    </Button>
  );
}
