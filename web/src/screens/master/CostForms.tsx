// Another costing method, of a category or of an item with its stock, and a new cost: each tells beforehand
// what it would do.
import { Text } from "@mantine/core";
import { useState } from "react";
import type { Asked, Row, Schemas } from "../../api/client";
import { Money } from "../../house/cells";
import { columnsOf } from "../../house/columns";
import { Dialog } from "../../house/Dialog";
import {
  DayField,
  DecimalField,
  OneOf,
  ReasonField,
  useDecimal,
  useFields,
} from "../../house/fields";
import { LineTable } from "../../house/LineTable";
import { Booked, Rehearsal } from "../../house/Rehearsal";
import { useAct } from "../../house/useAct";
import { useSession } from "../../session";
import { stateWord, useWords } from "../../words";

export const METHODS = ["average", "fifo", "lifo", "standard"] as const;
type Method = (typeof METHODS)[number];

/** Before a reason is given, what it would book is told all the same: the reason changes none of it. */
const UNSAID = "…";

export function SetCategoryMethod({ of }: { of: Row<"/api/v1/costing-methods/categories"> }) {
  const say = useWords();
  const [method, setMethod] = useState<Method>(of.method);
  const save = useAct("/api/v1/costing-methods/categories", () => say("done.saved"));
  const request = { category_id: of.category_id, method };
  return (
    <Dialog
      word="act.setMethod"
      inLine
      busy={save.isPending}
      ready={!of.own || method !== of.method}
      onOpen={() => setMethod(of.method)}
      act={() => save.mutateAsync(request)}
      body={
        <>
          <OneOf word="costing.method" of={METHODS} value={method} change={setMethod} />
          <Rehearsal path="/api/v1/costing-methods/categories/rehearse" request={request}>
            {(answer) => (
              <Text size="sm">
                {say("costing.wouldSet", {
                  code: of.code,
                  changed: answer.changed.length,
                  kept: answer.kept.length,
                })}
              </Text>
            )}
          </Rehearsal>
        </>
      }
    />
  );
}

const standing = columnsOf<Schemas["StandingChanged"]>();

interface ChangeCostProps {
  item_id: string;
  sku: string;
  inLine?: boolean;
}

export function ChangeCost({ item_id, sku, inLine }: ChangeCostProps) {
  const say = useWords();
  const decimal = useDecimal();
  const { today } = useSession().me;
  const start = { cost: "", day: today, reason: "" };
  const { form, set, reset } = useFields(start);
  const save = useAct("/api/v1/costs", () => say("done.saved"));
  const cost = decimal(form.cost);
  const asked: Asked<"/api/v1/costs"> | undefined =
    cost && form.day ? { item_id, cost, happened_on: form.day, reason: UNSAID } : undefined;
  const reason = form.reason.trim();
  return (
    <Dialog
      word="act.changeCost"
      inLine={inLine}
      size="lg"
      busy={save.isPending}
      ready={asked !== undefined && reason !== ""}
      onOpen={() => reset(start)}
      act={async () => {
        if (asked) await save.mutateAsync({ ...asked, reason });
      }}
      body={
        <>
          <Text size="sm">{sku}</Text>
          <DecimalField
            word="costing.newCost"
            required
            hint={say("costing.newCostHint")}
            value={form.cost}
            change={set("cost")}
          />
          <DayField word="f.day" required value={form.day} change={set("day")} />
          <ReasonField required value={form.reason} change={set("reason")} />
          <Rehearsal path="/api/v1/costs/rehearse" request={asked}>
            {(answer) => (
              <>
                <LineTable
                  rows={answer.standings}
                  rowKey={(row) => `${row.pool_id}-${row.class}`}
                  none="costing.noStock"
                  columns={[
                    standing.state("f.class", (row) => row.class),
                    standing.price("costing.oldCost", (row) => row.old),
                    standing.price("costing.newCost", (row) => row.new),
                    standing.ledger("costing.inStock", (row) => row.change),
                  ]}
                />
                <Booked lines={answer.booked} />
              </>
            )}
          </Rehearsal>
        </>
      }
    />
  );
}

const BASES = ["keep", "history"] as const;

interface ChangeMethodProps {
  of: Pick<Row<"/api/v1/costing-methods">, "item_id" | "sku" | "method">;
  inLine?: boolean;
}

export function ChangeMethod({ of, inLine }: ChangeMethodProps) {
  const say = useWords();
  const decimal = useDecimal();
  const { today } = useSession().me;
  const start = { standard: "", day: today, reason: "" };
  const { form, set, reset } = useFields(start);
  const [method, setMethod] = useState<Method>(of.method);
  const [basis, setBasis] = useState<(typeof BASES)[number]>("keep");
  const save = useAct("/api/v1/costing-methods", () => say("done.saved"));
  const typed = method === "standard" && form.standard.trim() !== "";
  const standard = typed ? decimal(form.standard) : null;
  const complete = method !== of.method && form.day !== "" && standard !== undefined;
  const asked: Asked<"/api/v1/costing-methods"> | undefined = complete
    ? {
        item_id: of.item_id,
        method,
        basis,
        standard,
        happened_on: form.day,
        reason: UNSAID,
      }
    : undefined;
  const reason = form.reason.trim();
  return (
    <Dialog
      word="act.changeMethod"
      inLine={inLine}
      size="lg"
      busy={save.isPending}
      ready={asked !== undefined && reason !== ""}
      onOpen={() => {
        reset(start);
        setMethod(of.method);
        setBasis("keep");
      }}
      act={async () => {
        if (asked) await save.mutateAsync({ ...asked, reason });
      }}
      body={
        <>
          <Text size="sm">
            {of.sku}: {stateWord(say, of.method)}
          </Text>
          <OneOf word="costing.method" of={METHODS} value={method} change={setMethod} />
          <OneOf
            word="costing.basis"
            of={BASES}
            tell={(tell, one) => tell(one === "keep" ? "costing.keep" : "costing.history")}
            value={basis}
            change={setBasis}
          />
          {method === "standard" && (
            <DecimalField
              word="costing.standard"
              hint={say("costing.standardHint")}
              value={form.standard}
              change={set("standard")}
            />
          )}
          <DayField word="f.day" required value={form.day} change={set("day")} />
          <ReasonField required value={form.reason} change={set("reason")} />
          <Rehearsal path="/api/v1/costing-methods/rehearse" request={asked}>
            {(answer) => (
              <>
                <Text size="sm">
                  {say("costing.worth")} <Money of={answer.old_value} /> →{" "}
                  <Money of={answer.new_value} />
                </Text>
                <Booked lines={answer.booked} />
              </>
            )}
          </Rehearsal>
        </>
      }
    />
  );
}
