// Money is given back: a deposit that is not needed, or a refund that was decided.
import type { Asked, Row } from "../../api/client";
import { otherSide, typeDecimal } from "../../format";
import { Choice } from "../../house/Choice";
import { Dialog } from "../../house/Dialog";
import { DayField, DecimalField, TextField, useDecimal, useFields } from "../../house/fields";
import { Rehearsal } from "../../house/Rehearsal";
import { useAct } from "../../house/useAct";
import { useSession } from "../../session";
import { useTongue, useWords } from "../../words";
import { Left } from "./Left";

type Open = Row<"/api/v1/open-documents">;
const BANK = "bank";

export function RefundOpen({ of }: { of: Open }) {
  const say = useWords();
  const { me } = useSession();
  const { locale } = useTongue();
  const decimal = useDecimal();
  // What we owe a customer stands on the other side.
  const owed = otherSide(of.agreed);
  const start = {
    amount: typeDecimal(owed.amount, locale),
    through: BANK,
    method: "",
    day: me.today,
    reference: "",
  };
  const { form, set, reset } = useFields(start);
  const amount = decimal(form.amount);
  const refund = useAct("/api/v1/refunds", (answer) =>
    say("done.paidAs", { number: answer.number }),
  );
  const request: Asked<"/api/v1/refunds"> | undefined =
    amount && form.through !== ""
      ? {
          of: of.role === "refunds_payable" ? "decided" : "deposit",
          open: { kind: of.kind, id: of.source_id },
          amount: { amount, currency: owed.currency },
          through: form.through === BANK ? "bank" : { channel: Number(form.through) },
          happened_on: form.day || null,
          method: form.method.trim(),
          reference: form.reference.trim(),
          partner_id: of.partner_id ?? null,
        }
      : undefined;
  return (
    <Dialog
      word="act.payBack"
      inLine
      size="lg"
      busy={refund.isPending}
      ready={request !== undefined}
      onOpen={() => reset(start)}
      act={async () => {
        if (request) await refund.mutateAsync(request);
      }}
      body={
        <>
          <DecimalField
            word="f.amount"
            label={`${say("f.amount")} (${owed.currency})`}
            required
            value={form.amount}
            change={set("amount")}
          />
          <Choice
            of="channelIds"
            word="f.paidThrough"
            also={[{ value: BANK, label: say("f.bank") }]}
            required
            value={form.through}
            change={set("through")}
          />
          <TextField word="f.method" value={form.method} change={set("method")} />
          <DayField word="f.day" required value={form.day} change={set("day")} />
          <TextField word="f.paymentReference" value={form.reference} change={set("reference")} />
          <Rehearsal path="/api/v1/refunds/rehearse" request={request}>
            {(answer) => <Left of={answer} names={[of]} />}
          </Rehearsal>
        </>
      }
    />
  );
}
