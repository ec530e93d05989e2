// The queue as a file that its own user alone can read, wherever that one signs in.
import type { Schemas } from "../api/client";
import type { Act } from "./acts";
import { momentNow } from "./clock";
import type { Head, Sealed } from "./device";
import { adopt, isHere, keeping, openAs, putActs, sealOwn } from "./keeper";
import { unseal } from "./seal";
import { alone } from "./sync";
import { keyByServer, vaultOf } from "./vault";

const FORM = "purser queue 1";
const IN_FILE = "file";

const letters = (bytes: ArrayBuffer | Uint8Array<ArrayBuffer>) =>
  btoa(Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte)).join(""));
const bytes = (text: unknown) => Uint8Array.from(atob(String(text)), (one) => one.charCodeAt(0));

type Packed = Record<string, unknown>;
const isPacked = (value: unknown): value is Packed => typeof value === "object" && value !== null;
const pack = ({ iv, data }: Sealed) => ({ iv: letters(iv), data: letters(data) });
const unpack = (of: unknown): Sealed => {
  const { iv, data } = isPacked(of) ? of : {};
  return { iv: bytes(iv), data: bytes(data).buffer };
};

function headOf(of: Packed): Head {
  return {
    id: String(of.id),
    name: String(of.name),
    company: String(of.company),
    salt: bytes(of.salt),
    byServer: unpack(of.byServer),
    phraseSalt: bytes(of.phraseSalt),
    rounds: Number(of.rounds),
    byPhrase: unpack(of.byPhrase),
  };
}

/** The file of what is not sent; from now on it keeps nobody from signing out. */
export async function exportQueue(): Promise<Blob | undefined> {
  const { open } = keeping();
  if (!open) return undefined;
  const { head } = open;
  const acts = open.acts.filter(({ state }) => state !== "sent");
  const sealed = pack(await sealOwn(acts, IN_FILE + head.id));
  const packed = {
    form: FORM,
    ...head,
    salt: letters(head.salt),
    phraseSalt: letters(head.phraseSalt),
    byServer: pack(head.byServer),
    byPhrase: pack(head.byPhrase),
    sealed,
  };
  const exportedAt = momentNow();
  // What was sent while the file was made needs no mark.
  await alone(async () => {
    const now = keeping().open?.acts.filter(({ state }) => state !== "sent") ?? [];
    const marked = now.filter(({ key }) => acts.some((act) => act.key === key));
    await putActs(marked.map((act) => ({ ...act, exportedAt })));
  });
  return new Blob([JSON.stringify(packed)], { type: "application/json" });
}

const isLeft = (act: Act) => act.state !== "sent" && act.exportedAt !== undefined;

/** What a file cannot be taken over for. */
export type Unread = "no_queue" | "anothers" | "closed";

/** Takes a file over for who is signed in: what is here already stays, and nothing is there twice. */
export async function importQueue(
  text: string,
  who: Schemas["SignedIn"],
): Promise<number | Unread> {
  let packed: unknown;
  try {
    packed = JSON.parse(text);
  } catch {
    return "no_queue";
  }
  if (!isPacked(packed) || packed.form !== FORM) return "no_queue";
  const head = headOf(packed);
  if (head.id !== vaultOf(who)) return "anothers";
  const key = await keyByServer(head);
  if (!key) return "anothers";
  const acts = (await unseal(key, unpack(packed.sealed), IN_FILE + head.id)) as Act[];
  await openAs(who);
  if (!keeping().open) {
    if (isHere(head.id)) return "closed";
    if (!(await adopt(head, who))) return "anothers";
  }
  const count = await alone(async () => {
    const here = keeping().open?.acts ?? [];
    const last = here.at(-1)?.order ?? 0;
    const isKnown = ({ key }: Act) => here.some((one) => one.key === key || one.was?.includes(key));
    const fresh = acts
      .filter((act) => !isKnown(act))
      .map((act, at) => ({ ...act, order: last + 1 + at }));
    // What lies here and was left to the file is sent from here again.
    const back = here.filter((one) => isLeft(one) && acts.some(({ key }) => key === one.key));
    await putActs([...back, ...fresh].map((act) => ({ ...act, exportedAt: undefined })));
    return back.length + fresh.length;
  });
  return count ?? "closed";
}
