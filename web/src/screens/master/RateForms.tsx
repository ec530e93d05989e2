// Tax codes and rates: what was posted keeps its rate, so that a rate is never changed but followed by
// another.
import { FormDialog, type FormField } from "../../house/FormDialog";
import { useAct } from "../../house/useAct";
import { useSession } from "../../session";
import { useWords } from "../../words";

export const TAX_KINDS = [
  "standard",
  "reduced",
  "zero",
  "exempt",
  "outside",
  "reverse_charge",
  "import",
] as const;

type Own = "rate" | "from";
const RATE: FormField<Own>[] = [
  { name: "rate", word: "master.taxRate", kind: "percent", required: true },
  { name: "from", word: "master.from", kind: "day", required: true },
];
const CODE: FormField<"code" | "name" | "kind" | "recoverable" | Own>[] = [
  { name: "code", word: "f.code", required: true },
  { name: "name", word: "f.name", required: true },
  { name: "kind", word: "f.kind", kind: TAX_KINDS, hint: "master.taxKindHint" },
  {
    name: "recoverable",
    word: "master.recoverable",
    kind: "percent",
    required: true,
    hint: "master.recoverableHint",
  },
  ...RATE,
];

export function DefineTaxCode() {
  const say = useWords();
  const { today } = useSession().me;
  const define = useAct("/api/v1/tax-codes", () => say("done.saved"));
  return (
    <FormDialog
      word="act.newTaxCode"
      look="filled"
      fields={CODE}
      start={{ code: "", name: "", kind: "standard", recoverable: "100", rate: "", from: today }}
      busy={define.isPending}
      act={({ code, name, kind, recoverable, rate, from }) =>
        define.mutateAsync({
          code,
          name,
          kind: TAX_KINDS.find((one) => one === kind) ?? "standard",
          recoverable,
          rates: [{ rate, from }],
        })
      }
    />
  );
}

/** Another rate of a tax code from a day on. */
export function SetTaxRate({ code }: { code: string }) {
  const say = useWords();
  const { today } = useSession().me;
  const save = useAct("/api/v1/tax-codes/rates", () => say("done.saved"));
  return (
    <FormDialog
      word="act.newRate"
      inLine
      before={code}
      fields={RATE}
      start={{ rate: "", from: today }}
      busy={save.isPending}
      act={(form) => save.mutateAsync({ code, ...form })}
    />
  );
}

const EXCHANGE: FormField<"currency" | "source" | Own>[] = [
  { name: "currency", word: "f.currency", required: true, hint: "master.foreignHint" },
  {
    name: "rate",
    word: "f.exchangeRate",
    kind: "rate",
    required: true,
    hint: "master.exchangeRateHint",
  },
  { name: "from", word: "master.from", kind: "day", required: true, hint: "master.sameDayHint" },
  { name: "source", word: "f.source", hint: "master.sourceHint" },
];

/** The rate of a currency from a day on, of one that has rates already or of another. */
export function SetExchangeRate({ currency }: { currency?: string }) {
  const say = useWords();
  const { today } = useSession().me;
  const save = useAct("/api/v1/exchange-rates", () => say("done.saved"));
  return (
    <FormDialog
      word="act.newExchangeRate"
      look={currency ? "default" : "filled"}
      inLine={currency !== undefined}
      before={currency}
      fields={currency ? EXCHANGE.slice(1) : EXCHANGE}
      start={{ currency: currency ?? "", rate: "", from: today, source: "" }}
      busy={save.isPending}
      act={(form) => save.mutateAsync({ ...form, currency: form.currency.toUpperCase() })}
    />
  );
}
