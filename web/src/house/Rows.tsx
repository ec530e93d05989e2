// The rows of a list, as a plain table: a list has hundreds of cells, and what a component costs more
// than an element is paid for each of them. A row is drawn again only when it or its looks change.
import { Center, Loader } from "@mantine/core";
import { IconArrowDown, IconArrowsVertical, IconArrowUp } from "@tabler/icons-react";
import { memo, useCallback, useMemo, useRef } from "react";
import { useWords } from "../words";
import type { Column } from "./columns";
import { Way } from "./Way";

interface RowsProps<R> {
  /** The name of the list. */
  label: string;
  rows: R[];
  columns: Column<R>[];
  rowKey: (row: R) => string;
  /** Where a row leads to, by the column that leads there. */
  open: ((row: R) => string | undefined) | undefined;
  lead: Column<R> | undefined;
  /** Nothing has come yet. */
  pending: boolean;
  /** The row that the keyboard is on. */
  active: number;
  sort: string;
  onSort: (sort: string) => void;
  /** None where rows are not selected. */
  selected: R[] | undefined;
  select: (rows: R[]) => void;
}

function All<R>(props: RowsProps<R>) {
  const { label, rows, columns, rowKey, open, lead, active, selected, select } = props;
  const say = useWords();
  const chosen = useMemo(() => selected && new Set(selected.map(rowKey)), [selected, rowKey]);
  const choose = useChoosing(props);
  const all = rows.length > 0 && rows.every((row) => chosen?.has(rowKey(row)));
  const none = !rows.some((row) => chosen?.has(rowKey(row)));
  // Without a link in it, only the table itself can take the keyboard that scrolls it.
  const scrolled = open ? {} : { tabIndex: 0, role: "region", "aria-label": label };
  return (
    <div className="scroller" {...scrolled}>
      <table className="list">
        <thead>
          <tr>
            {selected && (
              <td className="list-choice">
                <input
                  type="checkbox"
                  aria-label={say("list.selectAll")}
                  checked={all}
                  ref={(box) => {
                    if (box) box.indeterminate = !all && !none;
                  }}
                  onChange={() => {
                    const others = selected.filter((row) => !rows.some((own) => same(own, row)));
                    select(all ? others : [...others, ...rows]);
                  }}
                />
              </td>
            )}
            {columns.map((column) => (
              <Heading key={column.word} column={column} sort={props.sort} onSort={props.onSort} />
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <Line
              key={rowKey(row)}
              row={row}
              index={index}
              name={rowKey(row)}
              columns={columns}
              lead={lead}
              open={open}
              active={index === active}
              chosen={chosen?.has(rowKey(row))}
              choose={choose}
            />
          ))}
        </tbody>
      </table>
      {props.pending && (
        <Center h={150}>
          <Loader role="status" aria-label={say("app.loading")} type="dots" />
        </Center>
      )}
    </div>
  );

  function same(one: R, other: R): boolean {
    return rowKey(one) === rowKey(other);
  }
}

type Choose = (index: number, on: boolean, through: boolean) => void;

/** Selects a row or, with the shift key, all from the last one selected. It stays the same function. */
function useChoosing<R>(props: RowsProps<R>): Choose {
  const now = useRef(props);
  now.current = props;
  const last = useRef<{ rows: R[]; index: number }>(undefined);
  return useCallback((index, on, through) => {
    const { rows, rowKey, selected = [], select } = now.current;
    const from = through && last.current?.rows === rows ? last.current.index : index;
    const some = rows.slice(Math.min(from, index), Math.max(from, index) + 1);
    const keys = new Set(some.map(rowKey));
    const others = selected.filter((row) => !keys.has(rowKey(row)));
    select(on ? [...others, ...some] : others);
    last.current = { rows, index };
  }, []);
}

interface HeadingProps<R> {
  column: Column<R>;
  sort: string;
  onSort: (sort: string) => void;
}

function Heading<R>({ column, sort, onSort }: HeadingProps<R>) {
  const say = useWords();
  const by = column.sort;
  const look = column.right ? "number" : undefined;
  if (!by) {
    return (
      <th scope="col" className={look}>
        {say(column.word)}
      </th>
    );
  }
  const up = sort === by;
  const down = sort === `-${by}`;
  const Arrow = up ? IconArrowUp : down ? IconArrowDown : IconArrowsVertical;
  return (
    <th scope="col" className={look} aria-sort={up ? "ascending" : down ? "descending" : undefined}>
      <button type="button" className="list-sort" onClick={() => onSort(up ? `-${by}` : by)}>
        {say(column.word)}
        <Arrow size={14} aria-hidden className={up || down ? undefined : "faint"} />
      </button>
    </th>
  );
}

interface LineProps<R> extends Pick<RowsProps<R>, "columns" | "lead" | "open"> {
  row: R;
  index: number;
  name: string;
  active: boolean;
  /** None where rows are not selected. */
  chosen: boolean | undefined;
  choose: Choose;
}

function OneLine<R>({ row, index, name, columns, lead, open, ...looks }: LineProps<R>) {
  const { active, chosen, choose } = looks;
  const say = useWords();
  return (
    <tr className={active ? "row-active" : undefined} data-chosen={chosen || undefined}>
      {chosen !== undefined && (
        <td className="list-choice">
          <input
            type="checkbox"
            aria-label={say("list.select", { name })}
            checked={chosen}
            onChange={({ currentTarget, nativeEvent }) =>
              choose(
                index,
                currentTarget.checked,
                "shiftKey" in nativeEvent && !!nativeEvent.shiftKey,
              )
            }
          />
        </td>
      )}
      {columns.map((column) => {
        const to = column === lead ? open?.(row) : undefined;
        const look = column.show(row);
        return (
          <td key={column.word} className={column.right ? "number" : undefined}>
            {to ? (
              <Way to={to} className="plain-link">
                {look}
              </Way>
            ) : (
              look
            )}
          </td>
        );
      })}
    </tr>
  );
}

const Line = memo(OneLine) as typeof OneLine;

export const Rows = memo(All) as typeof All;
