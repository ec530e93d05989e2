// The lines of a record.
import { Box, Loader, Text } from "@mantine/core";
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useWords, type Word } from "../words";
import type { Column } from "./columns";
import { Problem } from "./Problem";

interface LineTableProps<R> {
  rows: R[];
  columns: Column<R>[];
  rowKey: (row: R) => string | number;
  none?: Word;
  /** What stands at the end of each line. */
  end?: (row: R) => ReactNode;
}

export function LineTable<R>({ rows, columns, rowKey, none, end }: LineTableProps<R>) {
  const say = useWords();
  if (rows.length === 0) {
    return (
      <Text className="sheet" p="md" size="sm" c="dimmed">
        {say(none ?? "record.noLines")}
      </Text>
    );
  }
  return (
    <Box className="sheet scroller" tabIndex={0} role="region" aria-label={say("record.lines")}>
      <table className="grid-line">
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.word} className={column.right ? "number" : undefined} scope="col">
                {say(column.word)}
              </th>
            ))}
            {end && (
              <td>
                <span />
              </td>
            )}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={rowKey(row)}>
              {columns.map((column) => (
                <td key={column.word} className={column.right ? "number" : undefined}>
                  {column.show(row)}
                </td>
              ))}
              {end && <td className="number">{end(row)}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </Box>
  );
}

interface AskedTableProps<R> extends Omit<LineTableProps<R>, "rows"> {
  asked: UseQueryResult<{ lines: R[]; next_cursor?: string }, Error>;
}

/** Lines that are asked for on their own, and what keeps them away. */
export function AskedTable<R>({ asked, ...table }: AskedTableProps<R>) {
  const say = useWords();
  if (asked.error) return <Problem error={asked.error} retry={() => asked.refetch()} />;
  if (asked.isPending) return <Loader role="status" aria-label={say("app.loading")} type="dots" />;
  return (
    <Box data-loaded={!asked.isFetching}>
      <LineTable rows={asked.data.lines} {...table} />
      {asked.data.next_cursor && (
        <Text size="sm" c="dimmed" mt="xs">
          {say("record.firstLines", { n: asked.data.lines.length })}
        </Text>
      )}
    </Box>
  );
}
