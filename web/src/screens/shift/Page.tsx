// The frame of a page that works on what was taken along.
import { Alert, Box, Button, Group, Loader, Text, Title } from "@mantine/core";
import { IconChevronLeft } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { Way } from "../../house/Way";
import type { Act } from "../../shift/acts";
import type { Shift } from "../../shift/along";
import { useKeeper } from "../../shift/keeper";
import { useWords } from "../../words";

export interface Work {
  shift: Shift;
  acts: Act[];
}

/** What was taken along and what was done, once it is open. */
export function useWork(): Work | undefined {
  const { open } = useKeeper();
  return open?.shift && { shift: open.shift, acts: open.acts };
}

interface ShiftPageProps {
  title: ReactNode;
  under?: ReactNode;
  /** Whether there is such a document on the device. */
  there: boolean;
  children: ReactNode;
}

export function ShiftPage({ title, under, there, children }: ShiftPageProps) {
  const say = useWords();
  const { open, looked } = useKeeper();
  const isOpening = !open && !looked;
  return (
    <Box maw={720} data-loaded={!isOpening}>
      <Button
        component={Way}
        to="/shift"
        variant="subtle"
        size="compact-sm"
        leftSection={<IconChevronLeft size={14} aria-hidden />}
        mb="xs"
      >
        {say("page.shift")}
      </Button>
      {isOpening && <Loader role="status" aria-label={say("app.loading")} type="dots" />}
      {!isOpening && !there && (
        <Alert color="orange" role="alert">
          {say("shift.notHere")}
        </Alert>
      )}
      {there && (
        <>
          <Group gap="sm" mb={4}>
            <Title order={1}>{title}</Title>
          </Group>
          <Text c="dimmed" size="sm" mb="sm">
            {under}
          </Text>
          {children}
        </>
      )}
    </Box>
  );
}
