// Sending what waits: in order, one after the other, each with the key that it was made with, so that
// nothing is done twice however often it is sent.
import { useSyncExternalStore } from "react";
import { Refusal, type Schemas, send } from "../api/client";
import { areasOf, askAgain } from "../fresh";
import { type Act, type Kind, PATHS } from "./acts";
import { countOf, itemsOf, orderOf, pickOf, putAwayOf, type Shift, transferOf } from "./along";
import { momentNow } from "./clock";
import { keeping, putActs, putShift, refresh } from "./keeper";

/** Why it stopped: no network, no session, or another's. */
type Halt = "away" | "sign_in" | "another" | undefined;
interface Sync {
  running: boolean;
  halt: Halt;
}

let state: Sync = { running: false, halt: undefined };
const hearers = new Set<() => void>();
const subscribe = (hear: () => void) => {
  hearers.add(hear);
  return () => hearers.delete(hear);
};
export const useSync = (): Sync => useSyncExternalStore(subscribe, () => state);

function set(change: Partial<Sync>) {
  state = { ...state, ...change };
  for (const hear of hearers) hear();
}

/** Refusals that say nothing of the request: it is sent again later, as it is. */
function haltOf(error: unknown): Halt {
  if (!(error instanceof Refusal)) return "away";
  if (error.status === 401) return "sign_in";
  // Not the server's own words: something on the way answered.
  if (error.code === "no_answer") return "away";
  if (error.code === "another_user") return "another";
  return error.status >= 500 || [408, 425, 429].includes(error.status) ? "away" : undefined;
}

/** Whether it is sent from here: what is in a file may be set right and sent elsewhere. */
export const isDue = (act: Act) => act.state === "waiting" && !act.exportedAt;

/** Whether it waits for another of the same document to be dealt with. */
export function isHeld(act: Act, acts: Act[]): boolean {
  const before = (one: Act) => one.order < act.order && one.about.id === act.about.id;
  return act.state === "waiting" && acts.some((one) => one.state === "refused" && before(one));
}

function numberIn(answer: unknown): string | undefined {
  const told = typeof answer === "object" && answer !== null && "number" in answer;
  return told ? String(answer.number) : undefined;
}

/** Sends one; tells whether to go on. */
async function sendOne(act: Act, meantFor: string): Promise<Halt | "done"> {
  // Noted before: whatever becomes of the answer, from now on the body under this key stays.
  const tried: Act = { ...act, tries: act.tries + 1 };
  await putActs([tried]);
  try {
    const answer = await send(PATHS[act.kind], act.body, act.key, meantFor);
    const number = numberIn(answer);
    await putActs([{ ...tried, state: "sent", number, sentAt: momentNow(), problem: undefined }]);
    return "done";
  } catch (error) {
    const halt = haltOf(error);
    if (halt || !(error instanceof Refusal)) return halt ?? "away";
    const { code, message: detail, place } = error;
    const line = place?.line ?? undefined;
    await putActs([{ ...tried, state: "refused", problem: { code, detail, line } }]);
    return "done";
  }
}

async function run(vault: string): Promise<Halt> {
  for (;;) {
    const { open } = keeping();
    if (open?.head.id !== vault) return undefined;
    const next = open.acts.find((act) => isDue(act) && !isHeld(act, open.acts));
    if (!next) return undefined;
    const became = await sendOne(next, vault);
    if (became !== "done") return became;
  }
}

const swap = <T>(all: T[], one: T | undefined, is: (other: T) => boolean) =>
  one ? all.map((other) => (is(other) ? one : other)) : all;

/** The shift with one document as the server has it now. */
async function renewed(shift: Shift, kind: Exclude<Kind, "put_away">, id: string): Promise<Shift> {
  if (kind === "receive") {
    const order = await orderOf(id);
    return { ...shift, orders: swap(shift.orders, order, (one) => one.order_id === id) };
  }
  if (kind === "count") {
    const before = shift.counts.find((one) => one.count_id === id);
    const sheet = before && (await countOf(before));
    return { ...shift, counts: swap(shift.counts, sheet, (one) => one.count_id === id) };
  }
  if (kind === "pick") {
    const list = await pickOf(id);
    return { ...shift, picks: swap(shift.picks, list, (one) => one.list.list_id === id) };
  }
  const transfer = await transferOf(id);
  const is = (one: { head: Schemas["TransferRow"] }) => one.head.transfer_id === id;
  return { ...shift, transfers: swap(shift.transfers, transfer, is) };
}

