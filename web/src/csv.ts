// Files of rows as spreadsheets write them: read as they are, and written as the server reads them.

const SIGNS = [",", ";", "\t", "|"] as const;

/** What is wrong with the shape of a row. Rows are counted as a spreadsheet does, the headings first. */
export type Fault = { row: number } & (
  | { kind: "unclosed" | "afterQuote" }
  | { kind: "ragged"; got: number; due: number }
  | { kind: "twice"; name: string }
);

interface Sheet {
  headings: string[];
  /** As many cells as there are headings in each, unless it is told among the faults. */
  rows: string[][];
  faults: Fault[];
}

/** The sign between the cells of a file: the one that its headings have most of. */
function signOf(text: string): string {
  const headings = text.slice(0, text.search(/\r|\n|$/)).replace(/"[^"]*"/g, "");
  const often = (sign: string) => headings.split(sign).length;
  return SIGNS.reduce((best, sign) => (often(sign) > often(best) ? sign : best));
}

/** The records of a file. Quoted cells may have signs and lines in them. Nothing is mended. */
function recordsOf(text: string): { records: string[][]; faults: Fault[] } {
  const sign = signOf(text);
  const records: string[][] = [];
  const faults: Fault[] = [];
  let record: string[] = [];
  let cell = "";
  let state: "plain" | "quoted" | "closed" = "plain";
  const endCell = () => {
    record.push(cell);
    cell = "";
    state = "plain";
  };
  const endRecord = () => {
    endCell();
    records.push(record);
    record = [];
  };
  const note = (kind: "unclosed" | "afterQuote") => {
    const row = records.length + 1;
    if (faults.at(-1)?.row !== row) faults.push({ row, kind });
  };
  for (let at = 0; at < text.length; at++) {
    const char = text[at] ?? "";
    if (state === "quoted") {
      if (char !== '"') cell += char;
      else if (text[at + 1] === '"') cell += text[at++];
      else state = "closed";
    } else if (char === sign) endCell();
    else if (char === "\n" || char === "\r") {
      if (char === "\r" && text[at + 1] === "\n") at++;
      endRecord();
    } else if (state === "closed") {
      note("afterQuote");
      cell += char;
    } else if (char === '"' && cell === "") state = "quoted";
    else cell += char;
  }
  if ((state as string) === "quoted") note("unclosed");
  if (cell !== "" || record.length > 0) endRecord();
  return { records, faults };
}

/** A file with headings, and every row whose shape is not sound. */
export function readCsv(text: string): Sheet {
  const { records, faults } = recordsOf(text.replace(/^\uFEFF/, ""));
  const [first = [], ...rows] = records;
  const headings = first.map((heading) => heading.trim());
  const due = headings.length;
  const known = new Set(faults.map(({ row }) => row));
  rows.forEach((cells, at) => {
    const row = at + 2;
    // A line with nothing in it is no row, but is counted.
    const isEmpty = cells.every((cell) => cell === "");
    if (cells.length === due || isEmpty || known.has(row)) return;
    faults.push({ row, kind: "ragged", got: cells.length, due });
  });
  headings.forEach((name, at) => {
    if (name !== "" && headings.indexOf(name) < at) faults.push({ row: 1, kind: "twice", name });
  });
  faults.sort((a, b) => a.row - b.row);
  return { headings, rows, faults };
}

/** A file of records. */
export function writeCsv(records: string[][]): string {
  const cell = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return records.map((record) => `${record.map(cell).join(",")}\n`).join("");
}

/** The text of a file, in UTF-8 or, when it is not that, as old spreadsheets write it. */
export async function textOf(file: File): Promise<string> {
  const bytes = await file.arrayBuffer();
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}

/** Hands a file to the reader. No cell of it runs in a spreadsheet. */
export function download(name: string, records: string[][]) {
  const safe = records.map((record) =>
    record.map((text) => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text)),
  );
  const address = URL.createObjectURL(new Blob([writeCsv(safe)], { type: "text/csv" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
