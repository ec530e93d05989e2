// Goods are put away on a handheld: the goods are scanned, the place that they go to is shown with its
// reason, and the scan of a place confirms that they lie there now.
import { Box, Button, Group, Text } from "@mantine/core";
import { useRef, useState } from "react";
import { Refusal } from "../api/client";
import { isZero, typeDecimal } from "../format";
import { DayText, Quantity } from "../house/cells";
import { DecimalField, useDecimal } from "../house/fields";
import { told } from "../house/Problem";
import { tell as tellOff } from "../house/tell";
import { type KnownItem, tell } from "../shift/codes";
import { left } from "../shift/decimal";
import { useFormats, useTongue, useWords } from "../words";
import type { Goods } from "./putAway";
import { ScanBar, type Scanned } from "./Scan";

/** How many goods are shown before somebody asks for more. */
const SHOWN = 30;

/** What is in hand. */
interface Standing {
  /** The receiving place that goods are taken from; any when none is named. */
  at?: string;
  /** The goods. */
  id?: string;
  /** How many, as typed; as many as are proposed when nothing was. */
  quantity?: string;
}

interface WalkProps {
  goods: Goods[];
  /** The same as they are at the moment of a scan, however soon it comes. */
  now: () => Goods[];
  items: KnownItem[];
  /** The places that goods may be put away to. */
  places: string[];
  /** None for who may not. */
  put?: (of: Goods, to: string, quantity: string) => Promise<unknown>;
}

export function PutAwayWalk({ goods, now, items, places, put }: WalkProps) {
  const say = useWords();
  const decimal = useDecimal();
  const { quantity: asQuantity } = useFormats();
  const [standing, setStanding] = useState<Standing>({});
  const [shown, setShown] = useState(SHOWN);
  const [busy, setBusy] = useState(false);
  const here = useRef(standing);
  const stand = (to: Standing) => {
    here.current = to;
    setStanding(to);
  };
  const no = (code: string, text: string) => new Refusal(code, text, 422, undefined);
  const take = ({ id, of }: Goods) => {
    if (of.held) throw no("held", say("putAway.held", { sku: of.sku }));
    stand({ ...here.current, id, quantity: undefined });
  };
  /** Takes the goods of a code in hand. */
  const scanned = (scan: Scanned) => {
    const found = tell(items, scan.code);
    if (!found) throw no("unknown", say("scan.unknown", { code: scan.code }));
    const { sku, tracking } = found.item;
    const lot = scan.lot ?? found.lot ?? null;
    const { at } = here.current;
    const all = now().filter(({ of }) => of.sku === sku && (!at || of.place === at));
    const own = all.filter(({ of }) => !lot || of.lot === lot);
    const [first] = own;
    if (!first) throw no("not_here", say("putAway.notHere", { sku }));
    const isOne = own.every(({ of }) => of.lot === first.of.lot);
    if (!lot && (tracking !== "none" || !isOne)) {
      throw no("lot_missing", say("shift.lotMissing", { sku }));
    }
    take(first);
  };
  /** Puts what is in hand away to a place. */
  const confirm = async (to: string) => {
    const { id, quantity: typed, at } = here.current;
    const inHand = now().find((one) => one.id === id);
    if (!inHand || !put) throw no("goods_first", say("putAway.goodsFirst"));
    const { of, next } = inHand;
    const quantity = typed === undefined ? next.quantity : decimal(typed);
    if (!quantity || isZero(quantity)) throw no("no_quantity", say("putAway.howMany"));
    const rest = left(inHand.left, quantity);
    if (!isZero(left(quantity, inHand.left))) {
      const n = asQuantity(inHand.left);
      throw no("too_many", say("putAway.tooMany", { sku: of.sku, n }));
    }
    if (to === of.place) throw no("lies_there", say("putAway.liesThere", { place: to }));
    setBusy(true);
    try {
      await put(inHand, to, quantity);
    } finally {
      setBusy(false);
    }
    stand({ at, id: isZero(rest) ? undefined : id });
  };
  const inHand = goods.find(({ id }) => id === standing.id);
  const listed = goods.filter(({ of }) => !standing.at || of.place === standing.at);
  const placeHint = standing.at ? say("putAway.from", { place: standing.at }) : undefined;
  return (
    <Box>
      {put && goods.length > 0 && (
        <ScanBar
          plain
          hint={inHand ? say("putAway.placeNext") : (placeHint ?? say("putAway.goodsNext"))}
          first={(code) => {
            if (here.current.id || !now().some(({ of }) => of.place === code)) return false;
            stand({ at: code });
            return true;
          }}
          send={async (scan) => {
            if (scan.lot === null && places.includes(scan.code)) await confirm(scan.code);
            else scanned(scan);
          }}
        />
      )}
      {inHand && (
        <InHand
          of={inHand}
          quantity={standing.quantity}
          busy={busy}
          change={(quantity) => stand({ ...here.current, quantity })}
          put={() =>
            confirm(inHand.next.place).catch((error) => tellOff(say, "wrong", told(say, error)))
          }
          drop={() => stand({ at: here.current.at })}
        />
      )}
      <Group justify="space-between" mb="xs">
        <Text size="sm" c="dimmed" role="status">
          {goods.length > 0 ? say("putAway.left", { n: goods.length }) : say("putAway.nothingLeft")}
        </Text>
        {standing.at && (
          <Button size="compact-sm" variant="subtle" onClick={() => stand({})}>
            {say("putAway.anyPlace")}
          </Button>
        )}
      </Group>
      {listed.slice(0, shown).map((one) => (
        <Waiting
          key={one.id}
          of={one}
          inHand={one.id === standing.id}
          take={put && !one.of.held ? () => take(one) : undefined}
        />
      ))}
      {listed.length > shown && (
        <Button variant="default" onClick={() => setShown(shown + 100)}>
          {say("shift.more", { n: listed.length - shown })}
        </Button>
      )}
    </Box>
  );
}

