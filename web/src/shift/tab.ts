// What a tab keeps until it is saved, sealed under its user's device key: another user of the tab reads
// nothing of it. Where the key cannot be had, it is in memory alone.
import { makeDeviceKey } from "../api/client";
import { draftKey, seal, unseal } from "./seal";

const keys = new Map<string, Promise<CryptoKey>>();

function own(user: string): Promise<CryptoKey> {
  const kept = keys.get(user);
  if (kept) return kept;
  const key = makeDeviceKey(user).then(({ secret }) => draftKey(secret));
  keys.set(user, key);
  key.catch(() => keys.delete(user));
  return key;
}

const place = (name: string) => `purser.draft.${name}`;
const letters = (bytes: Uint8Array) =>
  btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
const bytes = (text: string) => Uint8Array.from(atob(text), (one) => one.charCodeAt(0));

async function readTab(user: string, name: string): Promise<unknown> {
  const [iv, data] = (sessionStorage.getItem(place(name)) ?? "").split(" ");
  if (!iv || !data) return undefined;
  try {
    return await unseal(await own(user), { iv: bytes(iv), data: bytes(data).buffer }, name);
  } catch {
    // Another's, or there is no key now.
    return undefined;
  }
}

async function putTab(user: string, name: string, value: unknown): Promise<void> {
  if (value === undefined) {
    sessionStorage.removeItem(place(name));
    return;
  }
  const { iv, data } = await seal(await own(user), value, name);
  sessionStorage.setItem(place(name), `${letters(iv)} ${letters(new Uint8Array(data))}`);
}

/** What a user's tab keeps. */
export const tabOf = (user: string) => ({
  read: (name: string) => readTab(user, name),
  put: (name: string, value: unknown) => putTab(user, name, value),
});
