// What lies on the device, in its own database: heads that anybody may read, and under each what is
// sealed for its user alone.

/** Something encrypted, with what it was begun with. */
export interface Sealed {
  iv: Uint8Array<ArrayBuffer>;
  data: ArrayBuffer;
}

/** Whose something is, and how its key is come by. Nothing of it is secret. */
export interface Head {
  /** Company and user, as `1.7`. */
  id: string;
  name: string;
  company: string;
  /** The key, under what the server hands to this user's sessions. */
  salt: Uint8Array<ArrayBuffer>;
  byServer: Sealed;
  /** The key, under the user's own phrase. */
  phraseSalt: Uint8Array<ArrayBuffer>;
  rounds: number;
  byPhrase: Sealed;
}

/** A document, sealed. */
interface KeptDocument {
  vault: string;
  name: string;
  sealed: Sealed;
}

/** Something done, sealed; what is open was neither sent nor given up nor exported. */
export interface KeptAct {
  vault: string;
  key: string;
  order: number;
  open: boolean;
  sealed: Sealed;
}

const NAME = "purser";
const STORES = { heads: "id", documents: ["vault", "name"], acts: ["vault", "key"] } as const;
type Store = keyof typeof STORES;

let opened: Promise<IDBDatabase> | undefined;

function answered<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function database(): Promise<IDBDatabase> {
  if (!opened) {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      for (const [store, keyPath] of Object.entries(STORES)) {
        request.result.createObjectStore(store, { keyPath: keyPath as string | string[] });
      }
    };
    opened = answered(request);
    opened.catch(() => {
      opened = undefined;
    });
  }
  return opened;
}

/** Writes at once or not at all; answers when it is on the disk. */
async function written(stores: Store[], work: (store: (name: Store) => IDBObjectStore) => void) {
  const tx = (await database()).transaction(stores, "readwrite", { durability: "strict" });
  const end = new Promise<void>((resolve, reject) => {
    tx.oncomplete = () => resolve();
    tx.onabort = () => reject(tx.error);
  });
  work((name) => tx.objectStore(name));
  await end;
}

async function all<T>(store: Store, range?: IDBKeyRange): Promise<T[]> {
  const tx = (await database()).transaction(store, "readonly");
  return answered<T[]>(tx.objectStore(store).getAll(range));
}

const of = (vault: string) => IDBKeyRange.bound([vault], [vault, []]);

export const heads = () => all<Head>("heads");
export const allActs = () => all<KeptAct>("acts");
export const actsOf = (vault: string) => all<KeptAct>("acts", of(vault));
export const documentsOf = (vault: string) => all<KeptDocument>("documents", of(vault));

/** Writes a head that is new: one that is there has the only ways to its vault's key, and stays. */
export const addHead = (head: Head) => written(["heads"], (store) => store("heads").add(head));
export const putDocument = (one: KeptDocument) =>
  written(["documents"], (store) => store("documents").put(one));
export const removeDocument = (vault: string, name: string) =>
  written(["documents"], (store) => store("documents").delete([vault, name]));
export const removeAct = (vault: string, key: string) =>
  written(["acts"], (store) => store("acts").delete([vault, key]));

/** Writes acts, all or none; those that are replaced go in the same moment. */
export const putActs = (acts: KeptAct[], replaced: string[] = []) =>
  written(["acts"], (store) => {
    for (const act of acts) store("acts").put(act);
    for (const key of replaced) store("acts").delete([acts[0]?.vault ?? "", key]);
  });

/** Forgets documents and acts of a user, all or none; with the last of them the head goes, too. */
export const forget = (vault: string, documents: string[], acts: string[], whole: boolean) =>
  written(["heads", "documents", "acts"], (store) => {
    for (const name of documents) store("documents").delete([vault, name]);
    for (const key of acts) store("acts").delete([vault, key]);
    if (whole) store("heads").delete(vault);
  });
