// Who has what on the device, and what of it is open on this page. The key is in the page's memory
// alone: it is gone with the page, and nothing of it is written anywhere.
import { useSyncExternalStore } from "react";
import type { Schemas } from "../api/client";
import { type About, type Act, isOpen, type Task } from "./acts";
import type { Shift } from "./along";
import { clockAhead, keepClock, momentNow } from "./clock";
import * as device from "./device";
import { seal, unseal } from "./seal";
import { keyByPhrase, keyByServer, makeVault, vaultOf } from "./vault";

type SignedIn = Schemas["SignedIn"];

/** A vault that is open here. */
export interface Open {
  head: device.Head;
  who: SignedIn;
  shift?: Shift;
  /** In the order in which they were done. */
  acts: Act[];
}

interface Kept {
  /** Whether the device was looked at. */
  looked: boolean;
  heads: device.Head[];
  /** How many acts of each vault keep its user from signing out. */
  unsent: Map<string, number>;
  open?: Open;
}

let kept: Kept = { looked: false, heads: [], unsent: new Map() };
let key: CryptoKey | undefined;
const hearers = new Set<() => void>();
/** Other pages of the same browser hear that something changed. */
const others = new BroadcastChannel("purser.shift");
others.onmessage = ({ data }) => {
  if (data === "lock") lock();
  void refresh();
};

function set(change: Partial<Kept>) {
  kept = { ...kept, ...change };
  for (const hear of hearers) hear();
}

const subscribe = (hear: () => void) => {
  hearers.add(hear);
  return () => hearers.delete(hear);
};

export const keeping = () => kept;
export const useKeeper = (): Kept => useSyncExternalStore(subscribe, keeping);

/** Looks at what lies on the device, without opening anything. */
export async function look(): Promise<void> {
  const [heads, acts] = await Promise.all([device.heads(), device.allActs()]);
  const unsent = new Map<string, number>();
  for (const { vault, open } of acts) if (open) unsent.set(vault, (unsent.get(vault) ?? 0) + 1);
  set({ looked: true, heads, unsent });
}

/** Takes over what other pages did, whatever happens here while it is read. */
export async function refresh(): Promise<void> {
  await look();
  const { open } = kept;
  const by = key;
  if (!open || !by) return;
  // Signed out on another page: here, too.
  if (!isHere(open.head.id)) {
    lock();
    return;
  }
  const now = await read(open.head, by, open.who);
  if (kept.open === open && key === by) set({ open: now });
  else await refresh();
}

const told = async () => {
  await look();
  others.postMessage("changed");
};

const SHIFT = "shift";
const WHO = "who";
const DRAFT = "draft/";
const what = (vault: string, name: string) => `${vault}/${name}`;

async function read(head: device.Head, by: CryptoKey, now?: SignedIn): Promise<Open> {
  const documents = await device.documentsOf(head.id);
  const document = async (name: string) => {
    const found = documents.find((one) => one.name === name);
    return found && unseal(by, found.sealed, what(head.id, name));
  };
  const sealed = await device.actsOf(head.id);
  const acts = await Promise.all(
    sealed.map((one) => unseal(by, one.sealed, what(head.id, one.key)) as Promise<Act>),
  );
  const before = (await document(WHO)) as { who: SignedIn; ahead: number } | undefined;
  if (before && !now) keepClock(before.ahead);
  const who = now ?? before?.who;
  if (!who) throw new Error("a vault knows whose it is");
  const shift = (await document(SHIFT)) as Shift | undefined;
  return { head, who, shift, acts: acts.sort((one, other) => one.order - other.order) };
}

function opened(): [Open, CryptoKey] {
  if (!kept.open || !key) throw new Error("only what is open is worked with");
  return [kept.open, key];
}

async function put(name: string, value: unknown): Promise<void> {
  const [{ head }, by] = opened();
  const sealed = await seal(by, value, what(head.id, name));
  await device.putDocument({ vault: head.id, name, sealed });
}

/** Seals something for a file of one's own. */
export const sealOwn = (value: unknown, name: string) => seal(opened()[1], value, name);

async function begin(head: device.Head, by: CryptoKey, who?: SignedIn) {
  const open = await read(head, by, who);
  key = by;
  set({ open });
  if (who) await put(WHO, { who, ahead: clockAhead() });
}

/** Opens what who is signed in has here; what another had open is closed. */
export async function openAs(who: SignedIn): Promise<void> {
  if (kept.open && kept.open.head.id !== vaultOf(who)) lock();
  await look();
  const head = kept.heads.find(({ id }) => id === vaultOf(who));
  if (!head || kept.open) return;
  const by = await keyByServer(head);
  if (by) await begin(head, by, who);
}

