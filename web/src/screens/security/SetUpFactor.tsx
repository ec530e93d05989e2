// Setting a second factor up: the password where it is asked for, the QR code, and a code that shows that the
// app has it.
import { Button, Code, PasswordInput, Stack, Text, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { act, Refusal, type Schemas } from "../../api/client";
import { Problem } from "../../house/Problem";
import { useWords } from "../../words";

/** A QR code: dark on white in whatever colours the page has, for cameras read nothing else. */
function Qr({ of }: { of: Schemas["Qr"] }) {
  const say = useWords();
  return (
    <svg
      viewBox={`0 0 ${of.side} ${of.side}`}
      width={208}
      height={208}
      shapeRendering="crispEdges"
      role="img"
      aria-label={say("factor.qr")}
    >
      <rect width={of.side} height={of.side} fill="#fff" />
      <path d={of.path} fill="#000" />
    </svg>
  );
}

interface SetUpFactorProps {
  /** Whether the password is asked for. */
  asksPassword: boolean;
  /** Asks anew whether it is: a session is fresh for 15 minutes. */
  again: () => void;
  /** It is on, with these recovery codes. */
  on: (codes: string[]) => void;
}

export function SetUpFactor({ asksPassword, again, on }: SetUpFactorProps) {
  const say = useWords();
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  const begin = useMutation({
    mutationFn: () => act("/api/v1/me/second-factor", { password: password || null }),
    onSuccess: () => setPassword(""),
    onError: again,
  });
  const confirm = useMutation({
    mutationFn: () => act("/api/v1/me/second-factor/confirm", { code }),
    onSuccess: ({ codes }) => on(codes),
    onError: (error) => {
      if (!(error instanceof Refusal) || error.code !== "second_factor_not_begun") return;
      // It was begun too long ago, and its secret is not worth a code any more.
      begin.reset();
      setCode("");
      again();
    },
  });
  const begun = begin.data;
  const refused = begin.error ?? confirm.error;
  if (!begun) {
    return (
      <form
        onSubmit={(event) => {
          event.preventDefault();
          confirm.reset();
          begin.mutate();
        }}
      >
        <Stack gap="sm" align="flex-start">
          {asksPassword && (
            <PasswordInput
              label={say("sign.password")}
              description={say("factor.passwordHint")}
              autoComplete="current-password"
              w="100%"
              maw={320}
              value={password}
              onChange={(event) => setPassword(event.currentTarget.value)}
            />
          )}
          {refused && <Problem error={refused} />}
          <Button type="submit" loading={begin.isPending} disabled={asksPassword && !password}>
            {say("factor.begin")}
          </Button>
        </Stack>
      </form>
    );
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        confirm.mutate();
      }}
    >
      <Stack gap="sm" align="flex-start" data-loaded="true">
        <Text size="sm">{say("factor.scan")}</Text>
        <Qr of={begun.qr} />
        <Text size="sm">{say("factor.typed")}</Text>
        <Code fz="sm" aria-label={say("factor.secret")} style={{ wordBreak: "break-all" }}>
          {begun.secret.replace(/(.{4})(?=.)/g, "$1 ")}
        </Code>
        <TextInput
          label={say("factor.code")}
          description={say("factor.codeHint")}
          autoComplete="one-time-code"
          inputMode="numeric"
          autoFocus
          w="100%"
          maw={320}
          value={code}
          onChange={(event) => setCode(event.currentTarget.value)}
        />
        {confirm.error && <Problem error={confirm.error} />}
        <Button type="submit" loading={confirm.isPending} disabled={!code.trim()}>
          {say("factor.confirm")}
        </Button>
      </Stack>
    </form>
  );
}
