// The files of an opening in the form: chosen, read by the server one by one, and mended one by one. What is
// right stays when another is replaced.
import { useCallback, useRef, useState } from "react";
import { act, type Schemas } from "../../api/client";
import { type Chosen, chosenOf, named, placeOf } from "./placing";

type Sheet = Schemas["OpeningFile"];
export type FileError = Schemas["FileError"];

/** A file in its place. */
export interface Placed extends Chosen {
  /** How many rows it has; none while it is being read, or when it has errors. */
  rows?: number;
  /** What is wrong with it, as it is written or as a trial run found. */
  errors: FileError[];
  /** Why it was not read. */
  failed?: unknown;
}

type Places = Record<string, Placed>;

export function useFiles(sheets: Sheet[], changed: () => void) {
  const [places, setPlaces] = useState<Places>({});
  const [unplaced, setUnplaced] = useState<Chosen[]>([]);
  const latest = useRef<Places>({});
  const keep = useCallback((next: Places) => {
    latest.current = next;
    setPlaces(next);
  }, []);

  /** What was told of a file, unless another is there by now. */
  const note = (file: string, of: Placed, told: Partial<Placed>) => {
    if (latest.current[file] !== of) return;
    keep({ ...latest.current, [file]: { ...of, ...told } });
  };

  const put = async (file: string, chosen: Chosen) => {
    changed();
    const placed: Placed = { ...chosen, errors: [] };
    keep({ ...latest.current, [file]: placed });
    const sheet = sheets.find((one) => one.file === file);
    if (!sheet || chosen.faults.length > 0) return;
    const text = named(sheet, chosen);
    try {
      const { files } = await act("/api/v1/opening-files/read", { files: { [file]: text } });
      const [read] = files;
      const errors = read?.errors ?? [];
      note(file, placed, { text, errors, rows: errors.length > 0 ? undefined : (read?.rows ?? 0) });
    } catch (failed) {
      note(file, placed, { failed });
    }
  };

  const add = async (files: File[]) => {
    for (const file of files) {
      const chosen = await chosenOf(file);
      const place = placeOf(sheets, chosen);
      if (place) await put(place, chosen);
      else setUnplaced((before) => [...before, chosen]);
    }
  };

  return {
    places,
    unplaced,
    add,
    putFile: async (file: string, chosen: File) => put(file, await chosenOf(chosen)),
    /** Says which file one is that its name and headings do not tell; none leaves it out. */
    place: (chosen: Chosen, file: string | undefined) => {
      setUnplaced((before) => before.filter((one) => one !== chosen));
      if (file) put(file, chosen);
    },
    remove: (file: string) => {
      changed();
      const { [file]: _, ...rest } = latest.current;
      keep(rest);
    },
    /** What a trial run found wrong, by file; what it does not name is right. */
    tell: (errors: FileError[]) => {
      const told = Object.entries(latest.current).map(([file, placed]) => {
        const own = errors.filter((error) => error.file === file);
        return [file, { ...placed, errors: own }] as const;
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
