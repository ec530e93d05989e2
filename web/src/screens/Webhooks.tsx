// Webhooks: who is told of what happens, whether it arrives, and the secret that signs it.
import { Button, Group, TagsInput, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { list, type Row } from "../api/client";
import { columnsOf } from "../house/columns";
import { Dialog } from "../house/Dialog";
import { ReasonField, TextField, useFields } from "../house/fields";
import { ListPage } from "../house/ListPage";
import { Secret } from "../house/Secret";
import { useAct } from "../house/useAct";
import { useMay } from "../session";
import { useWords } from "../words";
import { ReplayFacts } from "./ReplayFacts";

type Webhook = Row<"/api/v1/webhooks">;
const webhook = columnsOf<Webhook>();

function Facts({ value, change }: { value: string[]; change: (value: string[]) => void }) {
  const say = useWords();
  const asked = useQuery({
    queryKey: ["list", "/api/v1/webhook-facts", {}],
    queryFn: () => list("/api/v1/webhook-facts", {}),
  });
  const rows = asked.data?.lines ?? [];
  const offered = ["*", ...rows.map((row) => row.area), ...rows.map((row) => row.fact)];
  return (
    <TagsInput
      label={say("hooks.facts")}
      description={say("hooks.factsHint")}
      data={[...new Set(offered)]}
      maxDropdownHeight={320}
      value={value}
      onChange={change}
      clearable
      clearButtonProps={{ "aria-label": say("list.clear") }}
    />
  );
}

/** Registers a webhook, or changes one. */
function Edit({ of, told }: { of?: Webhook; told?: (secret: string | undefined) => void }) {
  const say = useWords();
  const { form, set, reset } = useFields({ name: "", address: "" });
  const [facts, setFacts] = useState<string[]>([]);
  const register = useAct(
    "/api/v1/webhooks",
    () => say("done.created", { number: form.name }),
    (answer) => told?.(answer.secret ?? undefined),
  );
  const amend = useAct("/api/v1/webhooks/amend", () => say("done.saved"));
  const asked = { name: form.name.trim(), address: form.address.trim(), facts };
  return (
    <Dialog
      word={of ? "act.change" : "act.registerWebhook"}
      look={of ? "default" : "filled"}
      inLine={of !== undefined}
      size="lg"
      busy={register.isPending || amend.isPending}
      ready={asked.name !== "" && asked.address !== "" && facts.length > 0}
      onOpen={() => {
        reset({ name: of?.name ?? "", address: of?.address ?? "" });
        setFacts(of?.facts ?? ["*"]);
      }}
      act={() =>
        of
          ? amend.mutateAsync({ webhook_id: of.webhook_id, ...asked })
          : register.mutateAsync(asked)
      }
      body={
        <>
          <TextField word="f.name" required focus value={form.name} change={set("name")} />
          <TextField
            word="hooks.address"
            hint={say("hooks.addressHint")}
            required
            value={form.address}
            change={set("address")}
          />
          <Facts value={facts} change={setFacts} />
        </>
      }
    />
  );
}

function Pause({ of }: { of: Webhook }) {
  const say = useWords();
  const { form, set, reset } = useFields({ reason: "" });
  const pause = useAct("/api/v1/webhooks/pause", () => say("done.saved"));
  return (
    <Dialog
      word="act.pause"
      inLine
      busy={pause.isPending}
      ready
      onOpen={() => reset()}
      act={() => pause.mutateAsync({ webhook_id: of.webhook_id, reason: form.reason.trim() })}
      body={<ReasonField value={form.reason} change={set("reason")} />}
    />
  );
}

function Rotate({ of, told }: { of: Webhook; told: (secret: string | undefined) => void }) {
  const say = useWords();
  const { form, set, reset } = useFields({ hours: "24" });
  const rotate = useAct(
    "/api/v1/webhooks/rotate",
    () => say("done.saved"),
    (answer) => told(answer.secret ?? undefined),
  );
  return (
    <Dialog
      word="act.rotateSecret"
      inLine
      busy={rotate.isPending}
      ready={/^\d{1,3}$/.test(form.hours.trim())}
      onOpen={() => reset()}
      act={() =>
        rotate.mutateAsync({ webhook_id: of.webhook_id, keep_hours: Number(form.hours.trim()) })
      }
      body={
        <TextField
          word="hooks.keepHours"
          hint={say("hooks.keepHoursHint")}
          focus
          value={form.hours}
          change={set("hours")}
        />
      }
    />
  );
}

function Retire({ of }: { of: Webhook }) {
  const say = useWords();
  const retire = useAct("/api/v1/webhooks/retire", () => say("done.saved"));
  return (
    <Dialog
      word="act.retire"
      look="danger"
      inLine
      busy={retire.isPending}
      ready
      act={() => retire.mutateAsync({ webhook_id: of.webhook_id })}
      body={<Text size="sm">{say("hooks.retireHint", { name: of.name })}</Text>}
    />
  );
}

/** What is done at once. */
function Now({ of, path }: { of: Webhook; path: "ping" | "resume" }) {
  const say = useWords();
  const ping = useAct("/api/v1/webhooks/ping", ({ ping }) => say("hooks.pinged", { ping }));
  const resume = useAct("/api/v1/webhooks/resume", () => say("done.saved"));
  const act = path === "ping" ? ping : resume;
  return (
    <Button
      variant="default"
      size="compact-xs"
      loading={act.isPending}
      onClick={() => act.mutate({ webhook_id: of.webhook_id })}
    >
      {say(path === "ping" ? "act.ping" : "act.resume")}
    </Button>
  );
}

export default function Webhooks() {
  const may = useMay();
  const [secret, setSecret] = useState<string>();
  const edits = may("webhooks.edit");
  const replays = may("webhooks.replay");
  return (
    <>
      <ListPage
        path="/api/v1/webhooks"
        title="page.webhooks"
        rowKey={(row) => row.webhook_id}
        open={(row) => `/system/webhook-deliveries?webhook_id=${row.webhook_id}`}
        filters={[
          { name: "state", word: "f.state", kind: ["active", "paused", "retired"], front: true },
        ]}
        actions={edits && <Edit told={setSecret} />}
        columns={[
          webhook.text("f.name", (row) => row.name, { lead: true }),
          webhook.text("hooks.address", (row) => row.address),
          webhook.text("hooks.facts", (row) => row.facts.join(" · ")),
          webhook.state("f.state", (row) => row.state),
          webhook.text("f.reason", (row) => row.paused_why),
          webhook.count("hooks.waiting", (row) => row.waiting),
          webhook.count("hooks.dead", (row) => row.dead),
          webhook.count("hooks.failures", (row) => row.failures),
          webhook.moment("hooks.failingSince", (row) => row.failing_since),
          webhook.moment("hooks.restsUntil", (row) => row.rests_until, { hidden: true }),
          webhook.moment("hooks.deliveredAt", (row) => row.delivered_at),
          webhook.moment("hooks.previousUntil", (row) => row.previous_until, { hidden: true }),
          webhook.moment("hooks.registeredAt", (row) => row.registered_at, { hidden: true }),
          webhook.text("hooks.registeredBy", (row) => row.registered_by, { hidden: true }),
          webhook.node("f.action", (row) =>
            row.state === "retired" ? null : (
              <Group gap={4} wrap="nowrap">
                {replays && <Now of={row} path="ping" />}
                {replays && <ReplayFacts of={row} />}
                {edits && <Edit of={row} />}
                {edits &&
                  (row.state === "paused" ? <Now of={row} path="resume" /> : <Pause of={row} />)}
                {edits && <Rotate of={row} told={setSecret} />}
                {edits && <Retire of={row} />}
              </Group>
            ),
          ),
        ]}
      />
      <Secret
        title="hooks.secret"
        hint="hooks.secretHint"
        of={secret}
        close={() => setSecret(undefined)}
      />
    </>
  );
}
