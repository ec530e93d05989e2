// How sheets came to their lines, in words.
import type { Say, Word } from "../../words";

const KINDS: Record<string, Word> = {
  all: "count.kindAll",
  places: "count.kindPlaces",
  items: "count.kindItems",
  as_counted: "count.kindAsCounted",
  cycle: "count.kindCycle",
  zero: "count.kindZero",
};

export function kindWord(say: Say, kind: string): string {
  const word = KINDS[kind];
  return word ? say(word) : kind;
}
