// What was wrong with received goods is claimed from their supplier.
import { Group, Select, Text } from "@mantine/core";
import type { Asked } from "../api/client";
import { typeDecimal } from "../format";
import { Money } from "../house/cells";
import { Dialog } from "../house/Dialog";
import { DecimalField, ReasonField, TextField, useDecimal, useFields } from "../house/fields";
import { Booked, Rehearsal } from "../house/Rehearsal";
import { useAct } from "../house/useAct";
import { useTongue, useWords } from "../words";

/** Goods of a receipt that may be claimed. */
interface Claimable {
  /** The number of the receipt's own line. */
  line: number;
  sku: string;
  /** How much, in the stock unit. */
  quantity: string;
}

interface OpenClaimProps {
  receipt_id: string;
  goods: Claimable[];
}

export function OpenClaim({ receipt_id, goods }: OpenClaimProps) {
  const say = useWords();
  const { locale } = useTongue();
  const decimal = useDecimal();
  const first = goods[0];
  const start = {
    line: String(first?.line ?? ""),
    quantity: typeDecimal(first?.quantity ?? "", locale),
    cause: "",
    evidence: "",
    place: "",
  };
  const { form, set, reset } = useFields(start);
  const quantity = decimal(form.quantity);
  const open = useAct("/api/v1/claims", (answer) => say("done.claimed", { number: answer.number }));
  const request: Asked<"/api/v1/claims"> = {
    receipt_id,
    line: Number(form.line),
    quantity: quantity ?? "",
    // The words change nothing that is booked: what is told is not asked again while they are typed.
    cause: "…",
    // Where they were received, unless they were put away.
    ...(form.place.trim() && { place: form.place.trim() }),
  };
  return (
    <Dialog
      word="act.openClaim"
      inLine
      size="lg"
      busy={open.isPending}
      ready={Boolean(quantity && form.line && form.cause.trim())}
      onOpen={() => reset(start)}
      act={() =>
        open.mutateAsync({
          ...request,
          cause: form.cause.trim(),
          evidence: form.evidence.trim(),
        })
      }
      body={
        <>
          {goods.length > 1 && (
            <Select
              label={say("f.line")}
              value={form.line}
              allowDeselect={false}
              onChange={(line) => set("line")(line ?? "")}
              data={goods.map(({ line, sku }) => ({
                value: String(line),
                label: `${line}: ${sku}`,
              }))}
            />
          )}
          <DecimalField word="f.quantity" required value={form.quantity} change={set("quantity")} />
          <ReasonField word="f.cause" required value={form.cause} change={set("cause")} />
          <TextField word="f.fromPlace" value={form.place} change={set("place")} scan />
          <TextField word="f.evidence" value={form.evidence} change={set("evidence")} />
          <Rehearsal
            path="/api/v1/claims/rehearse"
            request={quantity && form.line ? request : undefined}
          >
            {(answer) => (
              <>
                <Group justify="space-between" mb="xs">
                  <Text size="sm">{say("claim.owes")}</Text>
                  <Money of={answer.amount} />
                </Group>
                <Booked lines={answer.booked} />
              </>
            )}
          </Rehearsal>
        </>
      }
    />
  );
}
