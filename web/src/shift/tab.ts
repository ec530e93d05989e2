// What a tab keeps until it is saved, sealed under its user's device key: another user of the tab reads
// nothing of it. Where the key cannot be had, it is in memory alone.
import { makeDeviceKey } from "../api/client";
import { draftKey, seal, unseal } from "./seal";

let key: Promise<CryptoKey> | undefined;

function own(): Promise<CryptoKey> {
  if (!key) {
    key = makeDeviceKey().then(({ secret }) => draftKey(secret));
    key.catch(() => {
      key = undefined;
    });
  }
  return key;
}

const place = (name: string) => `purser.draft.${name}`;
const letters = (bytes: Uint8Array) =>
  btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
const bytes = (text: string) => Uint8Array.from(atob(text), (one) => one.charCodeAt(0));

export async function readTab(name: string): Promise<unknown> {
  const [iv, data] = (sessionStorage.getItem(place(name)) ?? "").split(" ");
  if (!iv || !data) return undefined;
  try {
    return await unseal(await own(), { iv: bytes(iv), data: bytes(data).buffer }, name);
  } catch {
    // Another's, or there is no key now.
    return undefined;
  }
}

export async function putTab(name: string, value: unknown): Promise<void> {
  if (value === undefined) {
    sessionStorage.removeItem(place(name));
    return;
  }
  const { iv, data } = await seal(await own(), value, name);
  sessionStorage.setItem(place(name), `${letters(iv)} ${letters(new Uint8Array(data))}`);
}
