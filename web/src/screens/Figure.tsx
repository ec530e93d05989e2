// What a figure of the company is, and how it stood at the ends of the months before.
import { ActionIcon, Box, Loader, Popover, Text } from "@mantine/core";
import { IconHelp } from "@tabler/icons-react";
import { useQueries } from "@tanstack/react-query";
import { useState } from "react";
import { list, type Row } from "../api/client";
import { lastOfMonthBefore, otherSide } from "../format";
import { DayText, Money } from "../house/cells";
import { Problem } from "../house/Problem";
import { useWords, type Word } from "../words";

type Line = Row<"/api/v1/trial-balance">;

/** How many months back a figure is told. */
const MONTHS = 6;

/** The last days of the months before a day, the latest first. */
function ends(today: string): string[] {
  const found: string[] = [];
  let day = today;
  for (let month = 0; month < MONTHS; month += 1) {
    day = lastOfMonthBefore(day);
    found.push(day);
  }
  return found;
}

/** What is owed and what is earned stands on the credit side. */
export function shownBalance({ kind, balance }: Line) {
  return kind === "liability" || kind === "income" ? otherSide(balance) : balance;
}

/** The balances of an account, asked for when somebody wants to see them. */
function Trend({ of, today }: { of: Line; today: string }) {
  const say = useWords();
  const days = ends(today);
  const asked = useQueries({
    queries: days.map((as_of) => ({
      queryKey: ["list", "/api/v1/trial-balance", { as_of }],
      queryFn: () => list("/api/v1/trial-balance", { as_of }),
      staleTime: 300_000,
    })),
  });
  const error = asked.find((one) => one.error)?.error;
  if (error) return <Problem error={error} />;
  if (asked.some(({ isPending }) => isPending)) {
    return <Loader role="status" aria-label={say("app.loading")} type="dots" />;
  }
  const now = { day: today, line: of as Line | undefined };
  const rows = days.map((day, at) => ({
    day,
    line: asked[at]?.data?.lines.find(({ account_id }) => account_id === of.account_id),
  }));
  const all = [now, ...rows];
  const size = (line: Line | undefined) => Math.abs(Number(line?.balance.amount ?? 0));
  const most = Math.max(1, ...all.map(({ line }) => size(line)));
  return (
    <table className="grid-line">
      <tbody>
        {all.map(({ day, line }) => (
          <tr key={day}>
            <th scope="row">
              <DayText of={day} />
            </th>
            <td style={{ width: 90, verticalAlign: "middle" }} aria-hidden="true">
              {/* The length of a bar is all that is reckoned here. */}
              <Box
                h={8}
                w={`${(size(line) / most) * 100}%`}
                bg="var(--mantine-primary-color-filled)"
              />
            </td>
            <td className="number">{line ? <Money of={shownBalance(line)} /> : "–"}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface AboutProps {
  of: Line;
  name: string;
  definition: Word;
  today: string;
}

export function AboutFigure({ of, name, definition, today }: AboutProps) {
  const say = useWords();
  const [opened, setOpened] = useState(false);
  return (
    <Popover
      opened={opened}
      onChange={setOpened}
      position="bottom-end"
      shadow="md"
      width={340}
      withArrow
      trapFocus
      returnFocus
    >
      <Popover.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          className="no-print"
          pos="absolute"
          top={6}
          right={6}
          aria-label={say("home.about", { name })}
          onClick={() => setOpened(!opened)}
        >
          <IconHelp size={16} />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown aria-label={name}>
        <Text size="sm" mb="xs">
          {say(definition)}
        </Text>
        {opened && <Trend of={of} today={today} />}
      </Popover.Dropdown>
    </Popover>
  );
}