/** What brings goods to receiving places, or takes them from there. */
const AT_THE_DOCK: Kind[] = ["receive", "arrive", "put_away"];

/** The shift with what waits to be put away as the server has it now. */
async function dockRenewed(shift: Shift, permissions: string[]): Promise<Shift> {
  if (!shift.putAway) return shift;
  const putAway = await putAwayOf(shift.warehouse, shift.putAway.places);
  const known = new Set(shift.items.map(({ sku }) => sku));
  const fresh = new Set(putAway.lines.map(({ sku }) => sku).filter((sku) => !known.has(sku)));
  const asks = fresh.size > 0 && permissions.includes("catalog.read");
  const items = asks ? await itemsOf([...fresh]) : [];
  return { ...shift, putAway, items: [...shift.items, ...items] };
}

/** Documents that something was sent of are taken along anew. */
async function settle(): Promise<void> {
  const { open } = keeping();
  const done = open?.acts.filter((act) => act.state === "sent" && !act.settled) ?? [];
  if (open?.shift && done.some(({ kind }) => AT_THE_DOCK.includes(kind))) {
    await putShift(await dockRenewed(open.shift, open.who.permissions));
  }
  const away = done.filter(({ kind }) => kind === "put_away");
  if (away.length > 0) await putActs(away.map((act) => ({ ...act, settled: true })));
  const documents = new Map(done.map((act) => [`${act.kind}/${act.about.id}`, act]));
  for (const { kind, about } of documents.values()) {
    if (kind === "put_away") continue;
    const shift = keeping().open?.shift;
    if (shift) await putShift(await renewed(shift, kind, about.id));
    const same = done.filter((act) => act.kind === kind && act.about.id === about.id);
    await putActs(same.map((act) => ({ ...act, settled: true })));
  }
  if (done.length > 0) await askAgain(areasOf(PATHS.receive));
}

const turnOf = (vault: string) => `purser.sync.${vault}`;

/** Whether it can still be changed: it was not sent, or it was refused. */
export const isMine = (act: Act) => act.state === "refused" || act.tries === 0;

/** Does something while nothing is being sent. */
export async function alone<T>(work: () => Promise<T>): Promise<T | undefined> {
  const vault = keeping().open?.head.id;
  if (!vault) return undefined;
  const did = await navigator.locks.request(turnOf(vault), async () => {
    await refresh();
    return keeping().open?.head.id === vault ? work() : undefined;
  });
  // It was asked for meanwhile, and could not begin.
  if (wanted) sync();
  return did;
}

/** Changes what is not sent, while nothing is being sent; tells whether it still could be. */
export async function whileMine(acts: Act[], change: () => Promise<void>): Promise<boolean> {
  const changed = await alone(async () => {
    const now = keeping().open?.acts ?? [];
    const there = acts.every(({ key }) => now.some((act) => act.key === key && isMine(act)));
    if (there) await change();
    return there;
  });
  return changed ?? false;
}

async function once(vault: string): Promise<void> {
  set({ running: true });
  try {
    // This page may have slept while another sent, changed or discarded something.
    await refresh();
    const halt = await run(vault);
    set({ halt });
    if (!halt) await settle();
  } catch {
    set({ halt: "away" });
  } finally {
    set({ running: false });
  }
}

/** Whether it was asked for while it ran: what came then is sent as well. */
let wanted = false;

/** Sends what waits, on one page of the browser at a time. */
export async function sync(): Promise<void> {
  const vault = keeping().open?.head.id;
  if (!vault) return;
  wanted = true;
  await navigator.locks.request(turnOf(vault), { ifAvailable: true }, async (lock) => {
    while (lock && wanted) {
      wanted = false;
      await once(vault);
    }
  });
}
