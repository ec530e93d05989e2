// Imports: a file is chosen, its columns are found, it is tried, and then it is taken over.
import {
  Alert,
  Box,
  Button,
  FileInput,
  Group,
  NativeSelect,
  SimpleGrid,
  Text,
  Title,
} from "@mantine/core";
import { IconFileImport } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useRef, useState } from "react";
import { importFile, list, type Schemas } from "../api/client";
import { readCsv, textOf, writeCsv } from "../csv";
import { areasOf, askAgain } from "../fresh";
import { Count } from "../house/cells";
import { Evidence } from "../house/Evidence";
import { Problem } from "../house/Problem";
import { usePreference } from "../house/preferences";
import { faultErrors, RowErrors } from "../house/RowErrors";
import { tell } from "../house/tell";
import { useUnsaved } from "../house/Unsaved";
import { Way } from "../house/Way";
import { importWord, useWords } from "../words";

type Import = Schemas["ImportInfo"];
type Report = Schemas["ImportReport"];
/** Which heading of the file each column is read from. */
type Mapping = Record<string, string>;

type Chosen = ReturnType<typeof readCsv>;

/** Where earlier imports are, of what can be taken back. */
const EARLIER: Partial<Record<string, string>> = {
  items: "/data/item-imports",
  suppliers: "/data/partner-imports?supplier=true",
  customers: "/data/partner-imports?supplier=false",
};

const plain = (text: string) => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");

/** The mapping that headings suggest: the one used before, else those alike. */
function suggested(of: Import, headings: string[], before: Mapping): Mapping {
  const found: Mapping = {};
  for (const { name } of of.columns) {
    const used = before[name];
    const like = headings.find((heading) => plain(heading) === plain(name));
    const heading = used && headings.includes(used) ? used : like;
    if (heading) found[name] = heading;
  }
  return found;
}

/**
 * The file as the server reads it: its columns alone, under their own names. Only a file without faults
 * is sent, so that a cell is missing in empty rows alone.
 */
function mapped({ headings, rows }: Chosen, mapping: Mapping): string {
  const columns = Object.entries(mapping).filter(([, heading]) => heading);
  const places = columns.map(([, heading]) => headings.indexOf(heading));
  const cells = rows.map((row) => places.map((place) => row[place] ?? ""));
  return writeCsv([columns.map(([name]) => name), ...cells]);
}

function Columns({
  of,
  chosen,
  mapping,
  change,
}: {
  of: Import;
  chosen: Chosen;
  mapping: Mapping;
  change: (mapping: Mapping) => void;
}) {
  const say = useWords();
  const example = (name: string) => {
    const place = chosen.headings.indexOf(mapping[name] ?? "");
    return place < 0 ? "" : (chosen.rows[0]?.[place] ?? "");
  };
  return (
    <SimpleGrid cols={{ base: 1, xs: 2, md: 3, lg: 4 }} className="sheet" p="sm" spacing="md">
      {of.columns.map(({ name, expects, required }) => (
        <NativeSelect
          key={name}
          label={name}
          description={expects}
          required={required}
          withAsterisk={required}
          value={mapping[name] ?? ""}
          onChange={(event) => change({ ...mapping, [name]: event.currentTarget.value })}
          data={[
            { value: "", label: say("import.leftOut") },
            ...chosen.headings
              .filter(Boolean)
              .map((heading) => ({ value: heading, label: heading })),
          ]}
          error={required && !mapping[name] ? say("import.needed") : undefined}
          inputContainer={(input) => (
            <>
              {input}
              <Text size="xs" c="dimmed" truncate mt={2}>
                {example(name) && say("import.example", { text: example(name) })}
              </Text>
            </>
          )}
        />
      ))}
    </SimpleGrid>
  );
}

/** What a file did or would do, and what is wrong with it. */
function Told({ of, name, mapping }: { of: Report; name: string; mapping: Mapping }) {
  const say = useWords();
  if (of.errors.length > 0) {
    const errors = of.errors.map((row) => ({ ...row, column: mapping[row.column] || row.column }));
    const title = say("import.errors", { n: errors.length });
    return <RowErrors title={title} name={name} errors={errors} />;
  }
  const line = (word: "rows" | "created" | "changed" | "unchanged") => ({
    key: word,
    name: say(`import.${word}`),
    value: <Count of={of[word]} />,
  });
  return (
    <Box maw={420} mt="md">
      <Evidence
        title={say(of.applied ? "import.applied" : "import.tried")}
        lines={[line("rows"), line("created"), line("changed"), line("unchanged")]}
      />
    </Box>
  );
}

