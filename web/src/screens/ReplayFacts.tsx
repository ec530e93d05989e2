// All facts of a span of days, delivered to a webhook once more: part by part, as the server gives them.
import { useState } from "react";
import { act as ask, type Row } from "../api/client";
import { askAgain } from "../fresh";
import { Dialog } from "../house/Dialog";
import { DayField, useFields } from "../house/fields";
import { told } from "../house/Problem";
import { tell } from "../house/tell";
import { useWords } from "../words";

const PATH = "/api/v1/webhooks/replay";

export function ReplayFacts({ of }: { of: Row<"/api/v1/webhooks"> }) {
  const say = useWords();
  const { form, set, reset } = useFields({ from: "", to: "" });
  const [busy, setBusy] = useState(false);
  const replay = async () => {
    setBusy(true);
    try {
      let queued = 0;
      let cursor: string | null = null;
      do {
        const part: Awaited<ReturnType<typeof ask<typeof PATH>>> = await ask(
          PATH,
          {
            webhook_id: of.webhook_id,
            from_day: form.from,
            to_day: form.to,
            cursor,
          },
          crypto.randomUUID(),
        );
        queued += part.queued;
        cursor = part.next_cursor ?? null;
      } while (cursor);
      tell(say, "done", say("hooks.replayed", { count: queued }));
      await askAgain();
    } catch (error) {
      tell(say, "wrong", told(say, error));
      throw error;
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog
      word="act.replayFacts"
      inLine
      busy={busy}
      ready={form.from !== "" && form.to >= form.from}
      onOpen={() => reset()}
      act={replay}
      body={
        <>
          <DayField
            word="f.from"
            hint={say("hooks.replayHint")}
            required
            focus
            value={form.from}
            change={set("from")}
          />
          <DayField word="f.to" required min={form.from} value={form.to} change={set("to")} />
        </>
      }
    />
  );
}
