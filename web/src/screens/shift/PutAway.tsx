// What waits to be put away, as it was taken along: each scan of a place is an act of its own.
import { useSession } from "../../session";
import type { Act } from "../../shift/acts";
import { dayNow } from "../../shift/clock";
import { enqueue, keeping } from "../../shift/keeper";
import { useWords } from "../../words";
import { PutAwayWalk } from "../PutAwayWalk";
import { type Goods, goodsId, goodsLeft, type Put } from "../putAway";
import { ShiftPage, useWork, type Work } from "./Page";

/** What was put away and does not stand in the list yet. */
function puts(acts: Act[]): Put[] {
  return acts.flatMap((act) => {
    if (act.kind !== "put_away" || act.settled) return [];
    const { from, lines } = act.body;
    return lines.map(({ sku, lot, quantity, to }) => {
      return { id: goodsId({ place: from ?? "", sku, lot }), to: to ?? "", quantity };
    });
  });
}

/** What still waits of what was taken along, less what is in the queue. */
export const dockGoods = ({ shift, acts }: Work): Goods[] =>
  goodsLeft(shift.putAway?.lines ?? [], puts(acts));

export default function PutAway() {
  const say = useWords();
  const { me } = useSession();
  const work = useWork();
  const { shift } = work ?? {};
  return (
    <ShiftPage
      title={say("page.putAway")}
      under={shift?.warehouse}
      there={shift?.putAway !== undefined}
    >
      {work && shift?.putAway && (
        <PutAwayWalk
          goods={dockGoods(work)}
          now={() => {
            const { open } = keeping();
            return open?.shift ? dockGoods({ shift: open.shift, acts: open.acts }) : [];
          }}
          items={shift.items}
          places={shift.putAway.places}
          put={({ id, of }, to, quantity) =>
            enqueue(
              (key) => ({
                kind: "put_away",
                body: {
                  warehouse: shift.warehouse,
                  from: of.place,
                  happened_on: dayNow(me.zone),
                  client_ref: key,
                  lines: [{ sku: of.sku, lot: of.lot ?? null, quantity, to }],
                },
              }),
              { id, number: of.sku },
              [`${of.sku} · ${of.place}`],
            )
          }
        />
      )}
    </ShiftPage>
  );
}
