// What is done to a second factor that is on, with password and code: new recovery codes, and turning it off.
import { PasswordInput } from "@mantine/core";
import type { Schemas } from "../../api/client";
import { Dialog } from "../../house/Dialog";
import { TextField, useFields } from "../../house/fields";
import { useAct } from "../../house/useAct";
import { useWords, type Word } from "../../words";

interface ProvedProps {
  word: Word;
  look?: "danger";
  /** Whoever has no password gives the code alone. */
  asksPassword: boolean;
  busy: boolean;
  act: (proof: Schemas["ProveSecondFactor"]) => Promise<unknown>;
}

function Proved({ word, look, asksPassword, busy, act }: ProvedProps) {
  const say = useWords();
  const { form, set, reset } = useFields({ password: "", code: "" });
  return (
    <Dialog
      word={word}
      look={look}
      busy={busy}
      ready={form.code.trim() !== "" && (!asksPassword || form.password !== "")}
      onOpen={() => reset()}
      act={() => act({ password: form.password || null, code: form.code })}
      body={
        <>
          {asksPassword && (
            <PasswordInput
              label={say("sign.password")}
              description={say("factor.passwordHint")}
              autoComplete="current-password"
              value={form.password}
              onChange={(event) => set("password")(event.currentTarget.value)}
            />
          )}
          <TextField
            word="factor.anyCode"
            hint={say("factor.anyCodeHint")}
            value={form.code}
            change={set("code")}
          />
        </>
      }
    />
  );
}

interface ChangeFactorProps {
  asksPassword: boolean;
  /** Asks anew whether the session is fresh enough for whoever has no password. */
  again: () => void;
  renewed: (codes: string[]) => void;
  off: () => void;
}

export function ChangeFactor({ asksPassword, again, renewed, off }: ChangeFactorProps) {
  const say = useWords();
  const renew = useAct(
    "/api/v1/me/second-factor/recovery-codes",
    () => say("done.saved"),
    ({ codes }) => renewed(codes),
  );
  const turnOff = useAct("/api/v1/me/second-factor/off", () => say("factor.isOff"), off);
  return (
    <>
      <Proved
        word="factor.renew"
        asksPassword={asksPassword}
        busy={renew.isPending}
        act={(proof) => renew.mutateAsync(proof, { onError: again })}
      />
      <Proved
        word="factor.turnOff"
        look="danger"
        asksPassword={asksPassword}
        busy={turnOff.isPending}
        act={(proof) => turnOff.mutateAsync(proof, { onError: again })}
      />
    </>
  );
}
