// How long the desk takes from an input to what it shows, on a company of 100,000 items and a million
// moves. Figures, not a test: `make pace` prints them, docs/PERFORMANCE.md tells what was found.
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { scanned, settled, show, startBrowser, startOn } from "./browser.mjs";
import { spread, toLastPaint, toPaint } from "./clock.mjs";

const BINARY = process.env.PURSER ?? "../target/release/purser";
/** The folder of the company, which is made once and kept; each run works on a copy. */
const KEPT = process.env.PURSER_PACE_FOLDER ?? `${tmpdir()}/purser-pace`;
const ITEMS = process.env.PURSER_PACE_ITEMS ?? "100000";
const MOVES = process.env.PURSER_PACE_MOVES ?? "1000000";
const TIMES = Number(process.env.PURSER_PACE_TIMES ?? 30);
/** Parts of the run to do, by the beginning of their names; all when none is named. */
const ONLY = process.argv.slice(2);
/** A tick of /proc/PID/stat, in milliseconds. */
const TICK = 10;

if (!existsSync(KEPT)) {
  const part = `${KEPT}.part`;
  rmSync(part, { recursive: true, force: true });
  const desk = ["bench", "desk", "--items", ITEMS, "--moves", MOVES];
  execFileSync(BINARY, ["--database", `sqlite:${part}/purser.db`, ...desk], { stdio: "inherit" });
  renameSync(part, KEPT);
}
const folder = mkdtempSync(`${tmpdir()}/purser-pace-`);
// With what is still in the database's log.
cpSync(KEPT, folder, { recursive: true });
const url = `sqlite:${folder}/purser.db`;
const purser = await startOn({
  url,
  remove: () => rmSync(folder, { recursive: true, force: true }),
});
const { page, errors, stop } = await startBrowser();
const chrome = await page.context().newCDPSession(page);
// The processor's time, not the clock's: others work on the machine, too.
await chrome.send("Performance.enable", { timeDomain: "threadTicks" });

/** What the server and the page's main thread have worked so far, in milliseconds. */
async function worked() {
  // The name in brackets may hold blanks; after it, user and system time are the 12th and 13th.
  const fields = readFileSync(`/proc/${purser.pid}/stat`, "utf8").split(") ")[1].split(" ");
  const { metrics } = await chrome.send("Performance.getMetrics");
  const busy = metrics.find(({ name }) => name === "TaskDuration").value;
  return { server: (Number(fields[11]) + Number(fields[12])) * TICK, page: busy * 1_000 };
}

function tell(name, aim, times, before, after) {
  const { n, p50, p95 } = spread(times);
  const each = (of) => ((after[of] - before[of]) / n).toFixed(1);
  const row = [name, n, p50.toFixed(0), p95.toFixed(0), aim, each("server"), each("page")];
  console.log(`| ${row.join(" | ")} |`);
}

/** Measures one thing as often as it takes; `once` gets the number of the time. */
async function measure(name, aim, once, times = TIMES) {
  if (ONLY.length > 0 && !ONLY.some((one) => name.startsWith(one))) return;
  await once(-1);
  const took = [];
  const cost = { server: 0, page: 0 };
  for (let at = 0; at < times; at += 1) {
    took.push(
      await once(at, async (timed) => {
        const before = await worked();
        const time = await timed();
        const after = await worked();
        for (const of of ["server", "page"]) cost[of] += after[of] - before[of];
        return time;
      }),
    );
  }
  tell(name, aim, took, { server: 0, page: 0 }, cost);
}

const plain = (timed) => timed();
const row = () => page.locator("tbody tr").first();

/** In the page: another first row is there, and nothing is on its way. */
function otherRows() {
  const first = () => document.querySelector("tbody tr")?.textContent;
  const before = first();
  return () => first() !== before && !document.querySelector('[data-loaded="false"]');
}

/** In the page: the record at an address is there with all its parts. */
function recordAt(path) {
  const waits = '[data-loaded="false"], .mantine-Skeleton-root, .mantine-Loader-root';
  return () =>
    location.pathname === path &&
    document.querySelector("dl") !== null &&
    !document.querySelector(waits);
}

const CLICK = { type: "click" };

