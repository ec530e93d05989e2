// What is on its way to webhooks, and every attempt.
import { Button } from "@mantine/core";
import type { Row } from "../api/client";
import { columnsOf } from "../house/columns";
import { ListPage } from "../house/ListPage";
import { recordAddress } from "../house/records";
import { useAct } from "../house/useAct";
import { useMay } from "../session";
import { useWords } from "../words";

type Delivery = Row<"/api/v1/webhook-deliveries">;
const delivery = columnsOf<Delivery>();
const attempt = columnsOf<Row<"/api/v1/webhook-attempts">>();

function Replay({ of }: { of: Delivery }) {
  const say = useWords();
  const replay = useAct("/api/v1/webhook-deliveries/replay", () => say("hooks.replayedOne"));
  return (
    <Button
      variant="default"
      size="compact-xs"
      loading={replay.isPending}
      onClick={() => replay.mutate({ delivery_id: of.delivery_id })}
    >
      {say("act.replay")}
    </Button>
  );
}

export function Deliveries() {
  const may = useMay();
  return (
    <ListPage
      path="/api/v1/webhook-deliveries"
      title="page.webhookDeliveries"
      rowKey={(row) => row.delivery_id}
      open={(row) =>
        recordAddress(row.subject_kind, row.subject_id) ??
        `/system/webhook-attempts?delivery_id=${row.delivery_id}`
      }
      filters={[
        { name: "state", word: "f.state", kind: ["waiting", "delivered", "dead"], front: true },
        { name: "fact", word: "hooks.fact", kind: "text", front: true },
        { name: "from_day", word: "f.from", kind: "day" },
        { name: "to_day", word: "f.to", kind: "day" },
        { name: "subject_kind", word: "hooks.subjectKind", kind: "text" },
        { name: "subject_id", word: "f.recordId", kind: "text" },
        { name: "webhook_id", word: "hooks.webhookId", kind: "text" },
      ]}
      columns={[
        delivery.text("hooks.fact", (row) => row.fact, { lead: true }),
        delivery.text(
          "f.record",
          (row) => `${row.subject_kind.replaceAll("_", " ")} ${row.subject_id}`,
        ),
        delivery.count("hooks.seq", (row) => row.seq),
        delivery.text("hooks.webhook", (row) => row.webhook),
        delivery.state("f.state", (row) => row.state),
        delivery.moment("mails.queuedAt", (row) => row.queued_at),
        delivery.moment("hooks.dueAt", (row) => (row.state === "waiting" ? row.due_at : null)),
        delivery.moment("hooks.deliveredAt", (row) => row.delivered_at),
        delivery.count("mails.attempts", (row) => row.attempts),
        delivery.count("hooks.replays", (row) => row.replays, { hidden: true }),
        delivery.text("hooks.status", (row) => row.status),
        delivery.text("hooks.answer", (row) => row.answer),
        delivery.text("hooks.factId", (row) => row.fact_id, { hidden: true }),
        delivery.node("f.action", (row) => (may("webhooks.replay") ? <Replay of={row} /> : null)),
      ]}
    />
  );
}

export function Attempts() {
  return (
    <ListPage
      path="/api/v1/webhook-attempts"
      title="page.webhookAttempts"
      rowKey={(row) => `${row.delivery_id} ${row.attempt}`}
      filters={[
        {
          name: "outcome",
          word: "hooks.outcome",
          kind: ["delivered", "failed", "lost"],
          front: true,
        },
        { name: "status", word: "hooks.status", kind: "text", front: true },
        { name: "delivery_id", word: "hooks.deliveryId", kind: "text" },
        { name: "webhook_id", word: "hooks.webhookId", kind: "text" },
      ]}
      columns={[
        attempt.moment("hooks.endedAt", (row) => row.ended_at),
        attempt.text("hooks.webhook", (row) => row.webhook),
        attempt.text("hooks.fact", (row) => row.fact),
        attempt.count("hooks.attempt", (row) => row.attempt),
        attempt.state("hooks.outcome", (row) => row.outcome),
        attempt.text("hooks.status", (row) => row.status),
        attempt.count("hooks.millis", (row) => row.millis),
        attempt.text("hooks.answer", (row) => row.answer),
        attempt.text("hooks.deliveryId", (row) => row.delivery_id, { hidden: true }),
      ]}
    />
  );
}
