// Decimals as text, reckoned exactly: only for what the server does not know yet.

const MICRO = 1_000_000n;

function micro(text: string): bigint {
  const [, sign, whole = "0", part = ""] = /^(-?)(\d+)(?:\.(\d{1,6}))?$/.exec(text) ?? [];
  const value = BigInt(whole) * MICRO + BigInt(part.padEnd(6, "0"));
  return sign ? -value : value;
}

function text(value: bigint): string {
  const size = value < 0n ? -value : value;
  const part = String(size % MICRO)
    .padStart(6, "0")
    .replace(/0+$/, "");
  return `${value < 0n ? "-" : ""}${size / MICRO}${part && `.${part}`}`;
}

export const plus = (one: string, other: string) => text(micro(one) + micro(other));
export const times = (one: string, other: string) => text((micro(one) * micro(other)) / MICRO);

/** What is left of something, and nothing when more was taken. */
export function left(of: string, ...taken: string[]): string {
  const rest = taken.reduce((so, one) => so - micro(one), micro(of));
  return text(rest > 0n ? rest : 0n);
}
