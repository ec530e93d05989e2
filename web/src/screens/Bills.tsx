// Suppliers' bills, and the acceptance of what does not match.
import { Drawer, Group } from "@mantine/core";
import { useState } from "react";
import type { Row } from "../api/client";
import { columnsOf } from "../house/columns";
import { ReasonDialog } from "../house/Dialog";
import { FilesButton } from "../house/FilesButton";
import { LineButton } from "../house/LineButton";
import { ListPage } from "../house/ListPage";
import { useAct } from "../house/useAct";
import { useMay } from "../session";
import { useWords } from "../words";
import { Match } from "./Match";

type Bill = Row<"/api/v1/bills">;
const bill = columnsOf<Bill>();

/** Accepts all that does not match on a bill. */
export function AcceptMismatch({ of }: { of: Bill }) {
  const say = useWords();
  const accept = useAct("/api/v1/bills/accept", () => say("done.accepted"));
  return (
    <ReasonDialog
      word="act.accept"
      inLine
      busy={accept.isPending}
      act={(reason) => accept.mutateAsync({ bill_id: of.bill_id, reason })}
    />
  );
}

export default function Bills() {
  const say = useWords();
  const may = useMay();
  const [compared, setCompared] = useState<Bill>();
  return (
    <>
      <ListPage
        path="/api/v1/bills"
        title="page.bills"
        rowKey={(row) => row.bill_id}
        filters={[
          { name: "supplier", word: "f.supplier", kind: "text", front: true },
          {
            name: "state",
            word: "f.state",
            kind: ["matched", "mismatch", "accepted"],
            front: true,
          },
          { name: "from_day", word: "f.from", kind: "day" },
          { name: "to_day", word: "f.to", kind: "day" },
        ]}
        columns={[
          bill.text("f.number", (row) => row.number),
          bill.state("f.kind", (row) => row.kind),
          bill.text("f.supplier", (row) => row.supplier),
          bill.text("f.billReference", (row) => row.reference),
          bill.state("f.state", (row) => row.state),
          bill.day("f.billed", (row) => row.billed_on),
          bill.day("f.dueOn", (row) => row.due_on),
          bill.money("f.total", (row) => row.total),
          bill.node("record.files", (row) => (
            <FilesButton kind="bill" id={row.bill_id} name={row.number} />
          )),
          bill.node("f.action", (row) => (
            <Group gap={6} wrap="nowrap">
              <LineButton quiet onClick={() => setCompared(row)}>
                {say("act.compare")}
              </LineButton>
              {row.state === "mismatch" && may("purchasing.match") && <AcceptMismatch of={row} />}
            </Group>
          )),
        ]}
      />
      <Drawer
        opened={compared !== undefined}
        onClose={() => setCompared(undefined)}
        position="right"
        size="xl"
        title={compared && `${compared.number} · ${compared.supplier} · ${compared.reference}`}
        closeButtonProps={{ "aria-label": say("act.close") }}
      >
        {compared && <Match bill={compared} />}
      </Drawer>
    </>
  );
}
