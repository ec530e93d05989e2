// What channels hold for us, and their payouts with what they kept.
import { Group, NativeSelect, Stack, Text } from "@mantine/core";
import { useState } from "react";
import type { Asked, Row, Schemas } from "../../api/client";
import { typeDecimal } from "../../format";
import { Money } from "../../house/cells";
import { columnsOf } from "../../house/columns";
import { Dialog } from "../../house/Dialog";
import { DayField, DecimalField, TextField, useDecimal, useFields } from "../../house/fields";
import { ListPage } from "../../house/ListPage";
import { Rehearsal } from "../../house/Rehearsal";
import { useAct } from "../../house/useAct";
import { useMay, useSession } from "../../session";
import { stateWord, useTongue, useWords } from "../../words";
import { Left } from "./Left";

type Held = Row<"/api/v1/open-documents">;
type FeeAccount = Schemas["FeeAccount"];
const held = columnsOf<Held>();
const ACCOUNTS: FeeAccount[] = ["channel_fees", "bank_fees", "commission"];

function Payout({ of }: { of: Held }) {
  const say = useWords();
  const { me } = useSession();
  const { locale } = useTongue();
  const decimal = useDecimal();
  const { currency } = of.agreed;
  const start = {
    amount: typeDecimal(of.agreed.amount, locale),
    fee: "",
    tax: "",
    day: me.today,
    reference: "",
  };
  const { form, set, reset } = useFields(start);
  const [account, setAccount] = useState<FeeAccount>("channel_fees");
  const [amount, fee] = [decimal(form.amount), decimal(form.fee)];
  const pay = useAct("/api/v1/payouts", (answer) => say("done.paidAs", { number: answer.number }));
  const request: Asked<"/api/v1/payouts"> | undefined =
    amount && (form.fee.trim() === "" || fee)
      ? {
          channel_id: of.source_id,
          amount: { amount, currency },
          fees: fee
            ? [{ account, net: { amount: fee, currency }, tax_code: form.tax.trim() || null }]
            : [],
          happened_on: form.day || null,
          reference: form.reference.trim(),
        }
      : undefined;
  return (
    <Dialog
      word="act.enterPayout"
      inLine
      size="lg"
      busy={pay.isPending}
      ready={request !== undefined}
      onOpen={() => {
        reset(start);
        setAccount("channel_fees");
      }}
      act={async () => {
        if (request) await pay.mutateAsync(request);
      }}
      body={
        <>
          <Group justify="space-between">
            <Text size="sm">{say("payout.holds", { name: of.number })}</Text>
            <Money of={of.agreed} />
          </Group>
          <DecimalField
            word="payout.arrived"
            label={`${say("payout.arrived")} (${currency})`}
            required
            value={form.amount}
            change={set("amount")}
          />
          <Group grow align="flex-start">
            <DecimalField
              word="payout.fee"
              hint={say("payout.feeHint")}
              value={form.fee}
              change={set("fee")}
            />
            <NativeSelect
              label={say("f.account")}
              description={say("payout.accountHint")}
              value={account}
              onChange={(event) => {
                const next = ACCOUNTS.find((one) => one === event.currentTarget.value);
                if (next) setAccount(next);
              }}
              data={ACCOUNTS.map((value) => ({ value, label: stateWord(say, value) }))}
            />
            <TextField
              word="payout.tax"
              hint={say("payout.taxHint")}
              value={form.tax}
              change={set("tax")}
            />
          </Group>
          <Group grow>
            <DayField word="f.day" required value={form.day} change={set("day")} />
            <TextField word="f.paymentReference" value={form.reference} change={set("reference")} />
          </Group>
          <Rehearsal path="/api/v1/payouts/rehearse" request={request}>
            {(answer) => (
              <Stack gap="sm">
                <Left of={answer} names={[of]} />
              </Stack>
            )}
          </Rehearsal>
        </>
      }
    />
  );
}

export function Clearing() {
  const may = useMay();
  return (
    <ListPage
      path="/api/v1/open-documents"
      title="page.clearing"
      rowKey={(row) => `${row.source_id}-${row.agreed.currency}`}
      open={(row) => `/books/payouts?channel_id=${row.source_id}`}
      always={{ role: "channel_clearing", kind: "channel" }}
      columns={[
        held.text("f.channel", (row) => row.number || row.source_id, { lead: true }),
        held.day("f.since", (row) => row.opened_on),
        held.text("f.owner", (row) => row.owner),
        held.text("close.whyOpen", (row) => row.reason),
        held.ledger("payout.held", (row) => row.agreed),
        held.ledger("payment.inBooks", (row) => row.amount),
        held.node("f.action", (row) => (may("payments.payout") ? <Payout of={row} /> : null)),
      ]}
    />
  );
}

const paid = columnsOf<Row<"/api/v1/payments">>();

export function Payouts() {
  return (
    <ListPage
      path="/api/v1/payments"
      title="page.payouts"
      rowKey={(row) => row.payment_id}
      records={{ under: "/books/payments", id: "payment_id" }}
      always={{ kind: "payout" }}
      filters={[
        { name: "reference", word: "f.paymentReference", kind: "text", front: true },
        { name: "from", word: "f.from", kind: "day" },
        { name: "through", word: "f.to", kind: "day" },
      ]}
      columns={[
        paid.text("f.number", (row) => row.number, { lead: true }),
        paid.day("f.day", (row) => row.happened_on),
        paid.text("f.paymentReference", (row) => row.reference),
        paid.text("f.memo", (row) => row.memo),
        paid.money("f.amount", (row) => row.amount),
        paid.money("payment.inBooks", (row) => row.amount_company),
      ]}
    />
  );
}
