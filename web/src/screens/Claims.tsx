// Claims on suppliers, and how each ends.
import { NativeSelect, Select, TextInput } from "@mantine/core";
import { useState } from "react";
import type { Row, Schemas } from "../api/client";
import { useReasons } from "../house/choices";
import { columnsOf } from "../house/columns";
import { Dialog } from "../house/Dialog";
import { ListPage } from "../house/ListPage";
import { useAct } from "../house/useAct";
import { useMay } from "../session";
import { stateWord, useWords } from "../words";

type Claim = Row<"/api/v1/claims">;
type Outcome = Schemas["ClaimOutcome"];
const claim = columnsOf<Claim>();
const OUTCOMES: Outcome[] = ["credit", "replacement", "write_off"];

function Settle({ of }: { of: Claim }) {
  const say = useWords();
  const [opened, setOpened] = useState(false);
  const [outcome, setOutcome] = useState<Outcome>("credit");
  const [reference, setReference] = useState("");
  const [reason, setReason] = useState<string | null>(null);
  const reasons = useReasons(opened);
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
      ready={(!credit || reference.trim() !== "") && (!lost || reason !== null)}
      onOpen={() => setOpened(true)}
      act={() =>
        settle.mutateAsync({
          claim_id: of.claim_id,
          outcome,
          ...(credit && { reference: reference.trim() }),
          ...(lost && { reason: reason ?? "" }),
        })
      }
      body={
        <>
          <NativeSelect
            label={say("f.outcome")}
            value={outcome}
            onChange={(event) => setOutcome(event.currentTarget.value as Outcome)}
            data={OUTCOMES.map((word) => ({ value: word, label: stateWord(say, word) }))}
          />
          {credit && (
            <TextInput
              label={say("f.creditNote")}
              required
              value={reference}
              onChange={(event) => setReference(event.currentTarget.value)}
            />
          )}
          {lost && (
            <Select
              label={say("f.reason")}
              description={say("dispose.reasonHint")}
              required
              value={reason}
              onChange={setReason}
              data={reasons}
            />
          )}
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
        claim.node("f.action", (row) =>
          row.state === "open" && may("quality.settle_claim") ? <Settle of={row} /> : null,
        ),
      ]}
    />
  );
}
