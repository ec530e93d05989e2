// The checks: whether the books are sound, asked now.
import { Box, Button, Group, List, Loader, SegmentedControl, Text, Title } from "@mantine/core";
import { useState } from "react";
import type { Row } from "../api/client";
import { State } from "../house/cells";
import { columnsOf } from "../house/columns";
import { LineTable } from "../house/LineTable";
import { Problem } from "../house/Problem";
import { useChecks } from "../house/useChecks";
import { useWords } from "../words";

type Check = Row<"/api/v1/checks">;
const check = columnsOf<Check>();
const SHOWN = 10;

export default function Checks() {
  const say = useWords();
  const [which, setWhich] = useState("all");
  const asked = useChecks();
  const rows = asked.data?.lines ?? [];
  const shown = which === "all" ? rows : rows.filter((row) => !row.holds);
  return (
    <Box>
      <Group justify="space-between" mb="sm">
        <Title order={1}>{say("page.checks")}</Title>
        <Group gap="xs">
          <SegmentedControl
            size="xs"
            aria-label={say("list.filter")}
            value={which}
            onChange={setWhich}
            data={[
              { value: "all", label: say("list.any") },
              { value: "broken", label: say("f.brokenOnly") },
            ]}
          />
          <Button loading={asked.isFetching} onClick={() => asked.refetch()}>
            {say("act.runChecks")}
          </Button>
        </Group>
      </Group>
      {asked.error && <Problem error={asked.error} />}
      {asked.isPending && <Loader role="status" aria-label={say("app.loading")} type="dots" />}
      {asked.data && (
        <Box data-loaded="true">
          <LineTable
            rows={shown}
            rowKey={(row) => row.check}
            columns={[
              check.node("f.state", (row) => <State of={row.holds ? "holds" : "broken"} />),
              check.node("f.check", (row) => (
                <>
                  <Text size="sm">{row.check}</Text>
                  {row.breaches.length > 0 && (
                    <List size="sm" mt={4}>
                      {row.breaches.slice(0, SHOWN).map((breach) => (
                        <List.Item key={breach}>{breach}</List.Item>
                      ))}
                    </List>
                  )}
                </>
              )),
              check.count("f.breaches", (row) => row.breaches.length),
            ]}
          />
        </Box>
      )}
    </Box>
  );
}
