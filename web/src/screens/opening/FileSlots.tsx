// The places of an opening's files: what is there, what is wrong with it, and how each is filled.
import {
  ActionIcon,
  Box,
  Button,
  FileButton,
  Group,
  List,
  NativeSelect,
  Popover,
  Stack,
  Text,
} from "@mantine/core";
import { IconAlertCircle, IconDownload, IconHelp, IconX } from "@tabler/icons-react";
import { type DragEvent, type MouseEvent, useState } from "react";
import type { Schemas } from "../../api/client";
import { download } from "../../csv";
import { State } from "../../house/cells";
import { Problem } from "../../house/Problem";
import { faultErrors, RowErrors } from "../../house/RowErrors";
import { useWords, type Word } from "../../words";
import type { Chosen } from "./placing";
import type { Placed, useFiles } from "./useFiles";

type Sheet = Schemas["OpeningFile"];
type Files = ReturnType<typeof useFiles>;

/** A file that was mended has the name that it had, and is chosen again all the same. */
const INPUT = {
  onClick: (event: MouseEvent<HTMLInputElement>) => {
    event.currentTarget.value = "";
  },
};
const ACCEPT = ".csv,.txt,.tsv,text/csv";

/** The name of a file in words. */
export function sheetWord(file: string): Word {
  return `opening.of.${file}` as Word;
}

function Columns({ of, name }: { of: Sheet; name: string }) {
  const say = useWords();
  return (
    <Popover position="bottom-start" shadow="md" width={360} withArrow>
      <Popover.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={say("opening.columns", { name })}>
          <IconHelp size={16} />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown aria-label={say("opening.columns", { name })}>
        <List size="xs">
          {of.columns.map((column) => (
            <List.Item key={column.name}>
              <b>{column.name}</b>: {column.expects}
              {column.required && ` (${say("opening.required")})`}
            </List.Item>
          ))}
        </List>
      </Popover.Dropdown>
    </Popover>
  );
}

/** How much is wrong with a file, in its shape and in its cells. */
function wrongOf(of: Placed): number {
  return of.faults.length + of.wrong;
}

/** What there is in a place. */
function Standing({ of }: { of: Placed | undefined }) {
  const say = useWords();
  const wrong = of ? wrongOf(of) : 0;
  if (!of) {
    return (
      <Text size="sm" c="dimmed">
        {say("opening.none")}
      </Text>
    );
  }
  if (of.failed) return <State of="failed" />;
  if (wrong > 0) {
    return (
      <Group gap={4}>
        <IconAlertCircle size={15} color="var(--mantine-color-red-6)" aria-hidden />
        <Text size="sm" fw={600}>
          {say("opening.wrong", { n: wrong })}
        </Text>
      </Group>
    );
  }
  return (
    <Text size="sm" data-loaded={of.rows !== undefined}>
      {of.rows === undefined ? say("opening.reading") : say("opening.rows", { n: of.rows })}
    </Text>
  );
}

function Slot({ of, files, busy }: { of: Sheet; files: Files; busy: boolean }) {
  const say = useWords();
  const placed = files.places[of.file];
  const name = say(sheetWord(of.file));
  const errors = placed ? [...faultErrors(say, placed.faults), ...placed.errors] : [];
  return (
    <Box component="li" py={6} style={{ borderTop: "1px solid var(--desk-line)" }}>
      <Group justify="space-between" gap="sm">
        <Box flex="1 1 240px">
          <Group gap={4}>
            <Text size="sm" fw={500}>
              {name}
            </Text>
            {of.required && (
              <Text size="xs" c="dimmed">
                {say("opening.required")}
              </Text>
            )}
            <Columns of={of} name={name} />
          </Group>
          <Text size="xs" c="dimmed">
            {say(`opening.holds.${of.file}` as Word)}
          </Text>
        </Box>
        <Group gap="xs" flex="1 1 160px">
          <Standing of={placed} />
          {placed && (
            <Text size="xs" c="dimmed" truncate maw={180}>
              {placed.name}
            </Text>
          )}
        </Group>
        <Group gap={4} wrap="nowrap">
          <Button
            variant="subtle"
            size="compact-xs"
            leftSection={<IconDownload size={13} aria-hidden />}
            aria-label={say("opening.templateOf", { name })}
            onClick={() => download(`${of.file}.csv`, [of.columns.map((column) => column.name)])}
          >
            {say("opening.template")}
          </Button>
          <FileButton
            accept={ACCEPT}
            inputProps={INPUT}
            disabled={busy}
            onChange={(file) => file && files.putFile(of.file, file)}
          >
            {(props) => (
              <Button
                {...props}
                variant="default"
                size="compact-xs"
                disabled={busy}
                aria-label={`${say(placed ? "opening.replace" : "opening.chooseOne")}: ${name}`}
              >
                {say(placed ? "opening.replace" : "opening.chooseOne")}
              </Button>
            )}
          </FileButton>
          {placed && (
            <ActionIcon
              variant="subtle"
              color="gray"
              disabled={busy}
              aria-label={say("opening.remove", { name })}
              onClick={() => files.remove(of.file)}
            >
              <IconX size={14} />
            </ActionIcon>
          )}
        </Group>
      </Group>
      {placed?.failed instanceof Error && <Problem error={placed.failed} />}
      {placed && errors.length > 0 && (
        <RowErrors
          title={say("opening.errorsOf", { name, n: wrongOf(placed) })}
          all={wrongOf(placed)}
          name={of.file}
          errors={errors}
        />
      )}
    </Box>
  );
}

/** A file that neither its name nor its headings tell, or whose place another has. */
function Unplaced({
  of,
  sheets,
  files,
  busy,
}: {
  of: Chosen;
  sheets: Sheet[];
  files: Files;
  busy: boolean;
}) {
  const say = useWords();
  return (
    <Group align="flex-end" gap="xs">
      <NativeSelect
        label={say("opening.unplaced", { name: of.name })}
        value=""
        disabled={busy}
        onChange={(event) => files.place(of, event.currentTarget.value)}
        data={[
          { value: "", label: "…" },
          ...sheets.map((sheet) => ({ value: sheet.file, label: say(sheetWord(sheet.file)) })),
        ]}
      />
      <Button variant="default" disabled={busy} onClick={() => files.place(of, undefined)}>
        {say("opening.leaveOut")}
      </Button>
    </Group>
  );
}

export function FileSlots({
  sheets,
  files,
  busy,
}: {
  sheets: Sheet[];
  files: Files;
  busy: boolean;
}) {
  const say = useWords();
  const [over, setOver] = useState(false);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    if (!busy) files.add([...event.dataTransfer.files]);
  };
  return (
    <Box
      className="sheet"
      p="sm"
      style={over ? { outline: "2px dashed currentColor" } : undefined}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <Group gap="sm" mb="xs">
        <FileButton
          multiple
          accept={ACCEPT}
          inputProps={INPUT}
          disabled={busy}
          onChange={files.add}
        >
          {(props) => (
            <Button {...props} variant="default" disabled={busy}>
              {say("opening.choose")}
            </Button>
          )}
        </FileButton>
        <Text size="sm" c="dimmed">
          {say("opening.drop")}
        </Text>
      </Group>
      <Stack gap="xs">
        {files.unplaced.map((one) => (
          <Unplaced key={one.id} of={one} sheets={sheets} files={files} busy={busy} />
        ))}
      </Stack>
      <Box component="ul" m={0} p={0} style={{ listStyle: "none" }}>
        {sheets.map((sheet) => (
          <Slot key={sheet.file} of={sheet} files={files} busy={busy} />
        ))}
      </Box>
    </Box>
  );
}
