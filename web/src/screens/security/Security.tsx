// One's own second factor: whether there is one, setting it up, its recovery codes, and turning it off.
import { Alert, Box, Group, Loader, Stack, Text, Title } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type Schemas, secondFactor } from "../../api/client";
import { State } from "../../house/cells";
import { Problem } from "../../house/Problem";
import { useFormats, useWords } from "../../words";
import { ChangeFactor } from "./ChangeFactor";
import { RecoveryCodes } from "./RecoveryCodes";
import { SetUpFactor } from "./SetUpFactor";

type Factor = Schemas["SecondFactor"];
const KEY = ["second-factor"];
/** So few recovery codes are told to be few. */
const FEW = 3;

/** How often somebody who knows the password gave a wrong code. */
function WrongCodes({ of }: { of: Factor }) {
  const say = useWords();
  const { moment } = useFormats();
  if (!of.wrong_code_at) return null;
  return (
    <Alert color="orange" title={say("factor.wrongCodes", { n: of.wrong_codes })}>
      {say("factor.wrongCodesText", {
        when: moment(of.wrong_code_at),
        n: of.wrong_codes_in_a_row,
      })}
    </Alert>
  );
}

function Standing({ of }: { of: Factor }) {
  const say = useWords();
  const { moment } = useFormats();
  return (
    <>
      <Group gap="xs">
        <Title order={2}>{say("factor.title")}</Title>
        <State of={of.state} />
      </Group>
      <Text size="sm">{say("factor.what")}</Text>
      {of.reset && (
        <Alert color="orange" title={say("factor.wasReset")}>
          {say("factor.resetBy", {
            when: moment(of.reset.reset_at),
            by: of.reset.reset_by || say("factor.operator"),
            reason: of.reset.reason,
          })}
        </Alert>
      )}
      {of.state === "on" && (
        <>
          <Text size="sm">{say("factor.onText")}</Text>
          <Text size="sm">
            {say("factor.since")}: {of.since && moment(of.since)}
          </Text>
          <Text size="sm">
            {say("factor.codesLeft")}: {of.recovery_codes_left}.
            {of.recovery_codes_left <= FEW && ` ${say("factor.fewLeft")}`}
          </Text>
          <WrongCodes of={of} />
        </>
      )}
      {of.state === "off" && (
        <Text size="sm">{say(of.allowed ? "factor.offText" : "factor.notAllowed")}</Text>
      )}
    </>
  );
}

export function useOwnFactor() {
  return useQuery({ queryKey: KEY, queryFn: secondFactor });
}

interface OwnFactorProps {
  /** Recovery codes are on the page, or were. */
  showing?: (codes: boolean) => void;
  /** They are kept. */
  done?: () => void;
}

/** Where the reader stands with it, and what can be done. */
export function OwnFactor({ showing, done }: OwnFactorProps) {
  const say = useWords();
  const queries = useQueryClient();
  const [codes, setCodes] = useState<string[]>();
  const factor = useOwnFactor();
  const again = () => queries.invalidateQueries({ queryKey: KEY });
  const show = (made: string[]) => {
    setCodes(made);
    showing?.(true);
  };
  if (codes) {
    const kept = () => {
      setCodes(undefined);
      again();
      done?.();
    };
    return <RecoveryCodes codes={codes} done={kept} />;
  }
  if (factor.error) return <Problem error={factor.error} retry={() => factor.refetch()} />;
  if (!factor.data) return <Loader role="status" aria-label={say("app.loading")} type="dots" />;
  const of = factor.data;
  const isOn = of.state === "on";
  const isStuck = !of.has_password && !of.is_fresh;
  return (
    <Stack gap="sm" data-loaded="true">
      <Standing of={of} />
      {isStuck && (isOn || of.allowed) && <Text size="sm">{say("factor.noPassword")}</Text>}
      {!isStuck && isOn && (
        <Group gap="xs">
          <ChangeFactor
            asksPassword={of.has_password}
            renewed={show}
            again={again}
            off={() => {
              again();
              queries.invalidateQueries({ queryKey: ["session"] });
            }}
          />
        </Group>
      )}
      {!isStuck && !isOn && of.allowed && (
        <SetUpFactor asksPassword={!of.is_fresh} again={again} on={show} />
      )}
    </Stack>
  );
}

export default function Security() {
  const say = useWords();
  return (
    <Box>
      <Title order={1} mb="sm">
        {say("page.security")}
      </Title>
      <Box className="sheet" p="md" maw={620}>
        <OwnFactor />
      </Box>
    </Box>
  );
}