/** Opens a vault by its phrase; tells whether it was the right one. */
export async function openByPhrase(head: device.Head, phrase: string): Promise<boolean> {
  const by = await keyByPhrase(head, phrase);
  if (by) await begin(head, by);
  return by !== undefined;
}

/** Whether a vault lies on the device, open or closed. */
export const isHere = (vault: string) => kept.heads.some(({ id }) => id === vault);

/** Opens the vault of who is signed in, and makes it when there is none. */
export async function openOrMake(who: SignedIn, phrase: string): Promise<void> {
  await openAs(who);
  if (kept.open) return;
  // Another in its place would take the key from what waits in it.
  if (isHere(vaultOf(who))) throw new Error("what is here and closed is opened by its phrase");
  // Else a device that runs out of room may throw it away.
  await navigator.storage.persist?.();
  const [head, by] = await makeVault(who, phrase);
  await device.addHead(head);
  await begin(head, by, who);
  await told();
}

/** Takes a vault over as it came in a file, for its own user, where that one has none yet. */
export async function adopt(head: device.Head, who: SignedIn): Promise<boolean> {
  const by = await keyByServer(head);
  if (!by) return false;
  await device.addHead(head);
  await begin(head, by, who);
  await told();
  return true;
}

/** Closes what is open; it stays on the device. */
export function lock() {
  key = undefined;
  set({ open: undefined });
}

/** What who signed out took along is forgotten. What waits in a file as well, and what is begun and
 * not booked, stays, sealed. */
export async function forget(vault: string): Promise<void> {
  const { open } = kept;
  const [acts, documents] = await Promise.all([device.actsOf(vault), device.documentsOf(vault)]);
  const mine = open?.head.id === vault ? open.acts : [];
  const done = mine.filter(({ state }) => state === "sent").map((act) => act.key);
  const names = documents.map(({ name }) => name);
  const isBegun = names.some((name) => name.startsWith(DRAFT));
  const whole = done.length === acts.length && !isBegun;
  await device.forget(vault, whole ? names : [SHIFT], done, whole);
  lock();
  others.postMessage("lock");
  await told();
}

export async function putShift(shift: Shift): Promise<void> {
  await put(SHIFT, shift);
  const [open] = opened();
  set({ open: { ...open, shift } });
  others.postMessage("changed");
}

/** Something begun and not finished, under a name; nothing to forget it. */
export async function putDraft(name: string, value: unknown): Promise<void> {
  const [{ head }] = opened();
  if (value === undefined) await device.removeDocument(head.id, DRAFT + name);
  else await put(DRAFT + name, value);
}

export async function readDraft(name: string): Promise<unknown> {
  const [{ head }, by] = opened();
  const full = DRAFT + name;
  const found = (await device.documentsOf(head.id)).find((one) => one.name === full);
  return found && unseal(by, found.sealed, what(head.id, full));
}

/** Writes acts, and only then shows them: what is shown is on the disk. */
export async function putActs(changed: Act[], replaced: string[] = []): Promise<void> {
  const [{ head }, by] = opened();
  const sealed = await Promise.all(
    changed.map(async (act) => ({
      vault: head.id,
      key: act.key,
      order: act.order,
      open: isOpen(act),
      sealed: await seal(by, act, what(head.id, act.key)),
    })),
  );
  await device.putActs(sealed, replaced);
  const [open] = opened();
  const gone = new Set([...replaced, ...changed.map((act) => act.key)]);
  const rest = open.acts.filter((act) => !gone.has(act.key));
  const acts = [...rest, ...changed].sort((one, other) => one.order - other.order);
  set({ open: { ...open, acts } });
  await told();
}

export async function removeActs(keys: string[]): Promise<void> {
  const [{ head }] = opened();
  for (const one of keys) await device.removeAct(head.id, one);
  const [open] = opened();
  set({ open: { ...open, acts: open.acts.filter((act) => !keys.includes(act.key)) } });
  await told();
}

/** One after the other: two acts never have the same place in the queue. */
let turn: Promise<unknown> = Promise.resolve();

/** Puts into the queue what was just done; what it replaces goes in the same moment. */
export function enqueue(
  make: (key: string) => Task,
  about: About,
  said: string[],
  replaces: (act: Act) => boolean = () => false,
): Promise<void> {
  const next = turn.then(async () => {
    const [{ acts }] = opened();
    const order = (acts.at(-1)?.order ?? 0) + 1;
    const id = crypto.randomUUID();
    const made = { key: id, order, at: momentNow(), about, said, tries: 0 };
    const act: Act = { ...make(id), ...made, state: "waiting" };
    const replaced = acts.filter((one) => one.tries === 0 && replaces(one)).map((one) => one.key);
    await putActs([act], replaced);
  });
  turn = next.catch(() => undefined);
  return next;
}