/** What the goods are. */
function What({ of: { of } }: { of: Goods }) {
  const say = useWords();
  return (
    <>
      <Text size="sm" style={{ overflowWrap: "anywhere" }}>
        <b>{of.sku}</b> {of.name}
      </Text>
      {of.lot && (
        <Text size="sm">
          {say("f.lot")} <b>{of.lot}</b> <DayText of={of.expires_on} />
        </Text>
      )}
    </>
  );
}

interface InHandProps {
  of: Goods;
  quantity: string | undefined;
  busy: boolean;
  change: (quantity: string) => void;
  put: () => void;
  drop: () => void;
}

/** The goods in hand: where they go, why, and how many of them. */
function InHand({ of, quantity, busy, change, put, drop }: InHandProps) {
  const say = useWords();
  const { locale } = useTongue();
  const { quantity: asQuantity } = useFormats();
  const { next } = of;
  return (
    <Box
      className="sheet"
      component="section"
      aria-label={say("putAway.inHand")}
      p="sm"
      mb="sm"
      style={{ borderColor: "var(--mantine-primary-color-filled)" }}
    >
      <What of={of} />
      <Text size="sm" c="dimmed" mt={6}>
        {say("putAway.goesTo")}
      </Text>
      <Text fw={700} size="lg" style={{ overflowWrap: "anywhere" }}>
        {next.place}
      </Text>
      <Text size="sm" mb="xs">
        {next.rule
          ? say("putAway.byRule", {
              n: next.rule.priority,
              room: `${asQuantity(next.rule.room)} ${of.of.unit}`,
            })
          : say("putAway.noRule")}
      </Text>
      <DecimalField
        word="f.quantity"
        hint={say("putAway.ofWaiting", { n: `${asQuantity(of.left)} ${of.of.unit}` })}
        scan
        value={quantity ?? typeDecimal(next.quantity, locale)}
        change={change}
      />
      <Group gap="xs" mt="xs">
        <Button loading={busy} onClick={put}>
          {say("act.putAway")}
        </Button>
        <Button variant="default" onClick={drop}>
          {say("putAway.otherGoods")}
        </Button>
      </Group>
    </Box>
  );
}

/** Goods that wait. */
function Waiting({ of, inHand, take }: { of: Goods; inHand: boolean; take?: () => void }) {
  const say = useWords();
  const { sku, place, unit, lot, held } = of.of;
  return (
    <Box className="sheet" component="section" aria-label={`${sku}, ${place}`} p="sm" mb="xs">
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <Box style={{ minWidth: 0 }}>
          <What of={of} />
          <Text size="sm" c="dimmed" style={{ overflowWrap: "anywhere" }}>
            <Quantity of={of.left} unit={unit} /> · {place} → {of.next.place}
          </Text>
          {held && <Text size="sm">{say("putAway.held", { sku })}</Text>}
        </Box>
        {take && (
          <Button
            size="compact-sm"
            style={{ flex: "none" }}
            variant={inHand ? "filled" : "default"}
            aria-pressed={inHand}
            aria-label={say("putAway.take", { sku: [sku, lot].filter(Boolean).join(", ") })}
            onClick={take}
          >
            {say("act.take")}
          </Button>
        )}
      </Group>
    </Box>
  );
}
