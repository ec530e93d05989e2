// What an accountant writes: entries by hand and their reversal, and accounts of the company's own.
import { Checkbox, Group, Text } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import type { Schemas } from "../../api/client";
import { Dialog } from "../../house/Dialog";
import { FormDialog, type FormField } from "../../house/FormDialog";
import { DayField, TextField, useFields } from "../../house/fields";
import { type Cell, emptyLine, type Line, LineEditor, readLines } from "../../house/LineEditor";
import { useAct } from "../../house/useAct";
import { useSession } from "../../session";
import { useTongue, useWords } from "../../words";

type Name = "account" | "debit" | "credit";
const CELLS: Cell<Name>[] = [
  { name: "account", word: "f.account" },
  { name: "debit", word: "f.debit", decimal: true, width: 120 },
  { name: "credit", word: "f.credit", decimal: true, width: 120 },
];

/** Lines by hand; whether they balance and may be entered, the books say. */
export function EnterByHand() {
  const say = useWords();
  const { locale } = useTongue();
  const navigate = useNavigate();
  const { today, currency } = useSession().me;
  const fresh = () => [emptyLine(CELLS), emptyLine(CELLS)];
  const [lines, setLines] = useState<Line<Name>[]>(fresh);
  const [settles, setSettles] = useState(false);
  const start = { day: today, memo: "", reason: "" };
  const { form, set, reset } = useFields(start);
  const enter = useAct(
    "/api/v1/entries",
    () => say("done.saved"),
    ({ entry_id }) => navigate({ to: `/books/journal/${entry_id}`, ignoreBlocker: true }),
  );
  const read = readLines(CELLS, lines, locale);
  const money = (amount: string) => (amount ? { amount, currency } : null);
  const isWhole = read?.every((one) => one.account && Boolean(one.debit) !== Boolean(one.credit));
  return (
    <Dialog
      word="act.enterByHand"
      look="filled"
      size="lg"
      busy={enter.isPending}
      ready={Boolean(read && read.length > 1 && isWhole && form.memo.trim() && form.day)}
      onOpen={() => {
        setLines(fresh());
        setSettles(false);
        reset(start);
      }}
      act={() =>
        enter.mutateAsync({
          happened_on: form.day,
          memo: form.memo.trim(),
          settles_tax: settles,
          soft_lock_reason: form.reason.trim() || null,
          lines: (read ?? []).map(({ account, debit, credit }) => {
            return { account, debit: money(debit), credit: money(credit) };
          }),
        })
      }
      body={
        <>
          <Text size="sm">{say("books.byHandText")}</Text>
          <Group grow align="flex-start">
            <DayField word="f.day" required value={form.day} change={set("day")} />
            <TextField word="f.memo" required value={form.memo} change={set("memo")} />
          </Group>
          <LineEditor cells={CELLS} lines={lines} change={setLines} />
          <TextField
            word="books.lockReason"
            hint={say("books.lockReasonHint")}
            value={form.reason}
            change={set("reason")}
          />
          <Checkbox
            label={say("books.settlesTax")}
            checked={settles}
            onChange={(event) => setSettles(event.currentTarget.checked)}
          />
        </>
      }
    />
  );
}

/** Takes an entry that was made by hand back, by another that mirrors it. */
export function ReverseEntry({ id }: { id: string }) {
  const say = useWords();
  const { today } = useSession().me;
  const { form, set, reset } = useFields({ day: today });
  const reverse = useAct("/api/v1/entries/reverse", () => say("done.saved"));
  return (
    <Dialog
      word="act.reverse"
      look="danger"
      busy={reverse.isPending}
      ready={form.day !== ""}
      onOpen={() => reset({ day: today })}
      act={() => reverse.mutateAsync({ entry_id: id, on: form.day })}
      body={<DayField word="f.day" required value={form.day} change={set("day")} />}
    />
  );
}

export const ACCOUNT_KINDS = ["asset", "liability", "equity", "income", "expense"] as const;
const ACCOUNT: FormField<"code" | "name" | "kind">[] = [
  { name: "code", word: "f.code", required: true },
  { name: "name", word: "f.name", required: true },
  { name: "kind", word: "f.kind", kind: ACCOUNT_KINDS },
];

export function DefineAccount() {
  const say = useWords();
  const define = useAct("/api/v1/accounts", () => say("done.saved"));
  return (
    <FormDialog
      word="act.newAccount"
      look="filled"
      fields={ACCOUNT}
      start={{ code: "", name: "", kind: "expense" }}
      busy={define.isPending}
      act={({ code, name, kind }) => {
        const found: Schemas["AccountKind"] =
          ACCOUNT_KINDS.find((one) => one === kind) ?? "expense";
        return define.mutateAsync({ code, name, kind: found });
      }}
    />
  );
}
