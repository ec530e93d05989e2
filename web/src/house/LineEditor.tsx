// Lines to be typed, or pasted from a spreadsheet: Enter goes down and makes a line, Tab goes right.
import { ActionIcon, Box, Button, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { type ClipboardEvent, type KeyboardEvent, useRef } from "react";
import { readDecimal } from "../format";
import { useTongue, useWords, type Word } from "../words";

export interface Cell<K extends string> {
  name: K;
  word: Word;
  decimal?: boolean;
  /** A day of the calendar. */
  day?: boolean;
  fixed?: boolean;
  width?: number;
}

export type Line<K extends string> = Record<K, string>;

interface LineEditorProps<K extends string> {
  cells: Cell<K>[];
  lines: Line<K>[];
  change: (lines: Line<K>[]) => void;
  /** Lines can neither be added nor removed. */
  given?: boolean;
}

/** An empty line. */
export function emptyLine<K extends string>(cells: Cell<K>[]): Line<K> {
  return Object.fromEntries(cells.map((cell) => [cell.name, ""])) as Line<K>;
}

/** Lines with something in them, decimals as the contract writes them; none when one is no number. */
export function readLines<K extends string>(
  cells: Cell<K>[],
  lines: Line<K>[],
  locale: string,
): Line<K>[] | undefined {
  const typed = cells.filter((cell) => !cell.fixed);
  const kept = lines.filter((line) => typed.some((cell) => line[cell.name].trim() !== ""));
  const read = kept.map((line) => {
    const entries = cells.map((cell) => {
      const text = line[cell.name].trim();
      return [cell.name, cell.decimal && text ? readDecimal(text, locale) : text];
    });
    return Object.fromEntries(entries) as Record<K, string | undefined>;
  });
  const good = read.every((line) => cells.every((cell) => line[cell.name] !== undefined));
  return good ? (read as Line<K>[]) : undefined;
}

export function LineEditor<K extends string>({ cells, lines, change, given }: LineEditorProps<K>) {
  const say = useWords();
  const { locale } = useTongue();
  const table = useRef<HTMLTableElement>(null);
  const focus = (row: number, column: number) => {
    setTimeout(() => {
      table.current?.querySelector<HTMLInputElement>(`[data-cell="${row}-${column}"]`)?.select();
    });
  };
  const set = (row: number, name: K, value: string) =>
    change(lines.map((line, at) => (at === row ? { ...line, [name]: value } : line)));
  const onKey = (event: KeyboardEvent, row: number, column: number) => {
    if (event.key === "ArrowUp" && row > 0) focus(row - 1, column);
    else if (event.key === "ArrowDown" && row < lines.length - 1) focus(row + 1, column);
    else if (event.key === "Enter") {
      event.preventDefault();
      if (row === lines.length - 1 && !given) change([...lines, emptyLine(cells)]);
      focus(row + 1, row === lines.length - 1 && !given ? 0 : column);
    }
  };
  const onPaste = (event: ClipboardEvent, row: number, column: number) => {
    const text = event.clipboardData.getData("text/plain").replace(/\r?\n$/, "");
    if (!/[\t\n]/.test(text)) return;
    event.preventDefault();
    const next = lines.map((line) => ({ ...line }));
    text.split(/\r?\n/).forEach((pasted, down) => {
      if (row + down >= next.length) {
        if (given) return;
        next.push(emptyLine(cells));
      }
      pasted.split("\t").forEach((value, right) => {
        const cell = cells[column + right];
        const line = next[row + down];
        if (cell && line && !cell.fixed) line[cell.name] = value.trim();
      });
    });
    change(next);
  };
  const bad = (cell: Cell<K>, value: string) =>
    Boolean(cell.decimal && value.trim() && readDecimal(value, locale) === undefined);
  return (
    <Box>
      <Box className="sheet scroller">
        <table className="grid-line" ref={table}>
          <thead>
            <tr>
              {cells.map((cell) => (
                <th key={cell.name} scope="col" className={cell.decimal ? "number" : undefined}>
                  {say(cell.word)}
                </th>
              ))}
              {!given && (
                <td>
                  <span />
                </td>
              )}
            </tr>
          </thead>
          <tbody>
            {lines.map((line, row) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a line has no name but its place
              <tr key={row}>
                {cells.map((cell, column) => (
                  <td key={cell.name} className={cell.decimal ? "number" : undefined}>
                    {cell.fixed ? (
                      line[cell.name]
                    ) : (
                      <TextInput
                        aria-label={`${say(cell.word)}, ${say("problem.line", { n: row + 1 })}`}
                        data-cell={`${row}-${column}`}
                        type={cell.day ? "date" : undefined}
                        value={line[cell.name]}
                        w={cell.width}
                        ml={cell.decimal ? "auto" : undefined}
                        error={
                          bad(cell, line[cell.name]) &&
                          say("problem.number", { example: (12.5).toLocaleString(locale) })
                        }
                        inputMode={cell.decimal ? "decimal" : "text"}
                        styles={{ input: { textAlign: cell.decimal ? "right" : "left" } }}
                        onChange={(event) => set(row, cell.name, event.currentTarget.value)}
                        onKeyDown={(event) => onKey(event, row, column)}
                        onPaste={(event) => onPaste(event, row, column)}
                      />
                    )}
                  </td>
                ))}
                {!given && (
                  <td>
                    <ActionIcon
                      variant="subtle"
                      color="gray"
                      aria-label={say("act.removeLine", { n: row + 1 })}
                      onClick={() => change(lines.filter((_, at) => at !== row))}
                    >
                      <IconTrash size={15} />
                    </ActionIcon>
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </Box>
      {!given && (
        <Button
          variant="subtle"
          mt={6}
          leftSection={<IconPlus size={14} />}
          onClick={() => {
            change([...lines, emptyLine(cells)]);
            focus(lines.length, 0);
          }}
        >
          {say("act.addLine")}
        </Button>
      )}
    </Box>
  );
}
