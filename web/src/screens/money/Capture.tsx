// What a channel took for an order is entered by hand, where no shop told it.
import type { Asked, Schemas } from "../../api/client";
import { typeDecimal } from "../../format";
import { Dialog } from "../../house/Dialog";
import { DayField, DecimalField, TextField, useDecimal, useFields } from "../../house/fields";
import { Rehearsal } from "../../house/Rehearsal";
import { useAct } from "../../house/useAct";
import { useSession } from "../../session";
import { useTongue, useWords } from "../../words";
import { Left } from "./Left";

export function Capture({ of }: { of: Schemas["SalesOrderDetail"]["head"] }) {
  const say = useWords();
  const { me } = useSession();
  const { locale } = useTongue();
  const decimal = useDecimal();
  const start = {
    amount: typeDecimal(of.gross.amount, locale),
    day: me.today,
    method: "card",
    reference: "",
  };
  const { form, set, reset } = useFields(start);
  const capture = useAct("/api/v1/captures", (answer) =>
    say("done.paidAs", { number: answer.number }),
  );
  const amount = decimal(form.amount);
  const request: Asked<"/api/v1/captures"> | undefined = amount
    ? {
        order_id: of.order_id,
        amount: { amount, currency: of.gross.currency },
        happened_on: form.day || null,
        method: form.method.trim(),
        reference: form.reference.trim(),
      }
    : undefined;
  return (
    <Dialog
      word="act.capture"
      size="lg"
      busy={capture.isPending}
      ready={request !== undefined}
      onOpen={() => reset(start)}
      act={async () => {
        if (request) await capture.mutateAsync(request);
      }}
      body={
        <>
          <DecimalField
            word="f.amount"
            label={`${say("f.amount")} (${of.gross.currency})`}
            required
            value={form.amount}
            change={set("amount")}
          />
          <DayField word="f.day" required value={form.day} change={set("day")} />
          <TextField word="f.method" value={form.method} change={set("method")} />
          <TextField word="f.paymentReference" value={form.reference} change={set("reference")} />
          <Rehearsal path="/api/v1/captures/rehearse" request={request}>
            {(answer) => <Left of={answer} />}
          </Rehearsal>
        </>
      }
    />
  );
}
