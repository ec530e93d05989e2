// Files of rows as spreadsheets write them: read, and written as the server reads them.

const SIGNS = [",", ";", "\t", "|"] as const;

/** The sign between the cells of a file: the one that its headings have most of. */
function signOf(text: string): string {
  const headings = text.slice(0, text.search(/\r|\n|$/)).replace(/"[^"]*"/g, "");
  const often = (sign: string) => headings.split(sign).length;
  return SIGNS.reduce((best, sign) => (often(sign) > often(best) ? sign : best));
}

/** The records of a file, the headings first. Quoted cells may have signs and lines in them. */
export function readCsv(text: string): string[][] {
  const sign = signOf(text);
  const records: string[][] = [];
  let record: string[] = [];
  let cell = "";
  let quoted = false;
  const endCell = () => {
    record.push(cell);
    cell = "";
  };
  const endRecord = () => {
    endCell();
    records.push(record);
    record = [];
  };
  for (let at = 0; at < text.length; at++) {
    const char = text[at] ?? "";
    if (quoted) {
      if (char !== '"') cell += char;
      else if (text[at + 1] === '"') cell += text[at++];
      else quoted = false;
    } else if (char === '"' && cell === "") quoted = true;
    else if (char === sign) endCell();
    else if (char === "\n") endRecord();
    else if (char !== "\r") cell += char;
  }
  if (cell !== "" || record.length > 0) endRecord();
  return records;
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
