// The real binary on a company of three days, and a browser that looks at it.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { chromium } from "playwright-core";
import { freePort, freshDatabase } from "./cluster.mjs";

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const AXE = readFileSync(new URL("../node_modules/axe-core/axe.min.js", import.meta.url), "utf8");

/** Starts the binary on a database, a fresh one if none is given, and waits until it has told `last`. */
async function start(command, last, database, settings = {}) {
  const binary = process.env.PURSER ?? "../target/debug/purser";
  const { url, remove } = database ?? (await freshDatabase());
  const at = `127.0.0.1:${await freePort()}`;
  const args = ["--database", url, ...command, "--listen", at];
  const server = spawn(binary, args, { cwd: "..", env: { ...process.env, ...settings } });
  let told = "";
  await new Promise((resolve, reject) => {
    server.stdout.on("data", (data) => {
      told += data;
      if (told.includes(last)) resolve();
    });
    server.stderr.on("data", (data) => {
      told += data;
    });
    server.on("error", reject);
    server.on("exit", (code) => reject(new Error(`purser ended with ${code}: ${told}`)));
  });
  const stop = () => {
    server.removeAllListeners("exit");
    server.kill("SIGINT");
    remove();
  };
  return { base: `http://${at}`, told, stop, pid: server.pid };
}

/** Starts the demo; gives its address and each user's sign-in link. */
export async function startPurser(days = 3) {
  const { told, ...server } = await start(["demo", "--days", String(days)], "Ctrl+C ends");
  const links = new Map(
    [...told.matchAll(/^ {2}(\S+) +(http\S+#link=\S+)$/gm)].map(([, login, link]) => [login, link]),
  );
  return { ...server, links };
}

/** Starts the server on an empty database, as it is set; gives the address that sets it up. */
export async function startEmpty(settings) {
  const { told, ...server } = await start(["serve"], "purser user set-up", undefined, settings);
  return { ...server, setUp: told.match(/http\S+#token=\S+/)[0] };
}

/** Starts the server on a database that there is. */
export function startOn(database) {
  return start(["serve"], "Purser listens", database);
}

/** Starts a browser with a profile of its own. */
export async function startBrowser() {
  const profile = mkdtempSync(`${tmpdir()}/purser-browser-`);
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    headless: true,
    args: FLAGS,
    viewport: { width: 1280, height: 800 },
    acceptDownloads: true,
    locale: "en-GB",
    reducedMotion: "reduce",
  });
  const page = context.pages()[0] ?? (await context.newPage());
  const errors = [];
  page.on("pageerror", (error) => errors.push(`${page.url()}: ${error}`));
  page.on("console", (message) => {
    // A refusal is an answer, not an error of the page.
    const refusal = message.text().startsWith("Failed to load resource");
    if (message.type() === "error" && !refusal) errors.push(`${page.url()}: ${message.text()}`);
  });
  const stop = async () => {
    await context.close();
    rmSync(profile, { recursive: true, force: true });
  };
  return { page, errors, stop };
}

/** Goes to an address and waits until it shows what it asked for. */
export async function show(page, address) {
  await page.goto(address);
  await settled(page);
}

/** Waits until nothing is loading. */
export async function settled(page) {
  await page.waitForSelector('[data-loaded="true"]');
  await page.waitForFunction(
    () =>
      !document.querySelector(
        '[data-loaded="false"], .mantine-Skeleton-root, .mantine-Loader-root',
      ),
  );
}

/** Light or dark, whatever the reader chose before. */
export async function paint(page, scheme) {
  await page.evaluate(async (to) => {
    localStorage.setItem("mantine-color-scheme-value", to);
    document.documentElement.setAttribute("data-mantine-color-scheme", to);
    await new Promise(requestAnimationFrame);
    await Promise.allSettled(document.getAnimations().map((one) => one.finished));
  }, scheme);
}

/**
 * Serious and critical findings of axe on the page as it is; of all its rules, or of those alone that
 * depend on the colours.
 */
export async function findings(page, coloursOnly = false) {
  // By the debugger's own way in, which a page's policy does not concern.
  await page.evaluate(AXE);
  return page.evaluate(async (only) => {
    const rules = only ? { runOnly: { type: "rule", values: ["color-contrast"] } } : {};
    const { violations } = await window.axe.run(document, {
      resultTypes: ["violations"],
      ...rules,
    });
    return violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .map(({ id, nodes }) => {
        const first = nodes[0];
        return `${id} ×${nodes.length}: ${first.html.slice(0, 180)} — ${first.failureSummary}`;
      });
  }, coloursOnly);
}

/** As a scanner types: fast, into whatever has the focus, with Enter at the end. */
export function scanned(page, code) {
  return page.evaluate((text) => {
    const at = document.activeElement ?? document.body;
    const { set } = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value");
    const began = performance.now();
    for (const [place, key] of [...text, "Enter"].entries()) {
      const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
      // The time is the device's, however busy the page is.
      Object.defineProperty(event, "timeStamp", { value: began + 5 * place });
      at.dispatchEvent(event);
      if (key === "Enter" || !(at instanceof HTMLInputElement)) continue;
      set.call(at, at.value + key);
      at.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }, code);
}
