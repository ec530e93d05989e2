// In how many steps a warehouse receives: whether received goods are put away.
import { NativeSelect } from "@mantine/core";
import { useState } from "react";
import type { Row } from "../api/client";
import { Dialog } from "../house/Dialog";
import { useAct } from "../house/useAct";
import { useWords } from "../words";

export function ReceiptSteps({ of }: { of: Row<"/api/v1/warehouses"> }) {
  const say = useWords();
  const [steps, setSteps] = useState("1");
  const save = useAct("/api/v1/warehouses/receipt-steps", () => say("done.saved"));
  return (
    <Dialog
      word="act.receiptSteps"
      inLine
      busy={save.isPending}
      ready
      onOpen={() => setSteps(String(of.receipt_steps))}
      act={() => save.mutateAsync({ warehouse: of.code, steps: Number(steps) })}
      body={
        <NativeSelect
          label={say("putAway.steps")}
          value={steps}
          onChange={(event) => setSteps(event.currentTarget.value)}
          data={[
            { value: "1", label: say("putAway.steps1") },
            { value: "2", label: say("putAway.steps2") },
          ]}
        />
      }
    />
  );
}
