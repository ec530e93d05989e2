// Who did what to a record, and when, as the audit trail has it.
import { Loader, Text } from "@mantine/core";
import { useQueries } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { list } from "../api/client";
import { useWords, verbWord } from "../words";
import { Moment } from "./cells";
import { Detail } from "./Detail";
import { Problem } from "./Problem";
import { Timeline } from "./Timeline";

/** A record as the trail names it: its kind, and its id. */
export type Subject = readonly [kind: string, id: string];

/** Something that a record itself tells to have happened. */
export interface Told {
  at: string;
  key: string;
  what: ReactNode;
  more?: ReactNode;
}

const LIMIT = "200";

export function Trail({ of, besides = [] }: { of: Subject[]; besides?: Told[] }) {
  const say = useWords();
  const asked = useQueries({
    queries: of.map(([kind, id]) => ({
      queryKey: ["trail", kind, id],
      queryFn: () => list("/api/v1/audit", { object_kind: kind, object_id: id, limit: LIMIT }),
    })),
  });
  const acts = asked
    .flatMap(({ data }) => data?.lines ?? [])
    .map((row) => ({
      at: row.recorded_at,
      key: row.audit_id,
      what: verbWord(say, row.verb),
      who: row.display_name || row.login || say("trail.house"),
      more: <Detail of={row.detail} />,
    }));
  const events = [...besides.map((one) => ({ who: undefined, ...one })), ...acts];
  events.sort((a, b) => b.at.localeCompare(a.at));
  const [first] = of;
  const failed = asked.find(({ error }) => error);
  const again = () => {
    for (const one of asked) if (one.error) one.refetch();
  };
  if (asked.some(({ isPending }) => isPending)) {
    return <Loader role="status" aria-label={say("app.loading")} type="dots" />;
  }
  return (
    <div data-loaded={asked.every(({ isFetching }) => !isFetching)}>
      {failed?.error && <Problem error={failed.error} retry={again} />}
      <Timeline
        events={events.map(({ at, who, ...event }) => ({
          ...event,
          when: (
            <>
              <Moment of={at} />
              {who && ` · ${who}`}
            </>
          ),
        }))}
      />
      {first && asked.some(({ data }) => data?.next_cursor) && (
        <Text size="sm" mt="xs">
          <Link to="/system/audit" search={{ object_kind: first[0], object_id: first[1] }}>
            {say("trail.all")}
          </Link>
        </Text>
      )}
    </div>
  );
}
