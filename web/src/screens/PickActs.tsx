// What can be done with a whole pick list: who walks it, what goes back, and giving it up.
import { Button, Checkbox } from "@mantine/core";
import { useState } from "react";
import type { Schemas } from "../api/client";
import { isZero } from "../format";
import { Choice } from "../house/Choice";
import { Dialog } from "../house/Dialog";
import { ReasonField } from "../house/fields";
import { useAct } from "../house/useAct";
import { useMay, useSession } from "../session";
import { useFormats, useWords } from "../words";

type Detail = Schemas["PickListDetail"];
const ENDED = ["closed", "cancelled"];

/** Gives the list to somebody, or to whoever begins. */
function Assign({ of }: { of: Detail["list"] }) {
  const say = useWords();
  const [picker, setPicker] = useState("");
  const assign = useAct("/api/v1/pick-lists/assign", () => say("done.saved"));
  const { list_id } = of;
  return (
    <Dialog
      word="act.assign"
      busy={assign.isPending}
      ready
      onOpen={() => setPicker(of.picker_id ?? "")}
      act={() =>
        assign.mutateAsync(picker ? { list_id, picker_id: picker } : { list_id, nobody: true })
      }
      body={
        <Choice
          of="userIds"
          word="f.picker"
          hint={say("pick.pickerHint")}
          clearable
          value={picker}
          change={setPicker}
        />
      }
    />
  );
}

function PutBack({ of }: { of: Detail }) {
  const say = useWords();
  const { quantity } = useFormats();
  const { list_id } = of.list;
  const back = useAct("/api/v1/pick-lists/put-back", () => say("done.putBack"));
  const lines = of.lines.filter((line) => !isZero(line.to_put_back));
  return (
    <Dialog
      word="act.putBack"
      look="filled"
      busy={back.isPending}
      ready
      act={() => back.mutateAsync({ list_id })}
      body={
        <ul>
          {lines.map((line) => (
            <li key={line.line}>
              {say("pick.goesBack", {
                quantity: quantity(line.to_put_back),
                unit: line.unit,
                sku: line.sku,
                place: line.place,
              })}
            </li>
          ))}
        </ul>
      }
    />
  );
}

function Cancel({ of }: { of: Detail["list"] }) {
  const say = useWords();
  const [reason, setReason] = useState("");
  const [back, setBack] = useState(false);
  const cancel = useAct("/api/v1/pick-lists/cancel", () => say("done.cancelled"));
  return (
    <Dialog
      word="act.cancelPicks"
      look="danger"
      busy={cancel.isPending}
      ready={reason.trim() !== ""}
      onOpen={() => {
        setReason("");
        setBack(false);
      }}
      act={() => cancel.mutateAsync({ list_id: of.list_id, reason: reason.trim(), put_back: back })}
      body={
        <>
          <ReasonField required focus value={reason} change={setReason} />
          {of.state !== "open" && (
            <Checkbox
              label={say("pick.wentBack")}
              checked={back}
              onChange={(event) => setBack(event.currentTarget.checked)}
            />
          )}
        </>
      }
    />
  );
}

export function ListActs({ of }: { of: Detail }) {
  const say = useWords();
  const may = useMay();
  const { me } = useSession();
  const { list_id, state, picker_id } = of.list;
  const take = useAct("/api/v1/pick-lists/assign", () => say("done.saved"));
  const back = of.lines.some((line) => !isZero(line.to_put_back));
  const isLeft = state === "open" || state === "picking";
  const mine = picker_id === me.user_id;
  const others = picker_id && !mine ? may("picking.plan") : true;
  return (
    <>
      {back && may("picking.pick") && <PutBack of={of} />}
      {isLeft && !mine && others && may("picking.pick") && (
        <Button
          variant="default"
          loading={take.isPending}
          onClick={() => take.mutate({ list_id, picker_id: me.user_id })}
        >
          {say("act.takeList")}
        </Button>
      )}
      {isLeft && may("picking.plan") && may("identity.read") && <Assign of={of.list} />}
      {!ENDED.includes(state) && may("picking.plan") && <Cancel of={of.list} />}
    </>
  );
}
