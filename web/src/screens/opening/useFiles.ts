// The files of an opening in the form: chosen, read by the server one by one, and mended one by one. What is
// right stays when another is replaced.
import { useCallback, useRef, useState } from "react";
import { act, type Schemas } from "../../api/client";
import { tell } from "../../house/tell";
import { useWords } from "../../words";
import { type Chosen, chosenOf, named, placeOf } from "./placing";

type Sheet = Schemas["OpeningFile"];
export type FileError = Schemas["FileError"];

/** A file in its place. */
export interface Placed extends Chosen {
  /** How many rows it has; none while it is being read, or when it has errors. */
  rows?: number;
  /** How many errors it has, as it is written or as a trial run found. */
  wrong: number;
  /** Those that are told. */
  errors: FileError[];
  /** Why it was not read. */
  failed?: unknown;
}

type Places = Record<string, Placed>;
/** What is sent of each file. */
export type Texts = Record<string, string>;

export function useFiles(sheets: Sheet[]) {
  const say = useWords();
  const [places, setPlaces] = useState<Places>({});
  const [unplaced, setUnplaced] = useState<Chosen[]>([]);
  const [choosing, setChoosing] = useState(0);
  const latest = useRef<Places>({});
  const keep = useCallback((next: Places) => {
    latest.current = next;
    setPlaces(next);
  }, []);

  /** What was told of a file, unless another is there by now. */
  const note = (file: string, { id }: Chosen, told: Partial<Placed>) => {
    const there = latest.current[file];
    if (there?.id !== id) return;
    keep({ ...latest.current, [file]: { ...there, ...told } });
  };

  /** Reads a chosen file; what is none, such as a folder, or cannot be read, is told by name. */
  const choose = async (file: File): Promise<Chosen | undefined> => {
    try {
      return await chosenOf(file);
    } catch {
      tell(say, "wrong", say("opening.unread", { name: file.name }));
      return undefined;
    }
  };

  const put = async (file: string, chosen: Chosen) => {
    keep({ ...latest.current, [file]: { ...chosen, wrong: 0, errors: [] } });
    const sheet = sheets.find((one) => one.file === file);
    if (!sheet || chosen.faults.length > 0) return;
    const text = named(sheet, chosen);
    try {
      const { files } = await act("/api/v1/opening-files/read", { files: { [file]: text } });
      const [read] = files;
      const { rows, wrong, errors } = read ?? { rows: 0, wrong: 0, errors: [] };
      note(file, chosen, { text, wrong, errors, rows: wrong > 0 ? undefined : rows });
    } catch (failed) {
      note(file, chosen, { failed });
    }
  };

  const add = async (files: File[]) => {
    const claimed = new Set<string>();
    setChoosing((before) => before + 1);
    for (const file of files) {
      const chosen = await choose(file);
      if (!chosen) continue;
      const place = placeOf(sheets, chosen);
      const there = place && latest.current[place];
      // A file that was mended has its name and takes its place; any other for the same place is asked about.
      const isMended = there && there.name === chosen.name && !claimed.has(place);
      if (place && (!there || isMended)) {
        claimed.add(place);
        await put(place, chosen);
      } else setUnplaced((before) => [...before, chosen]);
    }
    setChoosing((before) => before - 1);
  };

  const putFile = async (file: string, from: File) => {
    setChoosing((before) => before + 1);
    const chosen = await choose(from);
    if (chosen) await put(file, chosen);
    setChoosing((before) => before - 1);
  };

  return {
    places,
    unplaced,
    /** Whether files that were chosen are still being read. */
    isChoosing: choosing > 0,
    add,
    putFile,
    /** Says which file one is that its name and headings do not tell; none leaves it out. */
    place: (chosen: Chosen, file: string | undefined) => {
      setUnplaced((before) => before.filter((one) => one !== chosen));
      if (file) put(file, chosen);
    },
    remove: (file: string) => {
      const { [file]: _, ...rest } = latest.current;
      keep(rest);
    },
    /** What a trial run found wrong in the files that it was of; what it does not name is right. */
    tell: (sent: Texts, errors: FileError[]) => {
      const told = Object.entries(latest.current).map(([file, placed]) => {
        if (sent[file] !== placed.text) return [file, placed] as const;
        const own = errors.filter((error) => error.file === file);
        return [file, { ...placed, wrong: own.length, errors: own }] as const;
      });
      keep(Object.fromEntries(told));
    },
  };
}

/** Whether all that is there can be tried. */
export function areSound(places: Places, sheets: Sheet[]): boolean {
  const all = Object.values(places);
  const needed = sheets.every((sheet) => !sheet.required || places[sheet.file]);
  return needed && all.every((one) => one.rows !== undefined && one.faults.length === 0);
}

export function rowsOf(places: Places): number {
  return Object.values(places).reduce((sum, one) => sum + (one.rows ?? 0), 0);
}
