// What there is to choose from, asked of the server: as it is typed where there is much.
import { Select, type SelectProps } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, type UseQueryResult, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type Filters, type ListPath, list, type Row } from "../api/client";
import { useMay } from "../session";
import { useWords, type Word } from "../words";
import { told } from "./Problem";

interface Option {
  value: string;
  label: string;
}

interface Source {
  permission: string;
  /** The server finds what is typed; else it gives all there is. */
  searches: boolean;
  useOptions: (text: string, enabled: boolean) => UseQueryResult<Option[], Error>;
}

/** All pages of a list, one after the other. */
async function whole<P extends ListPath>(path: P, query: Filters<P>): Promise<{ lines: Row<P>[] }> {
  const lines: Row<P>[] = [];
  let next: string | undefined;
  do {
    const page = await list(path, { ...query, ...(next && { cursor: next }) } as Filters<P>);
    lines.push(...page.lines);
    next = page.next_cursor;
  } while (next);
  return { lines };
}

/** What there is: what the server finds to a text, or all of it, narrowed down to some. */
function source<P extends ListPath>(
  permission: string,
  path: P,
  option: (row: Row<P>) => Option | undefined,
  search?: (text: string) => Filters<P>,
  some: Filters<P> = {},
): Source {
  return {
    permission,
    searches: search !== undefined,
    useOptions: (text, enabled) => {
      const query = search?.(text) ?? some;
      return useQuery({
        queryKey: ["list", path, query, "options"],
        queryFn: () => (search ? list(path, query) : whole(path, query)),
        select: ({ lines }) => lines.flatMap((row) => option(row) ?? []),
        placeholderData: search && keepPreviousData,
        enabled,
      });
    },
  };
}

const FEW = "20";
const partner = (row: Row<"/api/v1/partners">) => ({
  value: row.code,
  label: `${row.name} (${row.code})`,
});

const partnerId = (row: Row<"/api/v1/partners">) => ({
  value: row.partner_id,
  label: `${row.name} (${row.code})`,
});

const SOURCES = {
  suppliers: source("partners.read", "/api/v1/partners", partner, (text) => ({
    supplier: "true",
    active: "true",
    limit: FEW,
    ...(text && { text }),
  })),
  supplierIds: source("partners.read", "/api/v1/partners", partnerId, (text) => ({
    supplier: "true",
    active: "true",
    limit: FEW,
    ...(text && { text }),
  })),
  customerIds: source("partners.read", "/api/v1/partners", partnerId, (text) => ({
    customer: "true",
    active: "true",
    limit: FEW,
    ...(text && { text }),
  })),
  /** The reasons of stock that are in use. */
  reasons: source("stock.read", "/api/v1/reasons", (row) =>
    row.active && !row.must_explain ? { value: row.code, label: row.name } : undefined,
  ),
  /** Those as well that somebody has to explain. */
  allReasons: source("stock.read", "/api/v1/reasons", (row) =>
    row.active ? { value: row.code, label: row.name } : undefined,
  ),
  warehouses: source("stock.read", "/api/v1/warehouses", (row) => ({
    value: row.code,
    label: row.name,
  })),
  warehouseIds: source("stock.read", "/api/v1/warehouses", (row) => ({
    value: row.warehouse_id,
    label: row.name,
  })),
  channels: source("sales.read", "/api/v1/channels", (row) => ({
    value: row.code,
    label: row.name,
  })),
  channelIds: source("sales.read", "/api/v1/channels", (row) => ({
    value: row.channel_id,
    label: row.name,
  })),
  /** The tax codes that have a rate today. */
  taxCodes: source(
    "accounting.view",
    "/api/v1/tax-codes",
    (row) => ({ value: row.code, label: `${row.name} (${row.code})` }),
    undefined,
    { in_force: "true" },
  ),
  countProfiles: source("counting.read", "/api/v1/count-profiles", (row) => ({
    value: row.profile,
    label: row.profile,
  })),
  users: source("identity.read", "/api/v1/users", (row) => ({
    value: row.login,
    label: row.display_name,
  })),
  userIds: source("identity.read", "/api/v1/users", (row) =>
    row.active ? { value: row.user_id, label: row.display_name } : undefined,
  ),
  categories: source("catalog.read", "/api/v1/categories", (row) => ({
    value: row.code,
    label: row.name,
  })),
  units: source("catalog.read", "/api/v1/units", (row) => ({ value: row.code, label: row.name })),
  roles: source("identity.read", "/api/v1/roles", (row) => ({ value: row.name, label: row.name })),
} satisfies Record<string, Source>;

export type SourceName = keyof typeof SOURCES;

/** All that there is to choose from, for those who may see it. */
export function useOptions(of: SourceName): UseQueryResult<Option[], Error> {
  const may = useMay();
  const { useOptions: ask, permission } = SOURCES[of];
  return ask("", may(permission));
}

interface ChoiceProps extends Pick<SelectProps, "required" | "clearable" | "w"> {
  of: SourceName;
  word: Word;
  /** Empty for nothing chosen. */
  value: string;
  change: (value: string) => void;
  hint?: string;
  /** What can be chosen besides. */
  also?: Option[];
}

export function Choice({ of, word, value, change, hint, also = [], ...rest }: ChoiceProps) {
  const say = useWords();
  const { searches, useOptions: ask, permission } = SOURCES[of];
  const allowed = useMay()(permission);
  const [typed, setTyped] = useState("");
  const [chosen, setChosen] = useState<Option>();
  const [later] = useDebouncedValue(typed.trim(), 150);
  // What is chosen stands in the field; it is no search.
  const text = searches && later !== chosen?.label ? later : "";
  const asked = ask(text, allowed);
  // Until the server has answered to what is typed, no option stands there that does not fit it.
  const answered = searches && later === typed.trim() && !asked.isPlaceholderData;
  const listed = asked.data ?? [];
  const others = also.filter((one) => !listed.some(({ value: own }) => own === one.value));
  const found = [...others, ...listed];
  const kept = chosen && chosen.value === value ? chosen : undefined;
  const data = kept && !found.some((one) => one.value === kept.value) ? [kept, ...found] : found;
  const refused = allowed || also.length > 0 ? undefined : say("app.mayNot");
  return (
    <Select
      label={say(word)}
      description={hint}
      searchable
      searchValue={typed}
      onSearchChange={setTyped}
      filter={answered ? ({ options }) => options : undefined}
      nothingFoundMessage={asked.isFetching ? say("app.loading") : say("app.nothing")}
      error={asked.error ? told(say, asked.error) : refused}
      value={value || null}
      onChange={(next, option) => {
        setChosen(option ? { value: option.value, label: option.label } : undefined);
        change(next ?? "");
      }}
      data={data}
      {...rest}
    />
  );
}
