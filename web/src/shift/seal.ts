// Encryption as the browser has it: AES-GCM under a random key of the vault, which is itself kept
// under two others, the one that the server hands to its user and the one of the user's phrase.
import type { Sealed } from "./device";

/** How often a phrase is hashed, so that guessing it is slow. */
export const ROUNDS = 600_000;

const AES = { name: "AES-GCM", length: 256 } as const;
const USES: KeyUsage[] = ["encrypt", "decrypt"];
const written = new TextEncoder();

export const random = (length: number) => crypto.getRandomValues(new Uint8Array(length));

/** A sealed thing opens only as what it was sealed as: no record can stand in another's place. */
const as = (iv: Uint8Array<ArrayBuffer>, what: string) => ({
  name: AES.name,
  iv,
  additionalData: written.encode(what),
});

/** A fresh key, which can be wrapped and is then opened anew as one that cannot be read out. */
export function freshKey(): Promise<CryptoKey> {
  return crypto.subtle.generateKey(AES, true, USES);
}

async function fromSecret(secret: string): Promise<CryptoKey> {
  const bytes = new Uint8Array(
    (secret.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16)),
  );
  return crypto.subtle.importKey("raw", bytes, "HKDF", false, ["deriveKey"]);
}

/** What seals what a tab keeps. The secret is random, so that nothing need be added to it. */
export async function draftKey(secret: string): Promise<CryptoKey> {
  const info = written.encode("purser drafts");
  const how = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(32), info };
  return crypto.subtle.deriveKey(how, await fromSecret(secret), AES, false, USES);
}

/** What wraps by the secret that the server hands out. */
export async function keyOfSecret(
  secret: string,
  salt: Uint8Array<ArrayBuffer>,
): Promise<CryptoKey> {
  const info = written.encode("purser device key");
  const how = { name: "HKDF", hash: "SHA-256", salt, info };
  const base = await fromSecret(secret);
  return crypto.subtle.deriveKey(how, base, AES, false, ["wrapKey", "unwrapKey"]);
}

/** What wraps by a phrase. */
export async function keyOfPhrase(
  phrase: string,
  salt: Uint8Array<ArrayBuffer>,
  iterations: number,
): Promise<CryptoKey> {
  const bytes = written.encode(phrase.normalize("NFKC"));
  const base = await crypto.subtle.importKey("raw", bytes, "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations };
  return crypto.subtle.deriveKey(how, base, AES, false, ["wrapKey", "unwrapKey"]);
}

export async function wrap(key: CryptoKey, by: CryptoKey, what: string): Promise<Sealed> {
  const iv = random(12);
  return { iv, data: await crypto.subtle.wrapKey("raw", key, by, as(iv, what)) };
}

/** The key, which no script can read out; nothing when it is not wrapped by this. */
export async function unwrap(
  { iv, data }: Sealed,
  by: CryptoKey,
  what: string,
): Promise<CryptoKey | undefined> {
  try {
    return await crypto.subtle.unwrapKey("raw", data, by, as(iv, what), AES, false, USES);
  } catch {
    return undefined;
  }
}

export async function seal(key: CryptoKey, value: unknown, what: string): Promise<Sealed> {
  const iv = random(12);
  const text = written.encode(JSON.stringify(value));
  return { iv, data: await crypto.subtle.encrypt(as(iv, what), key, text) };
}

/** What was sealed; it fails on what was changed, or sealed as something else. */
export async function unseal(key: CryptoKey, { iv, data }: Sealed, what: string): Promise<unknown> {
  const bytes = await crypto.subtle.decrypt(as(iv, what), key, data);
  return JSON.parse(new TextDecoder().decode(bytes));
}
