// Refunds: what was decided to give back, who has to agree, and the money that leaves.
import { Group } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { list, type Row } from "../api/client";
import { isZero } from "../format";
import { Choice } from "../house/Choice";
import { Money } from "../house/cells";
import { columnsOf } from "../house/columns";
import { Dialog, ReasonDialog } from "../house/Dialog";
import { FilesButton } from "../house/FilesButton";
import { TextField, useFields } from "../house/fields";
import { AskedTable } from "../house/LineTable";
import { ListPage } from "../house/ListPage";
import { useAct } from "../house/useAct";
import { Way } from "../house/Way";
import { useMay } from "../session";
import { useWords } from "../words";
import { DecideRow } from "./Decide";

type Refund = Row<"/api/v1/refund-decisions">;
const refund = columnsOf<Refund>();
const BANK = "bank";

/** Pays what is open of a refund, from the bank or from what a channel holds. */
function Pay({ of }: { of: Refund }) {
  const say = useWords();
  const { form, set, reset } = useFields({ through: BANK, reference: "" });
  const { through, reference } = form;
  const pay = useAct("/api/v1/refunds", () => say("done.paid"));
  return (
    <Dialog
      word="act.payRefund"
      inLine
      busy={pay.isPending}
      ready={through !== ""}
      onOpen={() => reset()}
      act={() =>
        pay.mutateAsync({
          of: "decided",
          open: { kind: "refund", id: Number(of.refund_id) },
          amount: of.open,
          through: through === BANK ? "bank" : { channel: Number(through) },
          method: through === BANK ? "transfer" : "card",
          reference: reference.trim(),
        })
      }
      body={
        <>
          <Group justify="space-between">
            {say("f.amount")}
            <Money of={of.open} />
          </Group>
          <Choice
            of="channelIds"
            word="f.paidThrough"
            also={[{ value: BANK, label: say("f.bank") }]}
            required
            value={through}
            change={set("through")}
          />
          <TextField word="f.paymentReference" value={reference} change={set("reference")} />
        </>
      }
    />
  );
}

function Acts({ of }: { of: Refund }) {
  const may = useMay();
  return (
    <Group gap={6} wrap="nowrap">
      {of.state === "to_approve" && <DecideRow kind="refund" id={of.refund_id} />}
      {of.state === "decided" && !isZero(of.open.amount) && may("payments.refund") && (
        <Pay of={of} />
      )}
    </Group>
  );
}

const COLUMNS = [
  refund.text("f.number", (row: Refund) => row.number),
  refund.state("f.state", (row: Refund) => row.state),
  refund.day("f.day", (row: Refund) => row.decided_on),
  refund.text("f.creditNote", (row: Refund) => row.credit_note),
  refund.text("f.reason", (row: Refund) => row.reason),
  refund.money("f.gross", (row: Refund) => row.gross),
  refund.money("f.stillOpen", (row: Refund) => row.open),
  refund.node("record.files", (row: Refund) => (
    <FilesButton kind="refund" id={row.refund_id} name={row.number} />
  )),
];

/** Decides to give back what a return is worth. */
export function DecideRefund({ id }: { id: string }) {
  const say = useWords();
  const decide = useAct("/api/v1/refund-decisions", (answer) =>
    say("done.decided", { number: answer.number }),
  );
  return (
    <ReasonDialog
      word="act.refund"
      busy={decide.isPending}
      act={(reason) => decide.mutateAsync({ return_id: id, reason })}
    />
  );
}

/** What was decided to give back of a return. */
export function useRefundsOf(id: string) {
  return useQuery({
    queryKey: ["return", "refunds", id],
    queryFn: () => list("/api/v1/refund-decisions", { return_id: id, limit: "200" }),
  });
}

/** The refunds of a return. */
export function RefundsOf({ id }: { id: string }) {
  return (
    <AskedTable
      asked={useRefundsOf(id)}
      rowKey={(row) => row.refund_id}
      columns={COLUMNS}
      end={(row) => <Acts of={row} />}
    />
  );
}

export default function Refunds() {
  return (
    <ListPage
      path="/api/v1/refund-decisions"
      title="page.refunds"
      rowKey={(row) => row.refund_id}
      filters={[
        {
          name: "state",
          word: "f.state",
          kind: ["to_approve", "decided", "refused"],
          front: true,
        },
        { name: "unpaid", word: "f.unpaid", kind: "yes", front: true },
      ]}
      columns={[
        ...COLUMNS,
        refund.node("f.return", (row) => row.return_id && <ReturnLink of={row} />),
        refund.node("f.action", (row) => <Acts of={row} />),
      ]}
    />
  );
}

function ReturnLink({ of }: { of: Refund }) {
  return (
    <Way to={`/sales/returns/${of.return_id}`} className="plain-link">
      {of.return_number}
    </Way>
  );
}
