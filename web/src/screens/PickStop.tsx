// A stop of a pick list: what lies there and is taken for which orders, and what is not found.
import { Box, Button, Checkbox, Group, Text } from "@mantine/core";
import { useState } from "react";
import type { Schemas } from "../api/client";
import { isZero, typeDecimal } from "../format";
import { DayText, Quantity } from "../house/cells";
import { Dialog } from "../house/Dialog";
import { DecimalField, OneOf, ReasonField, useDecimal, useFields } from "../house/fields";
import { useMay } from "../session";
import { useTongue, useWords } from "../words";

type Line = Schemas["PickLineRow"];
type Send = (scan: Schemas["PickScan"]) => Promise<unknown>;

interface ActProps {
  of: Line;
  lines: Line[];
  send: Send;
  busy: boolean;
}

const goods = ({ place, sku, lot }: Line) => ({ place, code: sku, lot: lot || null });

/** Takes goods without a scan. */
function Take({ of, lines, send, busy }: ActProps) {
  const decimal = useDecimal();
  const { locale } = useTongue();
  // Of several orders somebody says how many in all.
  const fresh = () => ({ quantity: lines.length === 1 ? typeDecimal(of.to_pick, locale) : "" });
  const { form, set, reset } = useFields(fresh());
  const quantity = decimal(form.quantity);
  return (
    <Dialog
      word="act.take"
      busy={busy}
      ready={quantity !== undefined}
      onOpen={() => reset(fresh())}
      act={() => send({ ...goods(of), quantity: quantity ?? null })}
      body={
        <DecimalField
          word="f.quantity"
          hint={of.unit}
          required
          focus
          value={form.quantity}
          change={set("quantity")}
        />
      }
    />
  );
}

const THEN = ["relocate", "back_order"] as const;
type Then = (typeof THEN)[number];

/** What is still to be taken here was not found, or only so much of it. */
function Short({ of, send, busy }: ActProps) {
  const say = useWords();
  const may = useMay();
  const decimal = useDecimal();
  const start: { reason: string; found: string; rest: Then } = {
    reason: "",
    found: "",
    rest: "relocate",
  };
  const { form, set, reset } = useFields(start);
  const counts = may("counting.count");
  const [count, setCount] = useState(counts);
  const found = form.found.trim() === "" ? null : decimal(form.found);
  return (
    <Dialog
      word="act.short"
      busy={busy}
      ready={form.reason.trim() !== "" && found !== undefined}
      onOpen={() => {
        reset();
        setCount(counts);
      }}
      act={() =>
        send({
          ...goods(of),
          quantity: found && !isZero(found) ? found : null,
          // biome-ignore lint/suspicious/noThenProperty: the contract's word
          missing: { reason: form.reason.trim(), then: form.rest, count },
        })
      }
      body={
        <>
          <ReasonField required focus value={form.reason} change={set("reason")} />
          <DecimalField
            word="pick.found"
            hint={say("pick.foundHint")}
            value={form.found}
            change={set("found")}
          />
          <OneOf word="pick.then" of={THEN} value={form.rest} change={set("rest")} />
          {counts && (
            <Checkbox
              label={say("pick.askCount")}
              checked={count}
              onChange={(event) => setCount(event.currentTarget.checked)}
            />
          )}
        </>
      }
    />
  );
}

interface StopProps {
  lines: Line[];
  /** Whether the picker stands there. */
  here: boolean;
  stand?: (place: string) => void;
  send?: Send;
  busy: boolean;
}

export function Stop({ lines, here, stand, send, busy }: StopProps) {
  const say = useWords();
  const [of] = lines;
  if (!of) return null;
  const isLeft = lines.some((line) => !isZero(line.to_pick));
  return (
    <Box
      className="sheet"
      component="section"
      aria-label={`${of.place}, ${of.sku}`}
      p="sm"
      mb="xs"
      style={here ? { borderColor: "var(--mantine-primary-color-filled)" } : undefined}
    >
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <Text fw={700} style={{ overflowWrap: "anywhere" }}>
          {of.place}
        </Text>
        {stand && isLeft && (
          <Button
            size="compact-sm"
            variant={here ? "filled" : "default"}
            aria-pressed={here}
            onClick={() => stand(of.place)}
          >
            {say("act.standHere")}
          </Button>
        )}
      </Group>
      <Text size="sm" style={{ overflowWrap: "anywhere" }}>
        <b>{of.sku}</b> {of.name}
      </Text>
      {of.lot && (
        <Text size="sm">
          {say("f.lot")} <b>{of.lot}</b> <DayText of={of.expires_on} />
        </Text>
      )}
      <table className="grid-line">
        <thead>
          <tr>
            <th scope="col">{say("f.order")}</th>
            <th scope="col" className="number">
              {say("f.toPick")}
            </th>
            <th scope="col" className="number">
              {say("f.picked")}
            </th>
            <th scope="col" className="number">
              {say("f.missed")}
            </th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <tr key={line.line}>
              <td>{line.order_number}</td>
              <td className="number">
                <Quantity of={line.to_pick} unit={line.unit} />
              </td>
              <td className="number">
                <Quantity of={line.picked} />
              </td>
              <td className="number">
                <Quantity of={line.missed} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {send && isLeft && (
        <Group gap="xs" mt="xs">
          <Take of={of} lines={lines} send={send} busy={busy} />
          <Short of={of} lines={lines} send={send} busy={busy} />
        </Group>
      )}
    </Box>
  );
}
