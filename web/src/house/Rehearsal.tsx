// What the server says that an act would do, asked as the form is filled in: it does it, and takes all of
// it back.
import { Alert, Box, Loader, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { type Asked, act, type Schemas, type VerbPath } from "../api/client";
import { useWords } from "../words";
import { columnsOf } from "./columns";
import { LineTable } from "./LineTable";
import { told } from "./Problem";

type RehearsalPath = Extract<VerbPath, `${string}/rehearse`>;
type Answer<P extends RehearsalPath> = Awaited<ReturnType<typeof act<P>>>;

/** How long after a letter it is asked, in milliseconds: each asking waits its turn with those who write. */
const TYPING = 350;

interface RehearsalProps<P extends RehearsalPath> {
  path: P;
  /** None while something is missing. */
  request: Asked<P> | undefined;
  children: (answer: Answer<P>) => ReactNode;
}

/** What was answered, or why it would be refused; it is asked only while it is shown. */
export function Rehearsal<P extends RehearsalPath>(props: RehearsalProps<P>) {
  const { path, request, children } = props;
  const say = useWords();
  const now = request === undefined ? "" : JSON.stringify(request);
  const [later] = useDebouncedValue(now, TYPING);
  const asked = useQuery({
    queryKey: ["rehearsal", path, later],
    queryFn: () => act(path, JSON.parse(later)),
    enabled: later !== "" && later === now,
    retry: false,
    gcTime: 0,
  });
  if (now === "") {
    return (
      <Text size="sm" c="dimmed">
        {say("rehearsal.nothing")}
      </Text>
    );
  }
  if (later !== now || asked.isFetching) {
    return <Loader role="status" aria-label={say("app.loading")} type="dots" size="sm" />;
  }
  if (asked.error) {
    return (
      <Alert color="orange" role="status" title={say("rehearsal.refused")}>
        {told(say, asked.error)}
      </Alert>
    );
  }
  return asked.data && <Box data-rehearsed="true">{children(asked.data)}</Box>;
}

const booked = columnsOf<Schemas["BookedLine"]>();

/** What would be booked, account by account. */
export function Booked({ lines }: { lines: Schemas["BookedLine"][] }) {
  const say = useWords();
  return (
    <>
      <Text size="sm" fw={600} mb={4}>
        {say("rehearsal.books")}
      </Text>
      <LineTable
        rows={lines}
        rowKey={(row) => row.code}
        none="rehearsal.booksNothing"
        columns={[
          booked.text("f.account", (row) => `${row.code} ${row.name}`),
          booked.money("f.debit", (row) => row.debit),
          booked.money("f.credit", (row) => row.credit),
        ]}
      />
    </>
  );
}