async function turn(name, address) {
  await measure(`${name}: next page`, 150, async (at, count = plain) => {
    if (at === -1) await show(page, purser.base + address);
    const next = page.getByRole("button", { name: "Next page" });
    const took = await count(() => toPaint(page, CLICK, otherRows, undefined, () => next.click()));
    return took;
  });
}

async function filter(name, address, label, words) {
  await measure(`${name}: ${label} typed`, 150, async (at, count = plain) => {
    if (at === -1) await show(page, purser.base + address);
    const field = page.getByRole("textbox", { name: label, exact: true }).first();
    const fill = () => field.fill(words(at + 1));
    return count(() => toPaint(page, { type: "input" }, otherRows, undefined, fill));
  });
}

async function choose(name, address, label, options) {
  await measure(`${name}: ${label} chosen`, 150, async (at, count = plain) => {
    // Afresh, so that the page has no answer yet.
    await show(page, purser.base + address);
    await page.getByRole("combobox", { name: label }).click();
    const option = page.getByRole("option", { name: options[(at + 1) % options.length] });
    return count(() => toPaint(page, CLICK, otherRows, undefined, () => option.click()));
  });
}

async function sort(name, address, headings) {
  await measure(`${name}: sorted`, 150, async (at, count = plain) => {
    const heading = headings[(at + 1) % headings.length];
    await show(page, purser.base + address);
    const title = page.locator("th").filter({ hasText: new RegExp(`^${heading}$`) });
    // Up first, so that down is another order.
    await title.click();
    await settled(page);
    await page.waitForTimeout(50);
    return count(() => toPaint(page, CLICK, otherRows, undefined, () => title.click()));
  });
}

async function open(name, address) {
  await measure(`${name} opens`, 200, async (at, count = plain) => {
    if (at % 45 === -1) await show(page, purser.base + address);
    const link = page.locator("tbody a.plain-link").nth(at + 1);
    const path = new URL(await link.evaluate((one) => one.href)).pathname;
    const took = await count(() => toPaint(page, CLICK, recordAt, path, () => link.click()));
    await page.goBack();
    await row().waitFor();
    await settled(page);
    return took;
  });
}

/** Asks the server as the page does. */
function ask(path, body) {
  return page.evaluate(
    async ([to, what]) => {
      const headers = { "content-type": "application/json", "x-purser": "desk" };
      headers["idempotency-key"] = crypto.randomUUID();
      const sent = { method: "POST", headers, body: JSON.stringify(what) };
      const answer = await fetch(`/api/v1${to}`, what ? sent : {});
      const told = await answer.json();
      if (!answer.ok) throw new Error(`${to}: ${told.detail}`);
      return told;
    },
    [path, body],
  );
}

async function palette() {
  const typed = ["blue lamp 4", "P0451", "gilt vase 99", "trial balance", "S07"];
  const keys = typed.flatMap((word) => [...word].map((key, place) => ({ key, place })));
  const first = [];
  const field = page.getByRole("combobox", { name: "Search or jump to …" });
  await show(page, `${purser.base}/`);
  await page.keyboard.press("Control+K");
  await field.waitFor();
  await measure(
    "palette: a key, all that it finds",
    50,
    async (at, count = plain) => {
      const { key, place } = keys[at + 1];
      if (place === 0) {
        await field.fill("");
        await page.waitForTimeout(500);
      }
      const press = () => page.keyboard.press(key === " " ? "Space" : key);
      const took = await count(async () => {
        const { first: seen, last } = await toLastPaint(page, "[data-palette]", 300, press);
        first.push(seen);
        return last;
      });
      return took;
    },
    keys.length - 1,
  );
  await page.keyboard.press("Escape");
  const { n, p50, p95 } = spread(first);
  if (n > 0)
    console.log(
      `|  of it: the letter itself | ${n} | ${p50.toFixed(0)} | ${p95.toFixed(0)} | | | |`,
    );
}

