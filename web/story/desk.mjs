// What else is done at the desk: the month is closed, files are taken over, codes are scanned, goods
// that came back are refunded, roles are given, and others' work is seen.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { findings, settled, show } from "./browser.mjs";

/** The parts of the story that need the page, the server's address and its usual movements. */
export function deskStories({ page, base, ask, press, inDialog }) {
  const dialog = page.getByRole("dialog");
  const gone = () => dialog.waitFor({ state: "detached" });
  const choose = async (label, option) => {
    await dialog.getByRole("combobox", { name: label }).click();
    const shown = page.getByRole("option").filter({ visible: true });
    await (option ? shown.filter({ hasText: option }) : shown).first().click();
  };

  async function monthIsClosed() {
    const { lines } = await ask("/locks");
    const before = lines.find((line) => line.area === "sales");
    await show(page, `${base}/books/close`);
    await page.getByText("What stands before the lock").waitFor();
    const sales = page.getByRole("row", { name: /^sales/ });
    await sales.getByRole("button", { name: "Lock", exact: true }).click();
    assert.deepEqual(await findings(page), []);
    await dialog.getByLabel("Through").fill("2010-12-01");
    await inDialog("Lock");
    await gone();
    await sales.getByText("1 Dec 2010").waitFor();
    await sales.getByRole("button", { name: "Open again" }).click();
    await dialog.getByLabel("Reason").fill("a late invoice");
    await inDialog("Open again");
    await gone();
    await settled(page);
    const after = (await ask("/locks")).lines.find((line) => line.area === "sales");
    assert.equal(after.soft_through ?? null, before.hard_through ?? null);
    await page.getByRole("link", { name: "Locks as they were made" }).click();
    await page.waitForURL(/books\/locks/);
    await page.getByText("opened again", { exact: true }).first().waitFor();
  }

  async function oldLineIsOwned() {
    const { lines } = await ask("/open-items?limit=1");
    await show(page, `${base}/books/open-items`);
    await page.getByRole("checkbox").nth(1).check();
    await press("Name an owner");
    await dialog.getByLabel("Why it is open").fill("the bill is late");
    await inDialog("Name an owner");
    await gone();
    await page.getByText("the bill is late").first().waitFor();
    const [owned] = (await ask("/open-items?limit=1")).lines;
    assert.equal(owned.source_id, lines[0].source_id);
    assert.equal(owned.reason, "the bill is late");
  }

  async function fileIsTakenOver() {
    const file = (rows) => ({
      name: "items.csv",
      mimeType: "text/csv",
      buffer: Buffer.from(`Artikel;Bezeichnung;List price\n${rows.join("\n")}\n`),
    });
    const given = (rows) => page.locator('input[type="file"]').setInputFiles(file(rows));
    await show(page, `${base}/data/import?of=items`);
    await given(['DESK-1;"Cup; red";12.50', "DESK-2;Saucer;cheap"]);
    await page.getByRole("combobox", { name: "sku" }).selectOption("Artikel");
    await page.getByRole("combobox", { name: "name" }).selectOption("Bezeichnung");
    await press("Try it");
    await page.getByRole("cell", { name: "List price" }).waitFor();
    assert.deepEqual(await findings(page), []);
    const waits = page.waitForEvent("download");
    await press("Download as CSV");
    const told = readFileSync(await (await waits).path(), "utf8");
    assert.match(told, /^3,List price,/m, "row and column are those of the file");
    assert.ok(await page.getByRole("button", { name: "Take it over" }).isDisabled());
    // The corrected file finds its columns again.
    await given(['DESK-1;"Cup; red";12.50', "DESK-2;Saucer;2.50"]);
    await press("Try it");
    await page.getByText("What the file would do").waitFor();
    assert.deepEqual((await ask("/items?text=DESK-")).lines, []);
    await press("Take it over");
    await page.getByText("Taken over", { exact: true }).first().waitFor();
    const { lines } = await ask("/items?text=DESK-");
    assert.deepEqual(lines.map((line) => line.name).sort(), ["Cup; red", "Saucer"]);
  }

  async function codeIsScanned() {
    const [cup] = (await ask("/items?text=DESK-1")).lines;
    await ask("/barcodes", { item_id: cup.item_id, code: "5901234123457" });
    await show(page, `${base}/books/journal`);
    await page.evaluate(() => {
      for (const key of [..."010590123412345710A7", "Enter"]) {
        document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
      }
    });
    await page.waitForURL(`${base}/stock/items/${cup.item_id}`);
    await settled(page);
  }

  async function recordsFollowEachOther() {
    await show(page, `${base}/stock/items?text=DESK-`);
    const links = page.locator("tbody a.plain-link");
    const addresses = await links.evaluateAll((all) => all.map((one) => one.href));
    assert.equal(addresses.length, 2);
    await links.first().click();
    await page.waitForURL(addresses[0]);
    await settled(page);
    await page.keyboard.press("j");
    await page.waitForURL(addresses[1]);
    await settled(page);
    assert.ok(await page.getByRole("button", { name: "Record after" }).isDisabled());
    await page.keyboard.press("k");
    await page.waitForURL(addresses[0]);
    await settled(page);
    await page.keyboard.press("Escape");
    await page.waitForURL(`${base}/stock/items?text=DESK-`);
    await settled(page);
  }

  /** On the page of a return whose goods have arrived. */
  async function returnIsRefunded() {
    await page.getByRole("tab", { name: "Arrived" }).click();
    await press("Decide");
    await dialog.getByRole("combobox", { name: "Outcome" }).selectOption("second_grade");
    await choose("Reason");
    await dialog.getByLabel(/What all of it is worth/).fill("0.10");
    assert.deepEqual(await findings(page), []);
    await inDialog("Decide");
    await page.getByText(/^Decided as /).waitFor();
    await gone();
    await page.getByRole("tab", { name: "Decided" }).click();
    await page.getByText("second grade").waitFor();
    await press("Refund");
    await dialog.getByLabel("Reason").fill("as agreed");
    await inDialog("Refund");
    await gone();
    await page.getByRole("tab", { name: "Refunds" }).click();
    await page.getByRole("cell", { name: "as agreed" }).waitFor();
  }

  async function roleIsGiven() {
    await show(page, `${base}/system/roles`);
    await press("Create role");
    await dialog.getByLabel("Name").fill("closer");
    await dialog.getByRole("combobox", { name: "Permissions" }).fill("accounting.lock_period");
    await page.keyboard.press("Enter");
    assert.deepEqual(await findings(page), []);
    // Elsewhere in the dialog, so that what there is to choose no longer covers it.
    await dialog.getByLabel("Name").click();
    await inDialog("Create role");
    await gone();
    await page.getByRole("cell", { name: "accounting.lock_period", exact: true }).waitFor();
    await show(page, `${base}/system/grants`);
    await press("Grant a role");
    await choose("User", "Will");
    await choose("Role", "closer");
    await inDialog("Grant a role");
    await gone();
    const given = page.getByRole("row", { name: /will.warehouse closer/ });
    await given.getByRole("button", { name: "Take away" }).click();
    await inDialog("Take away");
    await gone();
    await given.waitFor({ state: "detached" });
  }

  async function othersWorkIsSeen() {
    await show(page, `${base}/data/categories`);
    await ask("/categories", { code: "LIVE", name: "Seen at once" });
    await page.getByText("Seen at once").waitFor({ timeout: 15_000 });
    await settled(page);
  }

  async function listIsAWorkbook() {
    const waits = page.waitForEvent("download");
    await page.getByRole("link", { name: "Export XLSX" }).click();
    const file = readFileSync(await (await waits).path());
    assert.equal(file.subarray(0, 2).toString(), "PK");
  }

  return {
    monthIsClosed,
    oldLineIsOwned,
    fileIsTakenOver,
    codeIsScanned,
    recordsFollowEachOther,
    returnIsRefunded,
    roleIsGiven,
    othersWorkIsSeen,
    listIsAWorkbook,
  };
}
