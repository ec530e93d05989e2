// The dialog that takes a shift along: for which warehouse, how far ahead, and the phrase that opens it
// where there is no network.
import { PasswordInput, Text } from "@mantine/core";
import { useState } from "react";
import { Choice } from "../../house/Choice";
import { Dialog } from "../../house/Dialog";
import { DayField } from "../../house/fields";
import { told } from "../../house/Problem";
import { tell } from "../../house/tell";
import { useMay, useSession } from "../../session";
import { takeAlong } from "../../shift/along";
import { momentNow } from "../../shift/clock";
import { keeping, openAs, openOrMake, putShift, useKeeper } from "../../shift/keeper";
import { sync } from "../../shift/sync";
import { SHORTEST_PHRASE, vaultOf } from "../../shift/vault";
import { useWords } from "../../words";

/** How far ahead orders are taken along unless somebody says otherwise, in days. */
const AHEAD = 7;

const daysOn = (day: string, days: number) => {
  const found = new Date(`${day}T00:00:00Z`);
  found.setUTCDate(found.getUTCDate() + days);
  return found.toISOString().slice(0, 10);
};

export function TakeAlong({ word }: { word: "act.takeAlong" | "act.takeAgain" }) {
  const say = useWords();
  const may = useMay();
  const who = useSession();
  const { open, heads } = useKeeper();
  const [warehouse, setWarehouse] = useState("");
  const [dueBy, setDueBy] = useState("");
  const [phrase, setPhrase] = useState("");
  const [repeated, setRepeated] = useState("");
  const [busy, setBusy] = useState(false);
  const isFirst = !heads.some(({ id }) => id === vaultOf(who));
  const long = [...phrase].length >= SHORTEST_PHRASE;
  const phraseIsGood = !isFirst || (long && phrase === repeated);
  const take = async () => {
    setBusy(true);
    try {
      if (isFirst) await openOrMake(who, phrase);
      else if (!keeping().open) await openAs(who);
      // What waits is sent before, so that what is taken along has it in it.
      await sync();
      const asked = { warehouse, dueBy, userId: who.me.user_id };
      const shift = await takeAlong(asked, may, momentNow());
      await putShift(shift);
      const { orders, counts, picks, putAway, transfers } = shift;
      const dock = putAway && putAway.lines.length > 0 ? 1 : 0;
      const n = orders.length + counts.length + picks.length + dock + transfers.length;
      tell(say, "done", say("shift.taken", { n }));
    } catch (error) {
      tell(say, "wrong", told(say, error));
      throw error;
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog
      word={word}
      look={word === "act.takeAlong" ? "filled" : "default"}
      busy={busy}
      ready={warehouse !== "" && dueBy !== "" && phraseIsGood}
      onOpen={() => {
        setWarehouse(open?.shift?.warehouse ?? "");
        setDueBy(daysOn(who.me.today, AHEAD));
        setPhrase("");
        setRepeated("");
      }}
      act={take}
      body={
        <>
          <Choice
            of="warehouses"
            word="f.warehouse"
            required
            value={warehouse}
            change={setWarehouse}
          />
          <DayField
            word="f.dueBy"
            hint={say("shift.dueByHint")}
            required
            value={dueBy}
            change={setDueBy}
          />
          {isFirst && (
            <>
              <Text size="sm">{say("shift.phraseText")}</Text>
              <PasswordInput
                label={say("shift.phrase")}
                description={say("shift.phraseHint", { n: SHORTEST_PHRASE })}
                autoComplete="off"
                required
                value={phrase}
                error={phrase !== "" && !long && say("shift.phraseShort", { n: SHORTEST_PHRASE })}
                onChange={(event) => setPhrase(event.currentTarget.value)}
              />
              <PasswordInput
                label={say("shift.phraseAgain")}
                autoComplete="off"
                required
                value={repeated}
                error={repeated !== "" && repeated !== phrase && say("shift.phraseOther")}
                onChange={(event) => setRepeated(event.currentTarget.value)}
              />
            </>
          )}
        </>
      }
    />
  );
}
