// The server's clock, as far as the device knows it: what is done without a network bears the day and
// the moment that the books would have given it.

/** By how much the server is ahead of the device, in milliseconds. */
let ahead = 0;

/** Learns the server's clock from what it just told. */
export function setClock(now: string) {
  const told = Date.parse(now);
  if (!Number.isNaN(told)) ahead = told - Date.now();
}

export const clockAhead = () => ahead;
export const keepClock = (kept: number) => {
  ahead = kept;
};

/** The moment that it is. */
export const momentNow = () => new Date(Date.now() + ahead).toISOString();

/** The day that it is in a time zone. */
export function dayNow(zone: string): string {
  const form = { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" } as const;
  return new Intl.DateTimeFormat("en-CA", form).format(new Date(Date.now() + ahead));
}
