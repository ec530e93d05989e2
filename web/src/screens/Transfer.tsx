// A transfer between two warehouses: what was planned, sent, received, and what went missing.
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { record, type Schemas } from "../api/client";
import { DayText, State } from "../house/cells";
import { columnsOf } from "../house/columns";
import { ReasonDialog } from "../house/Dialog";
import { LineTable } from "../house/LineTable";
import { RecordPage } from "../house/RecordPage";
import { Timeline } from "../house/Timeline";
import { useAct } from "../house/useAct";
import { useMay } from "../session";
import { useWords } from "../words";
import { AmendTransfer } from "./AmendTransfer";

type Detail = Schemas["TransferDetail"];
const line = columnsOf<Detail["lines"][number]>();

function Acts({ of }: { of: Detail }) {
  const say = useWords();
  const may = useMay();
  const { transfer_id, state } = of.head;
  const send = useAct("/api/v1/transfers/send", () => say("done.sent"));
  const receive = useAct("/api/v1/transfers/receive", (answer) =>
    say("done.received", { number: answer.number }),
  );
  const cancel = useAct("/api/v1/transfers/cancel", () => say("done.cancelled"));
  return (
    <>
      {state === "planned" && may("stock.send_transfer") && (
        <Button loading={send.isPending} onClick={() => send.mutate({ transfer_id })}>
          {say("act.sendTransfer")}
        </Button>
      )}
      {state === "under_way" && may("stock.receive_transfer") && (
        <Button loading={receive.isPending} onClick={() => receive.mutate({ transfer_id })}>
          {say("act.receiveTransfer")}
        </Button>
      )}
      {(state === "planned" || state === "under_way") && may("stock.plan_transfer") && (
        <AmendTransfer of={of} />
      )}
      {state === "planned" && may("stock.plan_transfer") && (
        <ReasonDialog
          word="act.cancelTransfer"
          look="danger"
          busy={cancel.isPending}
          act={(reason) => cancel.mutateAsync({ transfer_id, reason })}
        />
      )}
    </>
  );
}

export default function Transfer() {
  const { id } = useParams({ strict: false }) as { id: string };
  const query = useQuery({
    queryKey: ["record", "transfer", id],
    queryFn: () => record("/api/v1/transfers/{id}", id),
  });
  return (
    <RecordPage
      query={query}
      back="/stock/transfers"
      subjects={() => [["transfer", id]]}
      title={({ head }) => head.number}
      under={({ head }) => `${head.from} → ${head.to}`}
      state={({ head }) => head.state}
      acts={(detail) => <Acts of={detail} />}
      facts={({ head }) => [
        { word: "f.departOn", value: <DayText of={head.depart_on} /> },
        { word: "f.arrivesOn", value: <DayText of={head.arrive_on} /> },
        { word: "f.toPlace", value: head.to_place },
        { word: "f.reference", value: head.client_ref },
        { word: "f.note", value: head.note },
      ]}
      tabs={({ lines, steps }) => [
        {
          word: "record.lines",
          count: lines.length,
          body: (
            <LineTable
              rows={lines}
              rowKey={(row) => row.line}
              columns={[
                line.count("f.line", (row) => row.line),
                line.text("f.sku", (row) => row.sku),
                line.text("f.name", (row) => row.name),
                line.quantity("f.quantity", (row) => row.quantity),
                line.quantity("f.reserved", (row) => row.reserved),
                line.quantity("f.sent", (row) => row.sent),
                line.quantity("f.accepted", (row) => row.accepted),
                line.quantity("f.quarantined", (row) => row.quarantined),
                line.quantity("f.missing", (row) => row.missing),
              ]}
            />
          ),
        },
        {
          word: "page.movements",
          body: (
            <Timeline
              events={steps.map((step, at) => ({
                key: String(at),
                what: (
                  <>
                    {step.number} · {step.sku} · {step.quantity} <State of={step.outcome} />
                  </>
                ),
                when: <DayText of={step.happened_on} />,
                more: [step.place, step.reason, step.note].filter(Boolean).join(" · "),
              }))}
            />
          ),
        },
      ]}
    />
  );
}
