// Signing out: not while something waits that was neither sent nor exported, for nobody else can send it.
import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { act, Refusal } from "./api/client";
import { told } from "./house/Problem";
import { tell } from "./house/tell";
import { Way } from "./house/Way";
import { queries } from "./queries";
import { useSession } from "./session";
import { forget, keeping, look, useKeeper } from "./shift/keeper";
import { sync } from "./shift/sync";
import { vaultOf } from "./shift/vault";
import { useWords } from "./words";

/** The way out, and what says why there is none. */
export function useSignOut() {
  const say = useWords();
  const who = useSession();
  const { unsent } = useKeeper();
  const [isRefused, { open, close }] = useDisclosure(false);
  const id = vaultOf(who);
  const waits = unsent.get(id) ?? 0;
  const signOut = async () => {
    await look();
    if (keeping().unsent.has(id)) {
      open();
      return;
    }
    try {
      await act("/api/v1/session/end", undefined);
    } catch (error) {
      // A session that is over needs no end; without a network nobody can end it.
      if (!(error instanceof Refusal && error.status === 401)) {
        tell(say, "wrong", told(say, error));
        return;
      }
    }
    await forget(id);
    queries.clear();
    window.location.assign("/sign-in");
  };
  const refused = (
    <Modal
      opened={isRefused}
      onClose={close}
      title={say("shift.notSignedOut")}
      closeButtonProps={{ "aria-label": say("act.close") }}
    >
      <Stack gap="sm">
        <Text size="sm">{say("shift.notSignedOutText", { n: waits })}</Text>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" component={Way} to="/shift/queue" onClick={close}>
            {say("shift.toQueue")}
          </Button>
          <Button onClick={() => sync().then(close)}>{say("act.sync")}</Button>
        </Group>
      </Stack>
    </Modal>
  );
  return { signOut, refused };
}
