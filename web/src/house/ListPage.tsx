// A list: pages and sorting are the server's, filters are in the address, and the keyboard leads.
import { ActionIcon, Box, Group, Popover, Text, Title } from "@mantine/core";
import { IconChevronLeft, IconChevronRight, IconHelp } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useLocation, useNavigate, useSearch } from "@tanstack/react-router";
import { type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { type Filters, fileAddress, type ListPath, list, type Row } from "../api/client";
import { helpWord, type ListTitle, useWords, type Word } from "../words";
import type { Column } from "./columns";
import { Empty } from "./Empty";
import { type Filter, FilterBar, FilterChips, type Values, without } from "./filters";
import { usePageKeys } from "./keys";
import { ListTools } from "./ListTools";
import { addressesOf, lastLeft, leave, type RecordsOf } from "./left";
import { Problem } from "./Problem";
import { usePreference } from "./preferences";
import { Rows } from "./Rows";
import { Selection } from "./Selection";

const LIMIT = 50;
/** The mark of a further page where the whole list is here already. */
const WHOLE = "whole";
/** No lines, and always the same none. */
const NONE: never[] = [];

interface ListPageProps<P extends ListPath> {
  path: P;
  /** What it lists; each has a word of help. */
  title: ListTitle;
  /** Of what in particular. */
  subject?: string;
  columns: Column<Row<P>>[];
  rowKey: (row: Row<P>) => string;
  /** Where the rows' records are, to be walked through one after the other. */
  records?: RecordsOf<Row<P>>;
  /** Where a row leads to, when that is no record of its own. */
  open?: (row: Row<P>) => string | undefined;
  filters?: Filter<P>[];
  /** Filters that the list always has. */
  always?: Filters<P>;
  /** The server gives the list whole: its pages are made here. */
  whole?: boolean;
  /** What to say instead of its help when there is nothing yet. */
  empty?: { title: Word; text: Word };
  actions?: ReactNode;
  /** How many rows one act takes, when that is more than a page. */
  most?: number;
  /** Acts on the selected rows; once done none is selected, or only those that are said to stay so. */
  bulk?: (rows: Row<P>[], done: () => void, select: (rows: Row<P>[]) => void) => ReactNode;
}

export function ListPage<P extends ListPath>(props: ListPageProps<P>) {
  const { path, title, columns, rowKey, filters = NONE, always, whole, empty, bulk } = props;
  const under = props.records;
  const open = useMemo(
    () => (under ? (row: Row<P>) => `${under.under}/${String(row[under.id])}` : props.open),
    [under, props.open],
  );
  const say = useWords();
  const navigate = useNavigate();
  const values = useSearch({ strict: false }) as Values;
  const { href, pathname } = useLocation();
  const [cursors, setCursors] = useState<string[]>(() => {
    const left = lastLeft();
    return left?.back && left.list === href ? left.cursors : [];
  });
  const [active, setActive] = useState(-1);
  const [selected, setSelected] = useState<Row<P>[]>([]);
  const usually = columns.filter((column) => column.hidden).map((column) => column.word as string);
  const [hidden, setHidden] = usePreference<string[]>(`columns.${path}.${title}`, usually);
  const asked = useMemo(() => without({ ...values, ...always }, "cursor"), [values, always]);
  const cursor = whole ? undefined : cursors.at(-1);
  const query = { ...asked, ...(whole ? {} : { limit: String(LIMIT) }), ...(cursor && { cursor }) };
  const page = useQuery({
    queryKey: ["list", path, query],
    queryFn: () => list(path, query as Filters<P>),
    placeholderData: keepPreviousData,
  });
  const lines: Row<P>[] = page.data?.lines ?? NONE;
  const start = whole ? cursors.length * LIMIT : 0;
  const rows = useMemo(
    () => (whole ? lines.slice(start, start + LIMIT) : lines),
    [whole, lines, start],
  );
  const next = whole ? (start + LIMIT < lines.length ? WHOLE : undefined) : page.data?.next_cursor;
  const address = JSON.stringify(asked);
  const shown = useRef(address);
  useEffect(() => {
    if (shown.current === address) return;
    shown.current = address;
    // Another view begins at its first page.
    setCursors([]);
    setActive(-1);
    setSelected([]);
  }, [address]);
  const [own] = useState(pathname);
  const left =
    under && rows.length > 0 && !page.isPlaceholderData
      ? JSON.stringify({
          list: href,
          // Of a list that is here whole, all are beside each other.
          records: addressesOf(whole ? lines : rows, under),
          cursors,
          next: whole ? undefined : next,
          asked: { path, query: without(query, "cursor"), ...under },
        })
      : undefined;
  useEffect(() => {
    // On the way to a record the address is that of the record already.
    if (left && pathname === own) leave(JSON.parse(left));
  }, [left, pathname, own]);
  const change = useCallback(
    (next: Values) => navigate({ to: ".", search: next, replace: true }),
    [navigate],
  );
  const now = useRef(values);
  now.current = values;
  const onSort = useCallback(
    (sort: string) => navigate({ to: ".", search: { ...now.current, sort }, replace: true }),
    [navigate],
  );
  const step = (by: number) => {
    const next = Math.max(0, Math.min(rows.length - 1, active + by));
    setActive(next);
    document.querySelectorAll("tbody tr")[next]?.scrollIntoView({ block: "nearest" });
  };
  const go = (row: Row<P> | undefined) => {
    const to = row && open?.(row);
    if (to) navigate({ to });
  };
  usePageKeys([
    ["ArrowDown", () => step(1)],
    ["ArrowUp", () => step(-1)],
    ["Enter", () => go(rows[active])],
    ["F", () => document.querySelector<HTMLInputElement>("[data-filter]")?.focus()],
  ]);
  const lead = columns.find((column) => column.lead) ?? columns[0];
  const visible = useMemo(
    () => columns.filter((column) => !hidden.includes(column.word)),
    [columns, hidden],
  );
  const words = useMemo(() => columns.map((column) => column.word), [columns]);
  const file = useCallback(
    (format: "csv" | "xlsx") => fileAddress(path, asked, format),
    [path, asked],
  );
  const filtered = filters.some((filter) => asked[filter.name]);
  return (
    <Box>
      <Group justify="space-between" mb="sm">
        <Group gap={4}>
          <Title order={1}>
            {say(title)}
            {props.subject && `: ${props.subject}`}
          </Title>
          <HelpOf title={title} />
        </Group>
        <Group gap="xs">{props.actions}</Group>
      </Group>
      <Group justify="space-between" mb="xs" align="flex-end">
        <FilterBar filters={filters} values={values} change={change} />
        <ListTools
          name={path}
          words={words}
          hidden={hidden}
          setHidden={setHidden}
          values={values}
          change={change}
          file={file}
        />
      </Group>
      <FilterChips filters={filters} values={values} change={change} />
      {bulk && selected.length > 0 && (
        <Selection
          key={address}
          path={path}
          asked={asked as Filters<P>}
          selected={selected}
          select={setSelected}
          most={selected.length === rows.length && next ? props.most : undefined}
        >
          {bulk(selected, () => setSelected([]), setSelected)}
        </Selection>
      )}
      {page.error && <Problem error={page.error} retry={() => page.refetch()} />}
      {!page.error && !page.isPending && rows.length === 0 && cursors.length === 0 && (
        <Empty
          title={filtered ? "list.none" : (empty?.title ?? "empty.plain")}
          text={filtered ? "list.noneText" : (empty?.text ?? helpWord(title))}
        />
      )}
      {!page.error && (page.isPending || rows.length > 0) && (
        <Box
          className="sheet"
          mt="xs"
          style={{ overflow: "hidden" }}
          data-loaded={!page.isFetching}
        >
          <Rows
            label={say(title)}
            rows={rows}
            columns={visible}
            rowKey={rowKey}
            open={open}
            lead={lead}
            pending={page.isPending}
            active={active}
            sort={asked.sort ?? ""}
            onSort={onSort}
            selected={bulk && selected}
            select={setSelected}
          />
          <Group
            justify="flex-end"
            gap={6}
            p={6}
            style={{ borderTop: "1px solid var(--desk-line)" }}
          >
            <Text size="sm" c="dimmed">
              {say("list.page", { page: cursors.length + 1 })}
            </Text>
            <ActionIcon
              variant="subtle"
              aria-label={say("list.previous")}
              disabled={cursors.length === 0}
              onClick={() => {
                setCursors(cursors.slice(0, -1));
                setActive(-1);
              }}
            >
              <IconChevronLeft size={16} />
            </ActionIcon>
            <ActionIcon
              variant="subtle"
              aria-label={say("list.next")}
              disabled={!next}
              onClick={() => {
                if (next) setCursors([...cursors, next]);
                setActive(-1);
              }}
            >
              <IconChevronRight size={16} />
            </ActionIcon>
          </Group>
        </Box>
      )}
    </Box>
  );
}

/** What the list is for, and how its lines come about. */
function HelpOf({ title }: { title: ListTitle }) {
  const say = useWords();
  return (
    <Popover position="bottom-start" shadow="md" width={340} withArrow>
      <Popover.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          className="no-print"
          aria-label={say("list.help", { name: say(title) })}
        >
          <IconHelp size={16} />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown aria-label={say(title)}>
        <Text size="sm">{say(helpWord(title))}</Text>
      </Popover.Dropdown>
    </Popover>
  );
}
