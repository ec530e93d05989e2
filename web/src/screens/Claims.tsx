// Claims on suppliers, and how each ends.
import type { Row, Schemas } from "../api/client";
import { columnsOf } from "../house/columns";
import { Dialog } from "../house/Dialog";
import { FilesButton } from "../house/FilesButton";
import { OneOf, StockReason, TextField, useFields } from "../house/fields";
import { ListPage } from "../house/ListPage";
import { useAct } from "../house/useAct";
import { useMay } from "../session";
import { useWords } from "../words";

type Claim = Row<"/api/v1/claims">;
type Outcome = Schemas["ClaimOutcome"];
const claim = columnsOf<Claim>();
const OUTCOMES: Outcome[] = ["credit", "replacement", "write_off"];
type Ending = { outcome: Outcome; reference: string; reason: string };
const NOTHING: Ending = { outcome: "credit", reference: "", reason: "" };

function Settle({ of }: { of: Claim }) {
  const say = useWords();
  const { form, set, reset } = useFields<Ending>(NOTHING);
  const { outcome, reference, reason } = form;
  const settle = useAct("/api/v1/claims/settle", (answer) =>
    say("done.settled", { number: answer.number }),
  );
  const credit = outcome === "credit";
  const lost = outcome === "write_off";
  return (
    <Dialog
      word="act.settleClaim"
      inLine
      busy={settle.isPending}
      ready={(!credit || reference.trim() !== "") && (!lost || reason !== "")}
      onOpen={() => reset()}
      act={() =>
        settle.mutateAsync({
          claim_id: of.claim_id,
          outcome,
          ...(credit && { reference: reference.trim() }),
          ...(lost && { reason }),
        })
      }
      body={
        <>
          <OneOf word="f.outcome" of={OUTCOMES} value={outcome} change={set("outcome")} />
          {credit && (
            <TextField word="f.creditNote" required value={reference} change={set("reference")} />
          )}
          {lost && <StockReason value={reason} change={set("reason")} />}
        </>
      }
    />
  );
}

export default function Claims() {
  const may = useMay();
  return (
    <ListPage
      path="/api/v1/claims"
      title="page.claims"
      rowKey={(row) => row.claim_id}
      filters={[
        { name: "state", word: "f.state", kind: ["open", "settled"], front: true },
        { name: "supplier", word: "f.supplier", kind: "text", front: true },
      ]}
      columns={[
        claim.text("f.number", (row) => row.number),
        claim.state("f.state", (row) => row.state),
        claim.text("f.supplier", (row) => row.supplier),
        claim.text("f.sku", (row) => row.sku),
        claim.quantity("f.quantity", (row) => row.quantity),
        claim.text("f.cause", (row) => row.cause),
        claim.day("f.openedOn", (row) => row.opened_on),
        claim.state("f.outcome", (row) => row.outcome),
        claim.money("f.amount", (row) => row.amount),
        claim.node("record.files", (row) => (
          <FilesButton kind="claim" id={row.claim_id} name={row.number} />
        )),
        claim.node("f.action", (row) =>
          row.state === "open" && may("quality.settle_claim") ? <Settle of={row} /> : null,
        ),
      ]}
    />
  );
}
