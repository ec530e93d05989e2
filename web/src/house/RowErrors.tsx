// What is wrong with a file: by row and column, and as a file of its own.
import { Alert, Box, Button, Group, Text } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import type { Schemas } from "../api/client";
import { download, type Fault } from "../csv";
import { type Say, useWords } from "../words";
import { columnsOf } from "./columns";
import { LineTable } from "./LineTable";

type RowError = Schemas["RowError"];
const error = columnsOf<RowError>();
const SHOWN = 200;

/** A fault of a row's shape in words. */
function faultWord(say: Say, fault: Fault): string {
  if (fault.kind === "ragged") {
    return say("import.ragged", { got: fault.got, due: fault.due });
  }
  return fault.kind === "twice"
    ? say("import.twice", { name: fault.name })
    : say(`import.${fault.kind}`);
}

/** What is wrong with the shape of a file, as what is wrong with its cells is told. */
export function faultErrors(say: Say, faults: Fault[]): RowError[] {
  return faults.map((one) => ({ row: one.row, column: "", message: faultWord(say, one) }));
}

/** What is wrong with a file, row by row, and as a file of its own. */
export function RowErrors({
  title,
  name,
  errors,
  all = errors.length,
}: {
  title: string;
  name: string;
  errors: RowError[];
  /** How many there are, where not all are told. */
  all?: number;
}) {
  const say = useWords();
  return (
    <Box mt="md">
      <Alert color="orange" role="alert" title={title} mb="xs">
        <Group justify="space-between">
          <Text size="sm">{say("import.nothingDone")}</Text>
          <Button
            variant="default"
            leftSection={<IconDownload size={14} aria-hidden />}
            onClick={() =>
              download(`${name}-errors.csv`, [
                [say("import.row"), say("import.column"), say("import.message")],
                ...errors.map((row) => [String(row.row), row.column, row.message]),
              ])
            }
          >
            {say("import.downloadErrors")}
          </Button>
        </Group>
      </Alert>
      <LineTable
        rows={errors.slice(0, SHOWN)}
        rowKey={(row) => `${row.row}-${row.column}-${row.message}`}
        columns={[
          error.count("import.row", (row) => row.row),
          error.text("import.column", (row) => row.column),
          error.text("import.message", (row) => row.message),
        ]}
      />
      {all > SHOWN && (
        <Text size="sm" c="dimmed" mt="xs">
          {say("import.firstErrors", { n: SHOWN })}
        </Text>
      )}
    </Box>
  );
}
