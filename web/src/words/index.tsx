// What the desk says, in the reader's language.
import { createContext, type ReactNode, useContext, useEffect, useMemo } from "react";
import { type Formats, formats } from "../format";
import { usePreference } from "../house/preferences";
import { aheadDe } from "./ahead.de";
import { aheadEn } from "./ahead.en";
import { approvalsDe } from "./approvals.de";
import { approvalsEn } from "./approvals.en";
import { deskDe } from "./desk.de";
import { deskEn } from "./desk.en";
import { fieldsDe } from "./fields.de";
import { fieldsEn } from "./fields.en";
import { filesDe } from "./files.de";
import { filesEn } from "./files.en";
import { helpDe } from "./help.de";
import { helpEn } from "./help.en";
import { openingDe } from "./opening.de";
import { openingEn } from "./opening.en";
import { picksDe } from "./picks.de";
import { picksEn } from "./picks.en";
import { receivingDe } from "./receiving.de";
import { receivingEn } from "./receiving.en";
import { reportsDe } from "./reports.de";
import { reportsEn } from "./reports.en";
import { securityDe } from "./security.de";
import { securityEn } from "./security.en";
import { shiftDe } from "./shift.de";
import { shiftEn } from "./shift.en";
import { systemDe } from "./system.de";
import { systemEn } from "./system.en";
import { trailDe } from "./trail.de";
import { trailEn } from "./trail.en";
import { workDe } from "./work.de";
import { workEn } from "./work.en";

const en = {
  ...deskEn,
  ...fieldsEn,
  ...trailEn,
  ...workEn,
  ...approvalsEn,
  ...filesEn,
  ...aheadEn,
  ...openingEn,
  ...picksEn,
  ...securityEn,
  ...shiftEn,
  ...receivingEn,
  ...reportsEn,
  ...systemEn,
  ...helpEn,
};
const catalogues = {
  en,
  de: {
    ...deskDe,
    ...fieldsDe,
    ...trailDe,
    ...workDe,
    ...approvalsDe,
    ...filesDe,
    ...aheadDe,
    ...openingDe,
    ...picksDe,
    ...securityDe,
    ...shiftDe,
    ...receivingDe,
    ...reportsDe,
    ...systemDe,
    ...helpDe,
  },
} satisfies Record<string, Record<keyof typeof en, string>>;

/** A key of the catalogue. */
export type Word = keyof typeof en;
type HelpWord = keyof typeof helpEn;
type Titled<H> = H extends `help.${infer N}` ? Extract<Word, `page.${N}`> : never;
/** The title of a list that has help. */
export type ListTitle = Titled<HelpWord>;
export type Language = keyof typeof catalogues;
type Values = Record<string, string | number>;
/** Says a key, with the values put in. */
export type Say = (word: Word, values?: Values) => string;

interface Spoken {
  language: Language;
  locale: string;
  setLanguage: (language: Language) => void;
}

const Tongue = createContext<Spoken | undefined>(undefined);
const Zone = createContext<string | undefined>(undefined);

function preferred(): Language {
  return navigator.language.startsWith("de") ? "de" : "en";
}

/** Knows the reader's language: chosen, or the browser's. */
export function WordsProvider({ children }: { children: ReactNode }) {
  const [language, setLanguage] = usePreference<Language>("language", preferred());
  const own = navigator.languages.find((tag) => tag.startsWith(language));
  const locale = own ?? (language === "de" ? "de-DE" : "en-GB");
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const value = useMemo(() => ({ language, locale, setLanguage }), [language, locale, setLanguage]);
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
  const { language } = useTongue();
  return useMemo(() => {
    const catalogue = catalogues[language];
    return (word, values) =>
      catalogue[word].replace(/\{(\w+)\}/g, (_, name: string) => String(values?.[name] ?? ""));
  }, [language]);
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
