// Replenishment: what to buy or to bring from another warehouse, why, and the decision, one by one or
// many at once.
import { Button, Drawer } from "@mantine/core";
import { useState } from "react";
import type { Row } from "../api/client";
import { columnsOf } from "../house/columns";
import { Dialog } from "../house/Dialog";
import { DayField, ReasonField, useFields } from "../house/fields";
import { LineButton } from "../house/LineButton";
import { ListPage } from "../house/ListPage";
import { useAct } from "../house/useAct";
import { Way } from "../house/Way";
import { useMay, useSession } from "../session";
import { useFormats, useWords } from "../words";
import { MOST, useApproveProposals } from "./approveProposals";
import { Why } from "./Why";

type Proposal = Row<"/api/v1/proposals">;
const proposal = columnsOf<Proposal>();
const STATES = ["open", "dismissed", "approved", "withdrawn"] as const;

function Run() {
  const say = useWords();
  const run = useAct("/api/v1/replenishment-runs", (answer) =>
    say("done.ran", { looked: answer.looked_at, proposed: answer.proposed }),
  );
  return (
    <Button variant="default" loading={run.isPending} onClick={() => run.mutate({})}>
      {say("act.run")}
    </Button>
  );
}

function Bulk({ rows, done }: { rows: Proposal[]; done: () => void }) {
  const say = useWords();
  const { me } = useSession();
  const { form, set, reset } = useFields({ until: "", reason: "" });
  const { until, reason } = form;
  const open = rows.filter((row) => row.state === "open");
  const { approve, isPending } = useApproveProposals(done);
  const dismiss = useAct(
    "/api/v1/proposals/dismiss",
    (answer) => say("done.dismissed", { n: answer.dismissed }),
    done,
  );
  return (
    <>
      <Button
        disabled={open.length === 0}
        loading={isPending}
        onClick={() => approve(open).catch(() => undefined)}
      >
        {say("act.approve")}
      </Button>
      <Dialog
        word="act.dismiss"
        busy={dismiss.isPending}
        ready={Boolean(until && reason.trim() && open.length)}
        onOpen={() => reset()}
        act={() =>
          dismiss.mutateAsync({
            proposals: open.map((row) => row.proposal_id),
            reason: reason.trim(),
            until,
          })
        }
        body={
          <>
            <DayField
              word="act.dismissUntil"
              min={me.today}
              required
              value={until}
              change={set("until")}
            />
            <ReasonField required value={reason} change={set("reason")} />
          </>
        }
      />
    </>
  );
}

export default function Proposals() {
  const say = useWords();
  const may = useMay();
  const { quantity } = useFormats();
  const [asked, setAsked] = useState<Proposal>();
  const canApprove = may("planning.approve");
  return (
    <>
      <ListPage
        path="/api/v1/proposals"
        title="page.proposals"
        rowKey={(row) => row.proposal_id}
        filters={[
          { name: "supplier", word: "f.supplier", kind: "text", front: true },
          { name: "source", word: "f.sourceWarehouse", kind: "text", front: true },
          { name: "sku", word: "f.sku", kind: "text", front: true },
          { name: "state", word: "f.state", kind: STATES, front: true },
          { name: "warehouse", word: "f.warehouse", kind: "text" },
        ]}
        empty={{ title: "empty.proposals", text: "empty.proposalsText" }}
        actions={
          <>
            <Button component={Way} to="/buying/proposal-groups" variant="default">
              {say("groups.show")}
            </Button>
            {may("planning.run") && <Run />}
          </>
        }
        most={MOST}
        bulk={canApprove ? (rows, done) => <Bulk rows={rows} done={done} /> : undefined}
        columns={[
          proposal.text("f.sku", (row) => row.sku),
          proposal.text("f.name", (row) => row.name),
          proposal.state("f.state", (row) => row.state),
          proposal.text("f.supplier", (row) => row.supplier, { sort: "supplied_by" }),
          proposal.text("f.sourceWarehouse", (row) => row.source, { sort: "supplied_by" }),
          proposal.text("f.place", (row) => row.place, { hidden: true }),
          proposal.quantity("f.forecast", (row) => row.forecast),
          proposal.quantity("f.need", (row) => row.need, { hidden: true }),
          proposal.quantity("f.orderQuantity", (row) => row.order_quantity),
          proposal.text("f.unit", (row) => row.unit),
          proposal.quantity("f.available", (row) => (row.source ? row.available : null)),
          proposal.price("f.price", (row) => row.unit_cost),
          proposal.day("f.neededOn", (row) => row.needed_on, { hidden: true }),
          proposal.day("f.arrivesOn", (row) => row.arrives_on),
          proposal.text("f.order", (row) => row.order || row.transfer),
          proposal.node("f.reason", (row) => (
            <LineButton quiet onClick={() => setAsked(row)}>
              {say("act.explainLine")}
            </LineButton>
          )),
        ]}
      />
      <Drawer
        opened={asked !== undefined}
        onClose={() => setAsked(undefined)}
        position="right"
        size="md"
        title={
          asked &&
          say("why.title", {
            quantity: quantity(asked.quantity),
            unit: asked.stock_unit,
            sku: asked.sku,
          })
        }
        closeButtonProps={{ "aria-label": say("act.close") }}
      >
        {asked && <Why id={asked.proposal_id} />}
      </Drawer>
    </>
  );
}
