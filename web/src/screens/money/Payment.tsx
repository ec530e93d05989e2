// One payment: what it was for, and how it is taken back.
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { type Asked, record, type Schemas } from "../../api/client";
import { AccountRole, DayText, Moment, Money } from "../../house/cells";
import { columnsOf } from "../../house/columns";
import { Dialog } from "../../house/Dialog";
import { DayField, ReasonField, useFields } from "../../house/fields";
import { LineTable } from "../../house/LineTable";
import { RecordPage } from "../../house/RecordPage";
import { Rehearsal } from "../../house/Rehearsal";
import { useAct } from "../../house/useAct";
import { Way } from "../../house/Way";
import { useMay, useSession } from "../../session";
import { roleWord, stateWord, useWords } from "../../words";
import { Left } from "./Left";

type Payment = Schemas["PaymentShown"];
const part = columnsOf<Payment["allocations"][number]>();

function Reverse({ of }: { of: Payment["payment"] }) {
  const say = useWords();
  const { me } = useSession();
  const { form, set, reset } = useFields({ day: me.today, reason: "" });
  const reverse = useAct("/api/v1/payments/reverse", (answer) =>
    say("done.paidAs", { number: answer.number }),
  );
  const request: Asked<"/api/v1/payments/reverse"> = {
    payment_id: of.payment_id,
    happened_on: form.day || null,
    // Before a reason is given, what it would open again is told all the same.
    reason: form.reason.trim() || "…",
  };
  return (
    <Dialog
      word="act.reversePayment"
      look="danger"
      size="lg"
      busy={reverse.isPending}
      ready={form.reason.trim() !== ""}
      onOpen={() => reset()}
      act={() => reverse.mutateAsync(request)}
      body={
        <>
          <DayField word="f.day" required value={form.day} change={set("day")} />
          <ReasonField required value={form.reason} change={set("reason")} />
          <Rehearsal path="/api/v1/payments/reverse/rehearse" request={request}>
            {(answer) => <Left of={answer} />}
          </Rehearsal>
        </>
      }
    />
  );
}

function Other({ id }: { id: string | null | undefined }) {
  const say = useWords();
  return id ? <Way to={`/books/payments/${id}`}>{say("payment.open")}</Way> : null;
}

export default function PaymentPage() {
  const { id } = useParams({ strict: false }) as { id: string };
  const say = useWords();
  const may = useMay();
  const query = useQuery({
    queryKey: ["record", "payment", id],
    queryFn: () => record("/api/v1/payments/{id}", id),
  });
  return (
    <RecordPage
      query={query}
      back="/books/payments"
      subjects={({ payment }) => [["payment", payment.payment_id]]}
      title={({ payment }) => payment.number}
      under={({ payment }) => payment.partner_name || undefined}
      state={({ payment }) => (payment.reversed_by ? "reversed" : payment.kind)}
      acts={({ payment }) =>
        !payment.reversed_by && !payment.reverses && may("payments.reverse") ? (
          <Reverse of={payment} />
        ) : null
      }
      facts={({ payment, recorded_at }) => [
        { word: "f.amount", value: <Money of={payment.amount} /> },
        { word: "payment.inBooks", value: <Money of={payment.amount_company} /> },
        { word: "f.kind", value: stateWord(say, payment.kind) },
        { word: "f.day", value: <DayText of={payment.happened_on} /> },
        { word: "f.postedOn", value: <DayText of={payment.posted_on} /> },
        { word: "f.doneAt", value: <Moment of={recorded_at} /> },
        { word: "payment.place", value: <AccountRole of={payment.place} /> },
        { word: "f.method", value: payment.method },
        { word: "f.paymentReference", value: payment.reference },
        { word: "f.memo", value: payment.memo },
        { word: "payment.reverses", value: <Other id={payment.reverses} /> },
        { word: "payment.reversedBy", value: <Other id={payment.reversed_by} /> },
        {
          word: "payment.entry",
          value: <Way to={`/books/journal/${payment.entry_id}`}>{say("payment.open")}</Way>,
        },
      ]}
      tabs={({ allocations }) => [
        {
          word: "payment.for",
          count: allocations.length,
          body: (
            <LineTable
              rows={allocations.map((one, at) => ({ ...one, at }))}
              rowKey={(row) => row.at}
              columns={[
                part.text("f.account", (row) => roleWord(say, row.role)),
                part.text("f.number", (row) => row.number),
                part.text("settle.theirNumber", (row) => row.reference),
                part.money("f.amount", (row) => row.amount),
                part.money("payment.inBooks", (row) => row.amount_company),
              ]}
            />
          ),
        },
      ]}
    />
  );
}
