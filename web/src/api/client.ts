// The door to the server: typed by the contract, with a key for each write, and refusals as errors.
import createClient from "openapi-fetch";
import { setClock } from "../shift/clock";
import type { components, paths } from "./contract";

export type Schemas = components["schemas"];

const client = createClient<paths>({ baseUrl: "/", headers: { "X-Purser": "desk" } });

/** In whose name this page asks, and in which company; nothing before it knows. */
let mine: string | undefined;

// Another page of the browser may sign in another user, or go on in another company: what this page
// shows is not theirs, and what it asks is not done in their name.
client.use({
  onRequest({ request, schemaPath }) {
    const isMeant = request.headers.has("X-Purser-User");
    if (mine && !isMeant && !schemaPath.startsWith("/api/v1/session")) {
      request.headers.set("X-Purser-User", mine);
    }
    return request;
  },
});

/** A refusal: what is wrong, with the numbers, and what to do. */
export class Refusal extends Error {
  constructor(
    readonly code: string,
    detail: string,
    readonly status: number,
    readonly place: Schemas["Place"] | undefined,
  ) {
    super(detail);
  }
}

type Told = { data?: unknown; error?: unknown; response: Response };

function isProblem(value: unknown): value is Schemas["ProblemDocument"] {
  return typeof value === "object" && value !== null && "code" in value && "detail" in value;
}

function answered(told: Told): unknown {
  if (told.response.ok) return told.data;
  if (isProblem(told.error)) {
    const { code, detail, place } = told.error;
    throw new Refusal(code, detail, told.response.status, place ?? undefined);
  }
  throw new Refusal("no_answer", told.response.statusText, told.response.status, undefined);
}

type Ok<O> = O extends { responses: { 200: { content: { "application/json": infer A } } } }
  ? A
  : never;
type Page = { lines: unknown[]; next_cursor?: string };

/** The paths of lists. */
export type ListPath = {
  [P in keyof paths]: paths[P] extends { get: infer O } ? (Ok<O> extends Page ? P : never) : never;
}[keyof paths];
/** A line of a list. */
export type Row<P extends ListPath> = paths[P] extends { get: infer O }
  ? Ok<O> extends { lines: (infer L)[] }
    ? L
    : never
  : never;
/** The names of a list's filters. */
export type FilterName<P extends ListPath> = paths[P] extends {
  get: { parameters: { query?: infer Q } };
}
  ? Exclude<keyof NonNullable<Q> & string, "cursor" | "limit" | "format">
  : never;
export type Filters<P extends ListPath> = Partial<
  Record<FilterName<P> | "cursor" | "limit", string>
>;

/** A page of a list. */
export async function list<P extends ListPath>(
  path: P,
  query: Filters<P>,
): Promise<{ lines: Row<P>[]; next_cursor?: string }> {
  const told = client.GET(path as never, { params: { query } } as never) as Promise<Told>;
  return answered(await told) as { lines: Row<P>[]; next_cursor?: string };
}

/** The address of a whole list as a file. */
export function fileAddress(
  path: ListPath,
  query: Record<string, string>,
  format: "csv" | "xlsx",
): string {
  return `${path}?${new URLSearchParams({ ...query, format })}`;
}

type RecordPath = Extract<keyof paths, `${string}/{id}`>;

/** One record. */
export async function record<P extends RecordPath>(
  path: P,
  id: string,
): Promise<Ok<paths[P]["get"]>> {
  const told = client.GET(path as never, { params: { path: { id } } } as never) as Promise<Told>;
  return answered(await told) as Ok<paths[P]["get"]>;
}

/** The paths of verbs. */
export type VerbPath = {
  [P in keyof paths]: paths[P] extends { post: object } ? P : never;
}[keyof paths];
export type Asked<P extends VerbPath> = paths[P] extends {
  post: { requestBody: { content: { "application/json": infer B } } };
}
  ? B
  : undefined;
