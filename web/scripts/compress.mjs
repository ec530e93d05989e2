// Packs what was built, so that the server never has to, and tells what a first visit loads.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const files = readdirSync("dist", { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && /\.(js|css|svg|html)$/.test(entry.name))
  .map((entry) => `${entry.parentPath}/${entry.name}`);
const sizes = new Map();
for (const file of files) {
  const bytes = readFileSync(file);
  const gzip = gzipSync(bytes, { level: 9 });
  const quality = { [constants.BROTLI_PARAM_QUALITY]: 10 };
  writeFileSync(`${file}.gz`, gzip);
  writeFileSync(`${file}.br`, brotliCompressSync(bytes, { params: quality }));
  sizes.set(file, gzip.length);
}
const page = readFileSync("dist/index.html", "utf8");
const first = [...sizes].filter(([file]) => page.includes(file.replace("dist/", "/")));
const total = first.reduce((sum, [, size]) => sum + size, 0);
const limit = 300 * 1024;
const german = [...sizes].find(([file]) => /\/de-[^/]*\.js$/.test(file))?.[1] ?? 0;
const kilobytes = (bytes) => Math.round(bytes / 1024);
console.log(
  `first visit: ${kilobytes(total)} KB gzipped of ${kilobytes(limit)} KB; German ${kilobytes(german)} KB more`,
);
if (total > limit) {
  console.error("the first visit loads too much");
  process.exit(1);
}
