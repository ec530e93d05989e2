// The queue: what was done on the device, in its order, what became of it, and what to do where it was
// refused.
import { Alert, Box, Button, FileButton, Group, Text, Title } from "@mantine/core";
import { useState } from "react";
import { Moment, Quantity, State } from "../../house/cells";
import { Dialog } from "../../house/Dialog";
import { tell } from "../../house/tell";
import { Way } from "../../house/Way";
import { useSession } from "../../session";
import type { Act } from "../../shift/acts";
import { exportQueue, importQueue } from "../../shift/file";
import { putActs, removeActs, useKeeper } from "../../shift/keeper";
import { isHeld, isMine, sync, useSync, whileMine } from "../../shift/sync";
import { stateWord, useWords } from "../../words";
import { EditAct } from "./EditAct";

/** What it is, line by line, as its user did it. */
function Said({ of }: { of: Act }) {
  const say = useWords();
  const lines = of.body.lines ?? [];
  return (
    <ul style={{ margin: 0, paddingInlineStart: "1.2em" }}>
      {lines.map((line, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: what was done does not move
        <li key={at}>
          {of.said[at]}
          {line.quantity && " · "}
          <Quantity of={line.quantity} />
          {"to" in line && line.to ? ` → ${line.to}` : ""}
          {"lot" in line && line.lot ? ` · ${say("f.lot")} ${line.lot}` : ""}
          {"outcome" in line && line.outcome ? ` · ${stateWord(say, String(line.outcome))}` : ""}
          {"missing" in line && line.missing ? ` · ${say("act.short")}` : ""}
        </li>
      ))}
    </ul>
  );
}

function Discard({ of }: { of: Act }) {
  const say = useWords();
  return (
    <Dialog
      word="act.discard"
      look="danger"
      busy={false}
      ready
      act={async () => {
        if (!(await whileMine([of], () => removeActs([of.key])))) {
          tell(say, "look", say("shift.goneMeanwhile"));
        }
      }}
      body={<Text size="sm">{say("shift.discardText", { number: of.about.number })}</Text>}
    />
  );
}

function One({ of, acts }: { of: Act; acts: Act[] }) {
  const say = useWords();
  const held = isHeld(of, acts);
  const again = async () => {
    await whileMine([of], () => putActs([{ ...of, state: "waiting", problem: undefined }]));
    sync();
  };
  return (
    <Box
      className="sheet"
      component="section"
      p="sm"
      mb="xs"
      aria-label={`${say(`shift.did.${of.kind}`)}, ${of.about.number}`}
    >
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <Text size="sm" fw={600} style={{ overflowWrap: "anywhere" }}>
          {say(`shift.did.${of.kind}`)} · {of.about.number}
        </Text>
        <State of={of.state} />
      </Group>
      <Text size="xs" c="dimmed">
        <Moment of={of.at} />
        {of.number && ` · ${say("shift.became", { number: of.number })}`}
        {of.exportedAt && of.state !== "sent" && ` · ${say("shift.exported")}`}
      </Text>
      <Text component="div" size="sm">
        <Said of={of} />
      </Text>
      {of.exportedAt && of.state !== "sent" && (
        <Text size="sm" c="dimmed">
          {say("shift.exportedText")}
        </Text>
      )}
      {held && (
        <Text size="sm" c="dimmed">
          {say("shift.held")}
        </Text>
      )}
      {of.problem && (
        <Alert color="red" my="xs" role="alert" title={say("shift.refused")}>
          {of.problem.detail}
        </Alert>
      )}
      {of.state !== "sent" && (
        <Group gap="xs" mt="xs">
          {of.state === "refused" && !of.exportedAt && (
            <Button variant="default" onClick={again}>
              {say("act.retry")}
            </Button>
          )}
          {isMine(of) && <EditAct of={of} />}
          {isMine(of) && <Discard of={of} />}
        </Group>
      )}
    </Box>
  );
}

/** The queue out of the browser and back into it, as a file that only its user can read. */
function Files({ any }: { any: boolean }) {
  const say = useWords();
  const who = useSession();
  const out = async () => {
    const file = await exportQueue();
    if (!file) return;
    const link = document.createElement("a");
    link.href = URL.createObjectURL(file);
    link.download = `purser-queue-${who.me.login}.json`;
    link.click();
    URL.revokeObjectURL(link.href);
    tell(say, "done", say("shift.exportDone"));
  };
  const back = async (file: File | null) => {
    if (!file) return;
    try {
      const read = await importQueue(await file.text(), who);
      if (typeof read === "number") tell(say, "done", say("shift.imported", { n: read }));
      else tell(say, "wrong", say(`shift.unread.${read}`));
    } catch {
      tell(say, "wrong", say("shift.unread.no_queue"));
    }
  };
  return (
    <>
      {any && (
        <Button variant="default" onClick={out}>
          {say("act.exportQueue")}
        </Button>
      )}
      <FileButton accept="application/json" onChange={back}>
        {(props) => (
          <Button variant="default" {...props}>
            {say("act.importQueue")}
          </Button>
        )}
      </FileButton>
    </>
  );
}

export default function Queue() {
  const say = useWords();
  const { open, looked } = useKeeper();
  const { halt, running } = useSync();
  const [shown, setShown] = useState(30);
  const acts = open?.acts ?? [];
  const sent = acts.filter(({ state }) => state === "sent");
  const rest = acts.filter(({ state }) => state !== "sent");
  const all = [...rest, ...sent.toReversed()];
  return (
    <Box maw={720} data-loaded={looked && !running}>
      <Title order={1} mb="sm">
        {say("page.queue")}
      </Title>
      {halt && rest.length > 0 && (
        <Alert color="orange" mb="sm" role="status">
          {say(`shift.halt.${halt}`)}{" "}
          {halt === "sign_in" && (
            <a href="/sign-in?then=%2Fshift%2Fqueue" className="plain-link">
              {say("sign.in")}
            </a>
          )}
        </Alert>
      )}
      <Group gap="xs" mb="sm">
        <Button loading={running} disabled={rest.length === 0} onClick={() => sync()}>
          {say("act.sync")}
        </Button>
        <Files any={rest.length > 0} />
        {sent.length > 0 && (
          <Button
            variant="default"
            onClick={() => removeActs(sent.filter((act) => act.settled).map(({ key }) => key))}
          >
            {say("act.clearSent")}
          </Button>
        )}
        <Button variant="default" component={Way} to="/shift">
          {say("page.shift")}
        </Button>
      </Group>
      {all.length === 0 && (
        <Text className="sheet" p="md" size="sm" c="dimmed">
          {say(open ? "shift.queueEmpty" : "shift.queueClosed")}
        </Text>
      )}
      {all.slice(0, shown).map((act) => (
        <One key={act.key} of={act} acts={acts} />
      ))}
      {all.length > shown && (
        <Button variant="default" onClick={() => setShown(shown + 100)}>
          {say("shift.more", { n: all.length - shown })}
        </Button>
      )}
    </Box>
  );
}