type Done<P extends VerbPath> = paths[P] extends { post: infer O } ? Ok<O> : never;

/** Does something, once for a key: a repeat with it gets the first answer. */
export async function act<P extends VerbPath>(
  path: P,
  body: Asked<P>,
  key: string = crypto.randomUUID(),
): Promise<Done<P>> {
  const params = { header: { "Idempotency-Key": key } };
  const told = client.POST(path as never, { params, body: body ?? {} } as never) as Promise<Told>;
  return answered(await told) as Done<P>;
}

/** How long an answer is waited for, in milliseconds. */
const LONGEST = 45_000;

/** Sends what was made before, under its own key, and only in the name of its own user. */
export async function send(
  path: VerbPath,
  body: unknown,
  key: string,
  meantFor: string,
): Promise<unknown> {
  const header = { "Idempotency-Key": key };
  const headers = { "X-Purser-User": meantFor };
  // A wire that hangs is one that is cut: the answer is asked for again under the same key.
  const signal = AbortSignal.timeout(LONGEST);
  const told = client.POST(path as never, { params: { header }, headers, body, signal } as never);
  return answered(await (told as Promise<Told>));
}

/** How far one's own request is that is being worked on under a key. */
export async function openingProgress(key: string): Promise<Schemas["RequestProgress"]> {
  const params = { header: { "Idempotency-Key": key } };
  const told = await client.GET("/api/v1/opening-progress", { params });
  return answered(told) as Schemas["RequestProgress"];
}

/** One's own second factor. */
export async function secondFactor(): Promise<Schemas["SecondFactor"]> {
  return answered(await client.GET("/api/v1/me/second-factor")) as Schemas["SecondFactor"];
}

/** One's own device key; there is none until it was made. */
export async function deviceKey(meantFor: string): Promise<Schemas["DeviceKey"]> {
  const headers = { "X-Purser-User": meantFor };
  return answered(await client.GET("/api/v1/me/device-key", { headers })) as Schemas["DeviceKey"];
}

/** One's own device key, made when there was none. */
export async function makeDeviceKey(meantFor: string): Promise<Schemas["DeviceKey"]> {
  const headers = { "X-Purser-User": meantFor };
  const told = await client.POST("/api/v1/me/device-key", { headers, body: {} });
  return answered(told) as Schemas["DeviceKey"];
}

/**
 * Sends a file to be taken over, or only tried. It needs no key: the same file a second time changes
 * nothing.
 */
export async function importFile(
  path: string,
  file: string,
  dryRun: boolean,
): Promise<Schemas["ImportReport"]> {
  const told = client.POST(
    `/api/v1${path}` as never,
    {
      params: { query: { dry_run: dryRun } },
      headers: { "Content-Type": "text/csv" },
      body: file,
      bodySerializer: (text: string) => text,
    } as never,
  ) as Promise<Told>;
  return answered(await told) as Schemas["ImportReport"];
}

/** What is said of a file that is attached. */
export type AttachTo = paths["/api/v1/documents"]["post"]["parameters"]["query"];

/** Attaches a file to a record, once for a key. */
export async function attachFile(
  query: AttachTo,
  file: File,
  key: string = crypto.randomUUID(),
): Promise<Schemas["Attached"]> {
  const told = client.POST(
    "/api/v1/documents" as never,
    {
      params: { query, header: { "Idempotency-Key": key } },
      headers: { "Content-Type": file.type || "application/octet-stream" },
      body: file,
      bodySerializer: (whole: File) => whole,
    } as never,
  ) as Promise<Told>;
  return answered(await told) as Schemas["Attached"];
}

/** Who is signed in. */
export async function who(): Promise<Schemas["SignedIn"]> {
  const told = answered(await client.GET("/api/v1/session")) as Schemas["SignedIn"];
  setClock(told.me.now);
  const is = `${told.me.company_id}.${told.me.user_id}`;
  if (mine && mine !== is) window.location.reload();
  mine = is;
  return told;
}
