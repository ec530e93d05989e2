// Why shelf and books may differ: which account takes it, and from what value on somebody else agrees.
import type { Row } from "../../api/client";
import { typeDecimal } from "../../format";
import { FormDialog, type FormField } from "../../house/FormDialog";
import { useAct } from "../../house/useAct";
import { useSession } from "../../session";
import { roleWord, useTongue, useWords } from "../../words";

type Reason = Row<"/api/v1/reasons">;

/** The accounts that a difference of stock may go to, as words of the contract. */
const ROLES = [
  "scrap",
  "found",
  "marketing",
  "samples",
  "unexplained",
  "expense",
  "stock_variation_in",
  "stock_variation_out",
] as const;
type Name =
  | "code"
  | "name"
  | "role"
  | "line"
  | "sheet"
  | "evidence"
  | "explain"
  | "days"
  | "active";
const FIELDS: FormField<Name>[] = [
  { name: "code", word: "f.code", required: true },
  { name: "name", word: "f.name", required: true },
  { name: "role", word: "f.account", kind: ROLES, tell: roleWord },
  { name: "line", word: "master.lineLimit", kind: "decimal", hint: "master.limitHint" },
  { name: "sheet", word: "master.sheetLimit", kind: "decimal", hint: "master.limitHint" },
  { name: "evidence", word: "master.evidenceLimit", kind: "decimal", hint: "master.limitHint" },
  { name: "explain", word: "f.mustExplain", kind: "yes" },
  { name: "days", word: "master.dueDays", kind: "whole" },
  { name: "active", word: "f.active", kind: "yes" },
];

export function DefineReason({ of }: { of?: Reason }) {
  const say = useWords();
  const { locale } = useTongue();
  const { currency } = useSession().me;
  const define = useAct("/api/v1/reasons", () => say("done.saved"));
  const typed = (limit: Reason["line_limit"]) => (limit ? typeDecimal(limit.amount, locale) : "");
  const money = (amount: string) => (amount === "" ? null : { amount, currency });
  return (
    <FormDialog
      word={of ? "act.amend" : "act.newReason"}
      look={of ? "default" : "filled"}
      inLine={of !== undefined}
      fields={of ? FIELDS.slice(1) : FIELDS}
      start={{
        code: of?.code ?? "",
        name: of?.name ?? "",
        role: of?.role ?? "scrap",
        line: typed(of?.line_limit),
        sheet: typed(of?.sheet_limit),
        evidence: typed(of?.evidence_limit),
        explain: of?.must_explain ? "true" : "",
        days: String(of?.due_days ?? ""),
        active: of && !of.active ? "" : "true",
      }}
      busy={define.isPending}
      act={(form) =>
        define.mutateAsync({
          code: form.code,
          name: form.name,
          role: ROLES.find((one) => one === form.role) ?? of?.role ?? "scrap",
          line_limit: money(form.line),
          sheet_limit: money(form.sheet),
          evidence_limit: money(form.evidence),
          must_explain: form.explain === "true",
          due_days: form.days === "" ? null : Number(form.days),
          owner: of?.owner ?? null,
          active: form.active === "true",
        })
      }
    />
  );
}
