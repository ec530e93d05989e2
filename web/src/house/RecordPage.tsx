// A record: its header with state and acts, its facts, and its parts in tabs.
import { Box, Group, Loader, SimpleGrid, Tabs, Text, Title } from "@mantine/core";
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useMay } from "../session";
import { useWords, type Word } from "../words";
import { State } from "./cells";
import { Files } from "./Files";
import { Neighbours } from "./Neighbours";
import { Problem } from "./Problem";
import { kindWithFiles } from "./records";
import { type Subject, type Told, Trail } from "./Trail";

interface Fact {
  word: Word;
  value: ReactNode;
}

export interface Tab {
  word: Word;
  count?: number;
  body: ReactNode;
}

interface RecordPageProps<T> {
  query: UseQueryResult<T, Error>;
  /** The list that it is of. */
  back: string;
  title: (record: T) => ReactNode;
  under?: (record: T) => ReactNode;
  state?: (record: T) => string;
  facts: (record: T) => Fact[];
  acts?: (record: T) => ReactNode;
  tabs: (record: T) => Tab[];
  /** What the audit trail knows it by, the record first and then the documents that are of it. */
  subjects: (record: T) => Subject[];
  /** What the record itself tells to have happened. */
  told?: (record: T) => Told[];
}

export function RecordPage<T>({ query, back, ...parts }: RecordPageProps<T>) {
  const say = useWords();
  return (
    <Box>
      <Neighbours back={back} />
      {query.error && <Problem error={query.error} retry={() => query.refetch()} />}
      {query.isPending && <Loader role="status" aria-label={say("app.loading")} type="dots" />}
      {query.data !== undefined && <Whole record={query.data} {...parts} />}
    </Box>
  );
}

type WholeProps<T> = Omit<RecordPageProps<T>, "query" | "back"> & { record: T };

function Whole<T>({ record, title, under, state, facts, acts, ...rest }: WholeProps<T>) {
  const say = useWords();
  const may = useMay();
  const besides = rest.told?.(record) ?? [];
  const subjects = may("identity.audit") ? rest.subjects(record) : [];
  const history: Tab = {
    word: "record.history",
    body: <Trail of={subjects} besides={besides} />,
  };
  const [kind, id] = rest.subjects(record)[0] ?? ["", ""];
  const withFiles = may("documents.read") ? kindWithFiles(kind) : undefined;
  const files: Tab[] = withFiles
    ? [{ word: "record.files", body: <Files kind={withFiles} id={id} /> }]
    : [];
  const known = subjects.length > 0 || rest.told !== undefined;
  const parts = [...rest.tabs(record), ...files, ...(known ? [history] : [])];
  return (
    <Box data-loaded="true">
      <Group justify="space-between" align="flex-start" mb="sm">
        <Box>
          <Group gap="sm">
            <Title order={1}>{title(record)}</Title>
            {state && <State of={state(record)} />}
          </Group>
          {under && (
            <Text c="dimmed" size="sm">
              {under(record)}
            </Text>
          )}
        </Box>
        <Group gap="xs" className="no-print">
          {acts?.(record)}
        </Group>
      </Group>
      <Facts facts={facts(record)} />
      <Tabs defaultValue={parts[0]?.word} keepMounted={false} mt="sm">
        <Tabs.List>
          {parts.map((tab) => (
            <Tabs.Tab key={tab.word} value={tab.word}>
              {say(tab.word)}
              {tab.count !== undefined && <span className="faint"> {tab.count}</span>}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {parts.map((tab) => (
          <Tabs.Panel key={tab.word} value={tab.word} pt="xs">
            {tab.body}
          </Tabs.Panel>
        ))}
      </Tabs>
    </Box>
  );
}

/** Names and values, side by side. */
function Facts({ facts }: { facts: Fact[] }) {
  const say = useWords();
  return (
    <SimpleGrid
      component="dl"
      className="sheet"
      cols={{ base: 2, xs: 3, md: 4, lg: 6 }}
      spacing="md"
      verticalSpacing="sm"
      p="sm"
      m={0}
    >
      {facts.map(({ word, value }) => (
        <Box key={word}>
          <Text component="dt" size="xs" c="dimmed">
            {say(word)}
          </Text>
          <Text component="dd" size="sm" m={0} fw={500} style={{ overflowWrap: "anywhere" }}>
            {value === "" || value === null || value === undefined ? "–" : value}
          </Text>
        </Box>
      ))}
    </SimpleGrid>
  );
}
