// What is done on the device and waits to be sent: a request as the contract has it, its key, when it
// was done and what its user sees of it.
import type { Asked } from "../api/client";

/** What can be done without a network, and where it goes. */
export const PATHS = {
  receive: "/api/v1/receipts",
  put_away: "/api/v1/putaways",
  count: "/api/v1/counts/count",
  pick: "/api/v1/pick-lists/pick",
  dispatch: "/api/v1/transfers/send",
  arrive: "/api/v1/transfers/receive",
} as const;

export type Kind = keyof typeof PATHS;
type Body<K extends Kind> = Asked<(typeof PATHS)[K]>;
/** A request of any kind. */
export type Task = { [K in Kind]: { kind: K; body: Body<K> } }[Kind];

/** The document that it is about. */
export interface About {
  id: string;
  number: string;
}

interface Problem {
  code: string;
  detail: string;
  line?: number;
}

interface Record {
  /** The request's key, made here and kept for every time that it is sent. */
  key: string;
  order: number;
  /** When it was done. */
  at: string;
  about: About;
  /** What its user sees of each line's goods. */
  said: string[];
  state: "waiting" | "sent" | "refused";
  /** How often it was sent. */
  tries: number;
  problem?: Problem;
  /** The number of what it became. */
  number?: string;
  sentAt?: string;
  /** When it went into a file: until it is imported here again, it is sent from there alone. */
  exportedAt?: string;
  /** The keys that it had before it was set right. */
  was?: string[];
  /** Whether the document that was taken along has it in it. */
  settled?: boolean;
}

export type Act = Task & Record;

/** Whether it keeps its user from signing out. */
export const isOpen = (act: Act) => act.state !== "sent" && !act.exportedAt;

/** What was done with a document and does not stand in it yet. */
export function pending<K extends Kind>(acts: Act[], kind: K, id: string) {
  return acts.filter(
    (act): act is Extract<Act, { kind: K }> =>
      act.kind === kind && act.about.id === id && !act.settled,
  );
}
