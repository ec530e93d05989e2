// What happened, the newest first.
import { Timeline as Line, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { useWords } from "../words";

export interface Happened {
  key: string;
  what: ReactNode;
  when: ReactNode;
  more?: ReactNode;
}

export function Timeline({ events }: { events: Happened[] }) {
  const say = useWords();
  if (events.length === 0) {
    return (
      <Text className="sheet" p="md" size="sm" c="dimmed">
        {say("record.noHistory")}
      </Text>
    );
  }
  return (
    <Line bulletSize={12} lineWidth={1} className="sheet" p="md" active={events.length}>
      {events.map((event) => (
        <Line.Item key={event.key} title={event.what}>
          <Text size="sm" c="dimmed">
            {event.when}
          </Text>
          {event.more && <Text size="sm">{event.more}</Text>}
        </Line.Item>
      ))}
    </Line>
  );
}
