// What the desk says, in the reader's language.
import { createContext, type ReactNode, use, useContext, useEffect, useMemo } from "react";
import { type Formats, formats } from "../format";
import { usePreference } from "../house/preferences";
import { adjustEn } from "./adjust.en";
import { aheadEn } from "./ahead.en";
import { approvalsEn } from "./approvals.en";
import { buyingEn } from "./buying.en";
import { costingEn } from "./costing.en";
import { countingEn } from "./counting.en";
import { deskEn } from "./desk.en";
import { fieldsEn } from "./fields.en";
import { filesEn } from "./files.en";
import { helpEn } from "./help.en";
import { masterEn } from "./master.en";
import { moneyEn } from "./money.en";
import { openingEn } from "./opening.en";
import { picksEn } from "./picks.en";
import { putAwayEn } from "./putAway.en";
import { receivingEn } from "./receiving.en";
import { reportsEn } from "./reports.en";
import { rolesEn } from "./roles.en";
import { securityEn } from "./security.en";
import { shiftEn } from "./shift.en";
import { systemEn } from "./system.en";
import { trailEn } from "./trail.en";
import { workEn } from "./work.en";

const en = {
  ...costingEn,
  ...deskEn,
  ...fieldsEn,
  ...trailEn,
  ...workEn,
  ...approvalsEn,
  ...filesEn,
  ...aheadEn,
  ...openingEn,
  ...picksEn,
  ...masterEn,
  ...moneyEn,
  ...adjustEn,
  ...buyingEn,
  ...putAwayEn,
  ...countingEn,
  ...securityEn,
  ...shiftEn,
  ...receivingEn,
  ...reportsEn,
  ...rolesEn,
  ...systemEn,
  ...helpEn,
};
/** A key of the catalogue. */
export type Word = keyof typeof en;
type HelpWord = keyof typeof helpEn;
type Titled<H> = H extends `help.${infer N}` ? Extract<Word, `page.${N}`> : never;
/** The title of a list that has help. */
export type ListTitle = Titled<HelpWord>;
export type Language = "en" | "de";
/** All that the desk says, in one language. */
export type Catalogue = Record<Word, string>;
type Values = Record<string, string | number>;
/** Says a key, with the values put in. */
export type Say = (word: Word, values?: Values) => string;

interface Spoken {
  language: Language;
  catalogue: Catalogue;
  locale: string;
  setLanguage: (language: Language) => void;
}

const Tongue = createContext<Spoken | undefined>(undefined);
const Zone = createContext<string | undefined>(undefined);

function preferred(): Language {
  return navigator.language.startsWith("de") ? "de" : "en";
}

let german: Promise<Catalogue> | undefined;

/** German is fetched by who reads it; who cannot fetch it reads English. */
function inGerman(): Promise<Catalogue> {
  german ??= import("./de").then(
    ({ de }) => de,
    () => en,
  );
  return german;
}

/** Knows the reader's language: chosen, or the browser's. Suspends until it can be spoken. */
export function WordsProvider({ children }: { children: ReactNode }) {
  const [language, setLanguage] = usePreference<Language>("language", preferred());
  const own = navigator.languages.find((tag) => tag.startsWith(language));
  const locale = own ?? (language === "de" ? "de-DE" : "en-GB");
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const catalogue = language === "de" ? use(inGerman()) : en;
  const value = useMemo(
    () => ({ language, catalogue, locale, setLanguage }),
    [language, catalogue, locale, setLanguage],
  );
  return <Tongue.Provider value={value}>{children}</Tongue.Provider>;
}

/** The time zone in which moments are told. */
export const ZoneProvider = Zone.Provider;

export function useTongue(): Spoken {
  const spoken = useContext(Tongue);
  if (!spoken) throw new Error("words are said inside a WordsProvider");
  return spoken;
}

export function useWords(): Say {
  const { catalogue } = useTongue();
  return useMemo(
    () => (word, values) =>
      catalogue[word].replace(/\{(\w+)\}/g, (_, name: string) => String(values?.[name] ?? "")),
    [catalogue],
  );
}

export function useFormats(): Formats {
  const { locale } = useTongue();
  const zone = useContext(Zone);
  return formats(locale, zone);
}

function known(key: string): key is Word {
  return key in en;
}

const spaced = (name: string) => name.replaceAll("_", " ");

/** The word of a state, or the state itself where the catalogue has none. */
export function stateWord(say: Say, state: string, otherwise = spaced(state)): string {
  const word = `s.${state}`;
  return known(word) ? say(word) : otherwise;
}

/** The word of what an account is for. */
export function roleWord(say: Say, role: string): string {
  const word = `role.${role}`;
  return known(word) ? say(word) : spaced(role);
}

/** The word of something done, by its permission. */
export function verbWord(say: Say, verb: string): string {
  const word = `v.${verb}`;
  return known(word) ? say(word) : spaced(verb.split(".").at(-1) ?? verb);
}

/** What a list is for, in a word. */
export function helpWord(title: ListTitle): Word {
  return title.replace("page.", "help.") as HelpWord;
}

/** All that the trail has words for. */
export const VERBS = Object.keys(trailEn)
  .filter((key) => key.startsWith("v."))
  .map((key) => key.slice(2))
  .sort();

/** The word of a field, by its name in the contract. */
export function fieldWord(say: Say, name: string): string {
  const camel = name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
  for (const word of [`f.${camel}`, `d.${name}`]) if (known(word)) return say(word);
  return spaced(name);
}

/** The word of what an import takes over. */
export function importWord(say: Say, name: string): string {
  const word = `import.of.${name}`;
  return known(word) ? say(word) : name.replaceAll("-", " ");
}
