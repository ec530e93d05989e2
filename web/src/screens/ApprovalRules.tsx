// Rules of approval: of which documents somebody's yes is asked, from when on, and whose.
import { Group, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { list, type Row, type Schemas } from "../api/client";
import { typeDecimal } from "../format";
import { Choice } from "../house/Choice";
import { YesNo } from "../house/cells";
import { columnsOf } from "../house/columns";
import { Dialog } from "../house/Dialog";
import { DecimalField, OneOf, TextField, useDecimal, useFields } from "../house/fields";
import { type Cell, emptyLine, type Line, LineEditor } from "../house/LineEditor";
import { ListPage } from "../house/ListPage";
import { useAct } from "../house/useAct";
import { useMay, useSession } from "../session";
import { type Say, stateWord, useTongue, useWords } from "../words";
import { APPROVAL_KINDS } from "./approvalKinds";

type Rule = Row<"/api/v1/approval-rules">;
type Kind = (typeof APPROVAL_KINDS)[number];
const rule = columnsOf<Rule>();

type Name = "fact" | "above" | "is";
const CELLS: Cell<Name>[] = [
  { name: "fact", word: "rules.fact" },
  { name: "above", word: "rules.above", width: 90 },
  { name: "is", word: "rules.is" },
];

const isWhole = (text: string) => /^-?\d*$/.test(text.trim());
const whole = (text: string) => (text.trim() ? Number(text.trim()) : null);

/** A condition in words. */
function conditionText(say: Say, { fact, above, is }: Schemas["Condition"]): string {
  if (above !== null && above !== undefined) return say("rules.isAbove", { fact, above });
  return say("rules.isOneOf", { fact, words: (is ?? []).join(", ") });
}

function typedConditions(lines: Line<Name>[]): Schemas["Condition"][] {
  return lines
    .filter((line) => line.fact.trim())
    .map((line) => ({
      fact: line.fact.trim(),
      above: whole(line.above),
      is: line.is
        .split(",")
        .map((word) => word.trim())
        .filter(Boolean),
    }));
}

/** What the form begins with. */
function start(of?: Rule) {
  return {
    code: of?.code ?? "",
    name: of?.name ?? "",
    position: of ? String(of.position) : "",
    amount: of?.from_amount?.amount ?? "",
    people: String(of?.people ?? 1),
    role: of?.role ?? "",
    permission: of && !of.role ? of.permission : "",
    days: of?.escalate_after_days ? String(of.escalate_after_days) : "",
    upRole: of?.escalate_role ?? "",
    upPermission: of?.escalate_permission ?? "",
  };
}

function startLines(of?: Rule): Line<Name>[] {
  const lines = (of?.conditions ?? []).map(({ fact, above, is }) => ({
    fact,
    above: above === null || above === undefined ? "" : String(above),
    is: (is ?? []).join(", "),
  }));
  return lines.length > 0 ? lines : [emptyLine(CELLS)];
}

/** What rules of a kind may look at. */
function Facts({ of }: { of: Kind }) {
  const say = useWords();
  const asked = useQuery({
    queryKey: ["list", "/api/v1/approval-kinds", {}],
    queryFn: () => list("/api/v1/approval-kinds", {}),
  });
  const kind = asked.data?.lines.find((one) => one.kind === of);
  if (!kind) return null;
  return (
    <Text size="xs" c="dimmed">
      {say("rules.facts", { facts: kind.facts.map(({ fact }) => fact).join(", ") })}
    </Text>
  );
}

/** Defines a rule, or changes one. */
function EditRule({ of }: { of?: Rule }) {
  const say = useWords();
  const { me } = useSession();
  const { locale } = useTongue();
  const decimal = useDecimal();
  const { form, set, reset } = useFields(start(of));
  const [kind, setKind] = useState<Kind>("purchase_order");
  const [lines, setLines] = useState(() => startLines(of));
  const define = useAct("/api/v1/approval-rules", () => say("done.saved"));
  const change = useAct("/api/v1/approval-rules/change", () => say("done.saved"));
  const amount = form.amount.trim() ? decimal(form.amount) : null;
  const numbers = [form.position, form.people, form.days, ...lines.map((line) => line.above)];
  const ready = form.code.trim() !== "" && amount !== undefined && numbers.every(isWhole);
  const asked = (): Schemas["ApprovalRule"] => ({
    kind: of?.kind ?? kind,
    code: form.code.trim(),
    name: form.name.trim(),
    ...(form.position.trim() && { position: Number(form.position) }),
    from_amount: amount ? { amount, currency: me.currency } : null,
    people: whole(form.people) ?? 1,
    role: form.role || null,
    permission: form.permission.trim() || null,
    escalate_after_days: whole(form.days),
    escalate_role: form.upRole || null,
    escalate_permission: form.upPermission.trim() || null,
    conditions: typedConditions(lines),
  });
  const begin = () => {
    const fresh = start(of);
    reset({ ...fresh, amount: fresh.amount && typeDecimal(fresh.amount, locale) });
    setLines(startLines(of));
  };
  return (
    <Dialog
      word={of ? "act.change" : "act.defineRule"}
      look={of ? "default" : "filled"}
      inLine={of !== undefined}
      size="lg"
      busy={define.isPending || change.isPending}
      ready={ready}
      onOpen={begin}
      act={() =>
        of
          ? change.mutateAsync({ revision: of.revision, rule: asked() })
          : define.mutateAsync(asked())
      }
      body={
        <>
          {!of && <OneOf word="f.kind" of={APPROVAL_KINDS} value={kind} change={setKind} />}
          <Group grow align="flex-start">
            {!of && (
              <TextField word="f.code" required focus value={form.code} change={set("code")} />
            )}
            <TextField word="f.name" value={form.name} change={set("name")} />
            <TextField
              word="rules.position"
              hint={say("rules.positionHint")}
              value={form.position}
              change={set("position")}
            />
          </Group>
          <Group grow align="flex-start">
            <DecimalField
              word="rules.fromAmount"
              label={say("rules.fromAmount", { currency: me.currency })}
              value={form.amount}
              change={set("amount")}
            />
            <TextField word="rules.people" value={form.people} change={set("people")} />
          </Group>
          <Facts of={APPROVAL_KINDS.find((one) => one === of?.kind) ?? kind} />
          <LineEditor cells={CELLS} lines={lines} change={setLines} />
          <Group grow align="flex-start">
            <Choice of="roles" word="rules.role" clearable value={form.role} change={set("role")} />
            <TextField
              word="rules.permission"
              hint={say("rules.permissionHint")}
              value={form.permission}
              change={set("permission")}
            />
          </Group>
          <Group grow align="flex-start">
            <TextField word="rules.days" value={form.days} change={set("days")} />
            <Choice
              of="roles"
              word="rules.upRole"
              clearable
              value={form.upRole}
              change={set("upRole")}
            />
            <TextField
              word="rules.upPermission"
              value={form.upPermission}
              change={set("upPermission")}
            />
          </Group>
        </>
      }
    />
  );
}

function Retire({ of }: { of: Rule }) {
  const say = useWords();
  const retire = useAct("/api/v1/approval-rules/retire", () => say("done.saved"));
  const { kind, code, revision } = of;
  return (
    <Dialog
      word="act.retire"
      inLine
      look="danger"
      busy={retire.isPending}
      ready
      act={() => retire.mutateAsync({ kind, code, revision })}
      body={say("rules.retire", { code, kind: stateWord(say, kind) })}
    />
  );
}

/** What has to hold for the rule to ask. */
function Conditions({ of }: { of: Rule }) {
  const say = useWords();
  return of.conditions.map((one) => conditionText(say, one)).join("; ") || "–";
}

function GoesUp({ of }: { of: Rule }) {
  const say = useWords();
  if (!of.escalate_after_days) return "–";
  const to = of.escalate_role ?? of.escalate_permission ?? "";
  return say("rules.goesUp", { n: of.escalate_after_days, to });
}

export default function ApprovalRules() {
  const may = useMay();
  const mayDefine = may("identity.define_approval_rule");
  return (
    <ListPage
      path="/api/v1/approval-rules"
      title="page.approvalRules"
      rowKey={(row) => row.rule_id}
      actions={mayDefine && <EditRule />}
      filters={[
        { name: "kind", word: "f.kind", kind: APPROVAL_KINDS, front: true },
        { name: "active", word: "f.active", kind: "yes", front: true },
      ]}
      columns={[
        rule.state("f.kind", (row) => row.kind),
        rule.count("rules.position", (row) => row.position),
        rule.text("f.code", (row) => row.code),
        rule.text("f.name", (row) => row.name),
        rule.money("rules.from", (row) => row.from_amount),
        rule.node("rules.conditions", (row) => <Conditions of={row} />),
        rule.text("rules.asks", (row) => row.role ?? row.permission),
        rule.count("rules.people", (row) => row.people),
        rule.node("f.goesUp", (row) => <GoesUp of={row} />),
        rule.node("f.active", (row) => <YesNo of={row.active} />),
        rule.node("f.action", (row) =>
          mayDefine && row.active ? (
            <Group gap={6} wrap="nowrap">
              <EditRule of={row} />
              <Retire of={row} />
            </Group>
          ) : null,
        ),
      ]}
    />
  );
}
