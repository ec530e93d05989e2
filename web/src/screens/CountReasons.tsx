// Why the shelf and the books differ on a line of a count sheet: its reason, and the files that prove it.
// They are sent when the sheet is applied.
import { useState } from "react";
import type { Schemas } from "../api/client";
import { Dialog } from "../house/Dialog";
import { StockReason } from "../house/fields";
import { ProofChoice } from "../house/Proofs";
import type { SheetLine } from "./countDraft";

type Reason = Schemas["LineReason"];
/** What was said, by the number of the line. */
export type Reasons = Record<number, Reason>;

interface WhyProps {
  id: string;
  row: SheetLine;
  give: (reason: Reason) => void;
}

export function Why({ id, row, give }: WhyProps) {
  const [reason, setReason] = useState("");
  const [evidence, setEvidence] = useState<string[]>([]);
  return (
    <Dialog
      word="act.explainLine"
      inLine
      busy={false}
      ready={reason !== ""}
      act={async () => give({ line: row.line, reason, evidence })}
      body={
        <>
          <StockReason value={reason} change={setReason} />
          <ProofChoice of={[{ kind: "count", id }]} value={evidence} change={setEvidence} />
        </>
      }
    />
  );
}
