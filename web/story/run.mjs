// The story of a day at the desk, against the real binary: a buyer orders, a leader approves, and
// every screen is fit for every reader.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { findings, paint, settled, show, startBrowser, startPurser } from "./browser.mjs";
import { screens } from "./screens.mjs";

const began = Date.now();
const seconds = () => `${((Date.now() - began) / 1000).toFixed(1)} s`;
const purser = await startPurser();
console.log(`the demo serves after ${seconds()}`);
const { page, errors, stop } = await startBrowser();

async function signIn(login) {
  await page.goto("about:blank");
  await page.goto(purser.links.get(login));
  await page.waitForURL(`${purser.base}/`);
  await settled(page);
}

const told = () => page.locator(".mantine-Notification-description").last().innerText();
const press = (name) => page.getByRole("button", { name, exact: true }).first().click();

async function buyerOrders() {
  await signIn("anna.buyer");
  const offers = await page.evaluate(async () => {
    const answer = await fetch("/api/v1/offers?limit=1");
    return (await answer.json()).lines;
  });
  await show(page, `${purser.base}/buying/orders/new`);
  await page.getByRole("combobox", { name: "Supplier" }).fill(offers[0].supplier);
  await page.getByRole("option").first().click();
  // Two lines as a spreadsheet gives them.
  const first = page.getByLabel("SKU, Line 1");
  await first.evaluate((field, text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", text);
    field.dispatchEvent(
      new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }),
    );
  }, `${offers[0].sku}\t12000\t95.50\n${offers[0].sku}\t24\t1.25`);
  await press("Create");
  await page.waitForURL(/\/buying\/orders\/\d+$/);
  await settled(page);
  const number = await page.getByRole("heading", { level: 1 }).innerText();
  assert.match(number, /^PO-/);
  await press("Submit");
  await page.getByText("to approve").waitFor();
  // Beyond the buyer's limit, the server says why not.
  await press("Approve");
  await page.getByText("That did not work").waitFor();
  return { address: page.url(), number };
}

async function leaderApproves({ address, number }) {
  await signIn("lee.leader");
  await page.getByRole("link", { name: /Orders to approve/ }).click();
  await page.waitForURL(/state=to_approve/);
  await settled(page);
  await page.getByRole("link", { name: number }).waitFor();
  // By keyboard alone: down to the line, and into it.
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.waitForURL(address);
  await settled(page);
  await press("Approve");
  await page.getByText("approved", { exact: true }).waitFor();
  assert.equal(await told(), "Approved");
}

async function listIsFiltered() {
  await show(page, `${purser.base}/buying/orders`);
  const all = await page.locator("tbody tr").count();
  await page.getByRole("combobox", { name: "State" }).click();
  await page.getByRole("option", { name: "approved" }).click();
  await page.waitForURL(/state=approved/);
  await settled(page);
  const some = await page.locator("tbody tr").count();
  assert.ok(some >= 1 && some <= all, `${some} of ${all}`);
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "Export CSV" }).click();
  const file = readFileSync(await (await download).path(), "utf8");
  assert.equal(file.trim().split("\n").length, some + 1, "the file has what is seen");
  await page.getByRole("button", { name: "Remove filter State" }).click();
  await page.waitForURL(`${purser.base}/buying/orders`);
  // Another page goes, and comes back.
  await show(page, `${purser.base}/stock/items`);
  const before = await page.locator("tbody tr").first().innerText();
  await page.getByRole("button", { name: "Next page" }).click();
  await page.getByText("Page 2").waitFor();
  await settled(page);
  assert.notEqual(await page.locator("tbody tr").first().innerText(), before);
  await page.getByRole("button", { name: "Previous page" }).click();
  await page.getByText("Page 1").waitFor();
}

async function paletteAndLanguage() {
  await page.keyboard.press("Control+K");
  await page.getByRole("textbox", { name: "Search or jump to …" }).fill("trial");
  await page.keyboard.press("Enter");
  await page.waitForURL(`${purser.base}/books/trial-balance`);
  await settled(page);
  await page.keyboard.press("Control+J");
  await page.locator('html[data-mantine-color-scheme="dark"]').waitFor();
  await page.getByRole("button", { name: /Lee, leader/ }).click();
  await page.getByRole("menuitem", { name: "Deutsch" }).click();
  await page.getByRole("heading", { name: "Summen und Salden" }).waitFor();
  assert.equal(await page.evaluate(() => document.documentElement.lang), "de");
  await page.evaluate(() => localStorage.removeItem("purser.language"));
}

async function everyScreenIsFit() {
  const wrong = [];
  const all = await screens(page);
  for (const address of all) {
    await page.setViewportSize({ width: 1280, height: 800 });
    await show(page, purser.base + address);
    for (const scheme of ["light", "dark"]) {
      await paint(page, scheme);
      const found = await findings(page, scheme === "dark");
      wrong.push(...found.map((one) => `${address} ${scheme}: ${one}`));
    }
    await page.setViewportSize({ width: 360, height: 740 });
    const fits = page.waitForFunction(() => document.documentElement.scrollWidth <= 360, null, {
      timeout: 2_000,
    });
    await fits.catch(() => wrong.push(`${address}: wider than a handheld`));
  }
  await page.setViewportSize({ width: 1280, height: 800 });
  assert.equal(wrong.join("\n"), "");
  return all.length;
}

async function aRoleThatMayNot() {
  await signIn("will.warehouse");
  assert.equal(await page.getByRole("button", { name: "Books" }).count(), 0);
  await show(page, `${purser.base}/books/trial-balance`);
  await page.getByRole("alert").getByText("You may not see this").waitFor();
  errors.length = 0;
  await page.getByRole("button", { name: /Will, warehouse/ }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page.waitForURL(`${purser.base}/sign-in`);
  const status = await page.evaluate(async () => (await fetch("/api/v1/items")).status);
  assert.equal(status, 401, "the session is over on the server, too");
}

try {
  const order = await buyerOrders();
  await leaderApproves(order);
  await listIsFiltered();
  await paletteAndLanguage();
  console.log(`ordered, approved, filtered and exported after ${seconds()}`);
  const fit = await everyScreenIsFit();
  console.log(`${fit} screens are fit in light, dark and at 360 pixels after ${seconds()}`);
  assert.deepEqual(errors, [], "the browser's console has no error");
  await aRoleThatMayNot();
  console.log(`the story holds, ${seconds()}`);
} catch (error) {
  await page.screenshot({ path: "screenshots/failed.png" }).catch(() => undefined);
  console.error(error, errors);
  process.exitCode = 1;
} finally {
  await stop();
  purser.stop();
}
