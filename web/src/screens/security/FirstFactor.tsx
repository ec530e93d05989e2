// The company asks for a second factor that the reader does not have: nothing else can be done before.
import { Button, Stack, Text } from "@mantine/core";
import { act } from "../../api/client";
import { WorkElsewhere } from "../../WorkIn";
import { useWords } from "../../words";
import { Door } from "../SignIn";
import { OwnFactor, useOwnFactor } from "./Security";

interface FirstFactorProps {
  /** Whether recovery codes are on the page, which stays until they are kept. */
  showsCodes: boolean;
  showing: (codes: boolean) => void;
  /** Asks anew whether something is lacking. */
  done: () => Promise<unknown>;
}

export default function FirstFactor({ showsCodes, showing, done }: FirstFactorProps) {
  const say = useWords();
  const factor = useOwnFactor();
  const leave = () =>
    act("/api/v1/session/end", undefined).finally(() => window.location.assign("/sign-in"));
  // It was set up in another window, or is asked for no more.
  const isThere = factor.data && factor.data.state !== "missing";
  return (
    <Door title={say("factor.missingTitle")}>
      <Stack gap="sm">
        {!isThere && !showsCodes && <Text size="sm">{say("factor.missingText")}</Text>}
        <OwnFactor showing={showing} done={() => done().then(() => showing(false))} />
        {isThere && !showsCodes && <Button onClick={done}>{say("factor.goOn")}</Button>}
        {!showsCodes && <WorkElsewhere />}
        {!showsCodes && (
          <Button variant="subtle" onClick={leave}>
            {say("app.signOut")}
          </Button>
        )}
      </Stack>
    </Door>
  );
}
