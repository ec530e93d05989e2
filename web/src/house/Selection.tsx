// What is selected of a list, and the lines beyond the page that belong to it.
import { Button, Group, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { type Filters, type ListPath, list, type Row } from "../api/client";
import { useWords } from "../words";
import { told } from "./Problem";
import { tell } from "./tell";

/** The most lines that the server gives at once. */
const PAGE = 200;

/** The first lines of a list, as many as are asked for or there are. */
async function firstOf<P extends ListPath>(path: P, asked: Filters<P>, most: number) {
  const rows: Row<P>[] = [];
  let cursor: string | undefined;
  do {
    const limit = String(Math.min(PAGE, most - rows.length));
    const page = await list(path, { ...asked, limit, ...(cursor && { cursor }) } as Filters<P>);
    rows.push(...page.lines);
    cursor = page.next_cursor;
  } while (cursor && rows.length < most);
  return rows;
}

interface SelectionProps<P extends ListPath> {
  path: P;
  asked: Filters<P>;
  selected: Row<P>[];
  select: (rows: Row<P>[]) => void;
  /** How many one act takes, when there are more than those of the page and all of them are selected. */
  most: number | undefined;
  children: ReactNode;
}

export function Selection<P extends ListPath>(props: SelectionProps<P>) {
  const { path, asked, selected, select, most, children } = props;
  const say = useWords();
  const more = useMutation({
    mutationFn: (count: number) => firstOf(path, asked, count),
    onError: (error) => tell(say, "wrong", told(say, error)),
  });
  return (
    <Group className="sheet" p="xs" mt="xs" gap="sm">
      <Text size="sm" fw={500}>
        {say("list.selected", { n: selected.length })}
      </Text>
      {most !== undefined && (
        <Button
          variant="subtle"
          size="compact-sm"
          loading={more.isPending}
          // Of a view that was left meanwhile nothing is selected.
          onClick={() => more.mutate(most, { onSuccess: select })}
        >
          {say("list.selectMore", { n: most })}
        </Button>
      )}
      {children}
    </Group>
  );
}