/** Goods are scanned off a pick list; the line shows one more. */
async function scan() {
  const sku = "P0451";
  const lines = [{ sku, quantity: String(TIMES + 10), price: "10" }];
  const sale = { channel: "WEB", country: "GB", external_ref: `PACE-${Date.now()}`, lines };
  const { order_id } = await ask("/sales-orders", sale);
  await ask("/pick-lists", { warehouse: "WH", order_ids: [order_id] });
  const [list] = (await ask(`/pick-lists?order_id=${order_id}`)).lines;
  await show(page, `${purser.base}/stock/picks/${list.list_id}`);
  await scanned(page, "WH/Stock");
  const taken = () => {
    const text = () => document.querySelector("main")?.textContent;
    const before = text();
    return () => text() !== before;
  };
  const enter = { type: "keydown", key: "Enter" };
  await measure("a scan, to the line that shows it", 100, async (_, count = plain) => {
    await page.waitForTimeout(100);
    return count(() => toPaint(page, enter, taken, undefined, () => scanned(page, sku)));
  });
}

/** 500 proposals become orders; the corner tells so. */
async function approve() {
  await measure("500 proposals approved", 2_000, async (_, count = plain) => {
    await show(page, `${purser.base}/buying/proposals?state=open`);
    await page.getByRole("checkbox", { name: "Select all of this page" }).check();
    await page.getByRole("button", { name: "Select the first 500 of the list" }).click();
    await page.getByText("500 selected").waitFor();
    const button = page.getByRole("button", { name: "Approve", exact: true });
    const told = () => () => document.body.textContent.includes("500 approved");
    const took = await count(() => toPaint(page, CLICK, told, undefined, () => button.click()));
    await settled(page);
    return took;
  });
}

/** What a first visit transfers before the page asks for data. */
async function firstLoad() {
  if (ONLY.length > 0) return;
  const entries = await page.evaluate(() =>
    [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
      .filter(({ name }) => !name.includes("/api/"))
      .map(({ encodedBodySize }) => encodedBodySize),
  );
  const size = entries.reduce((sum, one) => sum + one, 0);
  console.log(`first visit: ${entries.length} files, ${(size / 1024).toFixed(0)} KB packed`);
}

try {
  const link = ["user", "sign-in-link", "--login", "bench", "--at", purser.base];
  const address = execFileSync(BINARY, ["--database", url, ...link], { encoding: "utf8" }).trim();
  await page.goto(address);
  await page.waitForURL(`${purser.base}/`);
  await settled(page);
  await firstLoad();
  console.log("\n| what | n | p50, ms | p95, ms | aim, ms | server's CPU, ms | page's CPU, ms |");
  console.log("| --- | --- | --- | --- | --- | --- | --- |");
  const item = (at) => `P${String(1_500 + at * 37).padStart(4, "0")}`;
  await turn("items", "/stock/items");
  await filter("items", "/stock/items", "Search", (at) => String(1_013 + at * 37));
  await sort("items", "/stock/items", ["SKU", "Name"]);
  await turn("stock", "/stock/places");
  await filter("stock", "/stock/places", "SKU", item);
  await turn("moves", "/stock/movements");
  await filter("moves", "/stock/movements", "SKU", item);
  await turn("sales orders", "/sales/orders");
  await filter("sales orders", "/sales/orders", "Channel's number", (at) => `E${100 + at * 7}`);
  await choose("sales orders", "/sales/orders", "State", ["closed"]);
  await turn("invoices", "/sales/invoices");
  await turn("purchase orders", "/buying/orders");
  await filter(
    "purchase orders",
    "/buying/orders",
    "Supplier",
    (at) => `S${String(at % 20).padStart(2, "0")}`,
  );
  await choose("purchase orders", "/buying/orders", "State", ["closed"]);
  await turn("bills", "/buying/bills");
  await turn("proposals", "/buying/proposals");
  await turn("journal", "/books/journal");
  await turn("open items", "/books/open-items");
  await turn("audit trail", "/system/audit");
  await open("an item", "/stock/items");
  await open("a sales order", "/sales/orders");
  await open("a purchase order", "/buying/orders");
  await palette();
  await scan();
  await approve();
  if (errors.length > 0) console.error(errors);
} catch (error) {
  await page.screenshot({ path: "screenshots/failed-pace.png" }).catch(() => undefined);
  console.error(error, errors);
  process.exitCode = 1;
} finally {
  await stop();
  purser.stop();
}
