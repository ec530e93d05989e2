// A vault: a user's place on the device, and the two ways to its key.
import { deviceKey, makeDeviceKey, Refusal, type Schemas } from "../api/client";
import type { Head } from "./device";
import { freshKey, keyOfPhrase, keyOfSecret, ROUNDS, random, unwrap, wrap } from "./seal";

type SignedIn = Schemas["SignedIn"];

/** A phrase that is too short is guessed, however slow that is. */
export const SHORTEST_PHRASE = 8;

/** The name of a user's vault; also how requests say for whom they are meant. */
export const vaultOf = ({ me }: SignedIn) => `${me.company_id}.${me.user_id}`;

const BY_SERVER = "by server";
const BY_PHRASE = "by phrase";

/** Makes a vault for who is signed in, with a phrase that opens it without a network. */
export async function makeVault(who: SignedIn, phrase: string): Promise<[Head, CryptoKey]> {
  const id = vaultOf(who);
  const [key, salt, phraseSalt] = [await freshKey(), random(32), random(32)];
  const server = await keyOfSecret((await makeDeviceKey(id)).secret, salt);
  const own = await keyOfPhrase(phrase, phraseSalt, ROUNDS);
  const byServer = await wrap(key, server, BY_SERVER + id);
  const byPhrase = await wrap(key, own, BY_PHRASE + id);
  const { display_name: name, company } = who.me;
  const head = { id, name, company, salt, byServer, phraseSalt, rounds: ROUNDS, byPhrase };
  const kept = await unwrap(byServer, server, BY_SERVER + id);
  if (!kept) throw new Error("a key that was just wrapped is there");
  return [head, kept];
}

/** Its key, by what the server hands to its user; nothing when the user has none or it is another. */
export async function keyByServer(head: Head): Promise<CryptoKey | undefined> {
  try {
    const by = await keyOfSecret((await deviceKey(head.id)).secret, head.salt);
    return await unwrap(head.byServer, by, BY_SERVER + head.id);
  } catch (error) {
    if (error instanceof Refusal && error.status === 404) return undefined;
    throw error;
  }
}

/** Its key, by the phrase; nothing when it is another. */
export async function keyByPhrase(head: Head, phrase: string): Promise<CryptoKey | undefined> {
  const by = await keyOfPhrase(phrase, head.phraseSalt, head.rounds);
  return unwrap(head.byPhrase, by, BY_PHRASE + head.id);
}