/** Takes a file over for one kind of record. */
function Wizard({ of }: { of: Import }) {
  const say = useWords();
  const [before, remember] = usePreference<Mapping>(`import.${of.name}`, {});
  const [file, setFile] = useState<File | null>(null);
  const [chosen, setChosen] = useState<Chosen>();
  const [unread, setUnread] = useState<string>();
  const [mapping, setMapping] = useState<Mapping>({});
  const latest = useRef<File>(null);
  const send = useMutation({
    mutationFn: (dryRun: boolean) =>
      importFile(of.path, chosen ? mapped(chosen, mapping) : "", dryRun),
    onSuccess: async (told) => {
      remember(mapping);
      if (!told.applied) return;
      tell(say, "done", say("import.applied"));
      await askAgain(areasOf(`/api/v1${of.path}`));
    },
  });
  // What was told of another file or mapping is forgotten with it, and what is still to be told of it.
  const report = send.data;
  useUnsaved(chosen !== undefined && !report?.applied);
  const choose = async (next: File | null) => {
    send.reset();
    latest.current = next;
    setFile(next);
    setChosen(undefined);
    setUnread(undefined);
    if (!next) return;
    try {
      const read = readCsv(await textOf(next));
      if (latest.current !== next) return;
      setChosen(read);
      setMapping(suggested(of, read.headings, before));
    } catch (problem) {
      if (latest.current === next) setUnread(problem instanceof Error ? problem.message : "");
    }
  };
  const faults = chosen?.faults ?? [];
  const complete = of.columns.every(({ name, required }) => !required || mapping[name]);
  const tried = report && !report.applied && report.errors.length === 0;
  return (
    <>
      <FileInput
        label={say("import.file")}
        description={say("import.fileHint")}
        placeholder={say("import.choose")}
        accept=".csv,.txt,.tsv,text/csv"
        clearable
        clearButtonProps={{ "aria-label": say("list.clear") }}
        leftSection={<IconFileImport size={16} aria-hidden />}
        value={file}
        onChange={choose}
        disabled={send.isPending}
        maw={420}
        mb="md"
      />
      {unread !== undefined && (
        <Alert color="red" role="alert">
          {say("import.unread", { message: unread })}
        </Alert>
      )}
      {faults.length > 0 && (
        <RowErrors
          title={say("import.faults", { n: faults.length })}
          name={of.name}
          errors={faultErrors(say, faults)}
        />
      )}
      {chosen && faults.length === 0 && (
        <>
          <Title order={2} size="h4" mb="xs">
            {say("import.columns")}
          </Title>
          <Columns
            of={of}
            chosen={chosen}
            mapping={mapping}
            change={(next) => {
              send.reset();
              setMapping(next);
            }}
          />
          <Group mt="md">
            <Button
              variant={tried ? "default" : "filled"}
              disabled={!complete}
              loading={send.isPending && send.variables}
              onClick={() => send.mutate(true)}
            >
              {say("import.try")}
            </Button>
            <Button
              disabled={!tried}
              loading={send.isPending && !send.variables}
              onClick={() => send.mutate(false)}
            >
              {say("import.apply")}
            </Button>
          </Group>
        </>
      )}
      {send.error && <Problem error={send.error} />}
      {report && <Told of={report} name={of.name} mapping={mapping} />}
    </>
  );
}

export default function ImportPage() {
  const say = useWords();
  const navigate = useNavigate();
  const { of: name } = useSearch({ strict: false }) as { of?: string };
  const asked = useQuery({
    queryKey: ["imports"],
    queryFn: () => list("/api/v1/imports", {}),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const imports = asked.data?.lines ?? [];
  const of = imports.find((one) => one.name === name) ?? imports[0];
  const earlier = of && EARLIER[of.name];
  return (
    <Box data-loaded={!asked.isPending}>
      <Group justify="space-between" mb="sm">
        <Title order={1}>{say("page.import")}</Title>
        {earlier && (
          <Button component={Way} to={earlier} variant="default">
            {say("imports.earlier")}
          </Button>
        )}
      </Group>
      {asked.error && <Problem error={asked.error} retry={() => asked.refetch()} />}
      {asked.data && !of && (
        <Text className="sheet" p="md">
          {say("import.none")}
        </Text>
      )}
      {of && (
        <>
          <NativeSelect
            label={say("import.what")}
            value={of.name}
            onChange={(event) =>
              navigate({ to: ".", search: { of: event.currentTarget.value }, replace: true })
            }
            data={imports.map((one) => ({ value: one.name, label: importWord(say, one.name) }))}
            maw={420}
            mb="md"
          />
          <Wizard key={of.name} of={of} />
        </>
      )}
    </Box>
  );
}
