// The rows of a list. They are drawn again only when they or their looks change, not with every turn of
// the page around them: that takes longer than all else that a list does.
import { Link } from "@tanstack/react-router";
import { DataTable } from "mantine-datatable";
import { memo } from "react";
import { useWords } from "../words";
import type { Column } from "./columns";

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
  const { label, rows, columns, rowKey, open, lead, active, sort, onSort, selected } = props;
  const say = useWords();
  return (
    <DataTable<R>
      records={rows}
      idAccessor={rowKey as (record: R) => React.Key}
      fetching={props.pending}
      minHeight={rows.length === 0 ? 180 : undefined}
      verticalSpacing={5}
      horizontalSpacing="sm"
      fz="sm"
      noRecordsText=""
      // Without a link in it, only the table itself can take the keyboard that scrolls it.
      scrollAreaProps={
        open ? undefined : { viewportProps: { tabIndex: 0, role: "region", "aria-label": label } }
      }
      loaderType="dots"
      sortStatus={{
        columnAccessor: sort.replace(/^-/, ""),
        direction: sort.startsWith("-") ? "desc" : "asc",
      }}
      onSortStatusChange={({ columnAccessor, direction }) =>
        onSort(`${direction === "desc" ? "-" : ""}${String(columnAccessor)}`)
      }
      rowClassName={(_row, index) => (index === active ? "row-active" : "")}
      selectedRecords={selected}
      onSelectedRecordsChange={selected && props.select}
      getRecordSelectionCheckboxProps={(row) => ({
        "aria-label": say("list.select", { name: rowKey(row) }),
      })}
      allRecordsSelectionCheckboxProps={{ "aria-label": say("list.selectAll") }}
      columns={columns.map((column) => ({
        accessor: column.sort ?? column.word,
        title: say(column.word),
        sortable: Boolean(column.sort),
        textAlign: column.right ? ("right" as const) : ("left" as const),
        render: (row: R) => {
          const to = column === lead ? open?.(row) : undefined;
          const look = column.show(row);
          return to ? (
            <Link to={to} className="plain-link">
              {look}
            </Link>
          ) : (
            look
          );
        },
      }))}
    />
  );
}

export const Rows = memo(All) as typeof All;
