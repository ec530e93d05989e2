// What a trial run came to: every account of the trial balance beside what it would be opened with.
import { Alert, Box, Checkbox, Group, Switch, Text, Title } from "@mantine/core";
import { useState } from "react";
import type { Schemas } from "../../api/client";
import { columnsOf } from "../../house/columns";
import { LineTable } from "../../house/LineTable";
import { useMay } from "../../session";
import { useFormats, useWords } from "../../words";

type Opened = Schemas["Opened"];
const account = columnsOf<Opened["accounts"][number]>();

interface ComparisonProps {
  of: Opened;
  /** Whether the difference is to be booked by name. */
  book: boolean;
  setBook: (book: boolean) => void;
}

function Difference({ of, book, setBook }: ComparisonProps) {
  const say = useWords();
  const may = useMay();
  const { money } = useFormats();
  if (of.differences.length === 0) {
    return <Alert color="teal" role="status" title={say("opening.agrees")} mb="xs" />;
  }
  const told = { amount: money(of.difference), n: of.differences.length };
  return (
    <Alert color="orange" role="alert" title={say("opening.differs", told)} mb="xs">
      <Text size="sm">{say("opening.differsText")}</Text>
      {may("opening.book_difference") && (
        <Checkbox
          mt="xs"
          label={say("opening.book")}
          checked={book}
          onChange={(event) => setBook(event.currentTarget.checked)}
        />
      )}
    </Alert>
  );
}

export function Comparison(props: ComparisonProps) {
  const say = useWords();
  const { of } = props;
  const [only, setOnly] = useState(false);
  return (
    <Box mt="md" data-loaded="true">
      <Group justify="space-between" mb="xs">
        <Title order={2} size="h4">
          {say("opening.compared")}
        </Title>
        {of.differences.length > 0 && (
          <Switch
            label={say("opening.onlyDiffering")}
            checked={only}
            onChange={(event) => setOnly(event.currentTarget.checked)}
          />
        )}
      </Group>
      <Difference {...props} />
      <LineTable
        rows={only ? of.differences : of.accounts}
        rowKey={(row) => row.account}
        columns={[
          account.text("f.account", (row) => row.account),
          account.text("f.name", (row) => row.name),
          account.text("f.openedFrom", (row) => say(`opening.of.${row.opened_from}`)),
          account.ledger("f.trialBalance", (row) => row.trial_balance),
          account.ledger("f.opened", (row) => row.opened),
          account.money("f.off", (row) => row.off),
        ]}
      />
    </Box>
  );
}
