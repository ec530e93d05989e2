// Goods moved between counting and applying: somebody says what holds, for one line or for all of them.
import { Alert, Button, Group, Text } from "@mantine/core";
import { useState } from "react";
import { Dialog } from "../house/Dialog";
import { OneOf } from "../house/fields";
import { useAct } from "../house/useAct";
import { useMay } from "../session";
import { useWords } from "../words";

const CHOICES = ["rebase", "keep_counted", "recount"] as const;
type Choice = (typeof CHOICES)[number];

interface ResolveProps {
  id: string;
  /** All lines in conflict when none is given. */
  line?: number;
}

export function Resolve({ id, line }: ResolveProps) {
  const say = useWords();
  const [choice, setChoice] = useState<Choice>("rebase");
  const resolve = useAct("/api/v1/counts/resolve", ({ lines, left }) =>
    say("conflict.resolved", { n: lines.length, left }),
  );
  return (
    <Dialog
      word={line === undefined ? "act.resolveAll" : "act.resolve"}
      inLine={line !== undefined}
      busy={resolve.isPending}
      ready
      onOpen={() => setChoice("rebase")}
      act={() => resolve.mutateAsync({ count_id: id, choice, lines: line ? [line] : [] })}
      body={
        <>
          <Text size="sm">{say(`conflict.${choice}`)}</Text>
          <OneOf word="conflict.holds" of={CHOICES} value={choice} change={setChoice} />
        </>
      }
    />
  );
}

/** What is said of a sheet with lines in conflict, and what can be done about all of them. */
export function Conflicts({ id }: { id: string }) {
  const say = useWords();
  const may = useMay();
  const refresh = useAct("/api/v1/counts/refresh", ({ lines }) =>
    say("conflict.refreshed", { n: lines.length }),
  );
  return (
    <Alert color="orange" mb="xs" role="status" title={say("conflict.title")}>
      <Text size="sm">{say("conflict.text")}</Text>
      <Group gap="xs" mt="xs">
        {may("counting.resolve") && <Resolve id={id} />}
        {may("counting.count") && (
          <Button
            variant="default"
            loading={refresh.isPending}
            onClick={() => refresh.mutate({ count_id: id })}
          >
            {say("act.refreshCount")}
          </Button>
        )}
      </Group>
    </Alert>
  );
}
