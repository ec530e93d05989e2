// Items are classified anew; into which classes they would fall is told before.
import { Text } from "@mantine/core";
import { useState } from "react";
import type { Schemas } from "../../api/client";
import { Choice, useOptions } from "../../house/Choice";
import { columnsOf } from "../../house/columns";
import { Dialog } from "../../house/Dialog";
import { LineTable } from "../../house/LineTable";
import { Rehearsal } from "../../house/Rehearsal";
import { useAct } from "../../house/useAct";
import { useWords } from "../../words";

const level = columnsOf<Schemas["LevelFilled"]>();

interface ClassifyProps {
  /** The profile; without it one is chosen. */
  profile?: string;
  inLine?: boolean;
}

export function Classify({ profile, inLine }: ClassifyProps) {
  const say = useWords();
  const { data: profiles = [] } = useOptions("countProfiles");
  const [chosen, setChosen] = useState("");
  const meant = profile ?? (chosen || (profiles[0]?.value ?? ""));
  const request = meant === "" ? undefined : { profile: meant };
  const classify = useAct("/api/v1/count-classes", ({ items, moved }) =>
    say("done.classified", { n: items, moved }),
  );
  return (
    <Dialog
      word="act.classify"
      look="filled"
      inLine={inLine}
      busy={classify.isPending}
      ready={request !== undefined}
      onOpen={() => setChosen("")}
      act={async () => {
        if (request) await classify.mutateAsync(request);
      }}
      body={
        <>
          <Text size="sm">{say("classify.text")}</Text>
          {profile === undefined && (
            <Choice of="countProfiles" word="f.profile" required value={meant} change={setChosen} />
          )}
          <Rehearsal path="/api/v1/count-classes/rehearse" request={request}>
            {({ items, moved, levels }) => (
              <>
                <LineTable
                  rows={levels}
                  rowKey={(row) => row.level}
                  columns={[
                    level.text("f.class", (row) => row.level),
                    level.count("classify.items", (row) => row.items),
                    level.money("classify.value", (row) => row.value),
                  ]}
                />
                <Text size="sm" mt="xs">
                  {say("classify.moved", { n: items, moved })}
                </Text>
              </>
            )}
          </Rehearsal>
        </>
      }
    />
  );
}
