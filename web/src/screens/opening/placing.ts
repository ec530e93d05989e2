// Which of an opening's files a file is, and what is sent of it.
import type { Schemas } from "../../api/client";
import { type Fault, readCsv, textOf, writeCsv } from "../../csv";

type Sheet = Schemas["OpeningFile"];

/** A file as it was chosen; its text as the server reads it, when its shape is sound. */
export interface Chosen {
  /** By which it is known again; several may have one name. */
  id: string;
  name: string;
  text: string;
  headings: string[];
  faults: Fault[];
}

const plain = (text: string) => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");

/** Reads a file, whatever sign is between its cells. */
export async function chosenOf(file: File): Promise<Chosen> {
  const raw = await textOf(file);
  const { headings, rows, faults } = readCsv(raw);
  const cells = rows.map((row) => headings.map((_, at) => row[at] ?? ""));
  const text = writeCsv([headings, ...cells]);
  return { id: crypto.randomUUID(), name: file.name, text, headings, faults };
}

/** Whether a file has every column that another of its kind has to have. */
function has(sheet: Sheet, headings: string[]): boolean {
  const known = new Set(headings.map(plain));
  const needed = sheet.columns.filter((column) => column.required);
  return needed.length > 0 && needed.every((column) => known.has(plain(column.name)));
}

/** The file that something is: by its name, else by its headings when they fit one alone. */
export function placeOf(sheets: Sheet[], { name, headings }: Chosen): string | undefined {
  const stem = plain(name.replace(/\.[^.]*$/, ""));
  const named = sheets.find((sheet) => stem === plain(sheet.file));
  if (named) return named.file;
  const fits = sheets.filter((sheet) => has(sheet, headings));
  return fits.length === 1 ? fits[0]?.file : undefined;
}

/** The text with its headings as the server calls them. */
export function named(sheet: Sheet, { text, headings }: Chosen): string {
  const called = headings.map(
    (heading) =>
      sheet.columns.find((column) => plain(column.name) === plain(heading))?.name ?? heading,
  );
  const rows = text.slice(writeCsv([headings]).length);
  return writeCsv([called]) + rows;
}
