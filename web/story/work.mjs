// What must not be lost or passed over at the desk: malformed files, typed text, long sheets and lists;
// and how an order is filled that its warehouse cannot fill.
import assert from "node:assert/strict";
import { findings, scanned, settled, show } from "./browser.mjs";

/** The parts of the story that need the page, the server's address and its usual movements. */
export function workStories({ page, base, ask, press, inDialog }) {
  const dialog = page.getByRole("dialog");
  const gone = () => dialog.waitFor({ state: "detached" });
  const choose = async (label, option) => {
    await dialog.getByRole("combobox", { name: label }).click();
    const shown = page.getByRole("option").filter({ visible: true });
    await (option ? shown.filter({ hasText: option }) : shown).first().click();
  };
  const scan = (code) => scanned(page, code);

  async function malformedFileIsTold() {
    const give = (text) =>
      page
        .locator('input[type="file"]')
        .setInputFiles({ name: "items.csv", mimeType: "text/csv", buffer: Buffer.from(text) });
    await show(page, `${base}/data/import?of=items`);
    await give('sku,name,kind\nA-1,Cup,goods\nA-2,Saucer\nA-3,"Spoon,goods\nA-4,Fork,goods\n');
    await page.getByText("Rows whose shape is not sound: 2").waitFor();
    await page.getByRole("row", { name: /^3.*2 cells where the headings name 3/ }).waitFor();
    await page.getByRole("row", { name: /^4.*never closed/ }).waitFor();
    assert.equal(await page.getByRole("button", { name: "Try it" }).count(), 0);
    assert.deepEqual(await findings(page), []);
    // A report goes with the file that it is of.
    await give("sku,name\nA-1,\n");
    await press("Try it");
    await page.getByText(/cannot be taken over/).waitFor();
    await give("sku,name\nA-1,Cup\n");
    await page.getByText(/cannot be taken over/).waitFor({ state: "detached" });
    await press("Try it");
    await page.getByText("What the file would do").waitFor();
    await page.getByRole("combobox", { name: "name" }).selectOption("sku");
    await page.getByText("What the file would do").waitFor({ state: "detached" });
    await page.getByRole("link", { name: "Purser" }).first().click();
    await press("Leave without saving");
    await page.waitForURL(`${base}/`);
    await settled(page);
  }

  async function typedTextIsKept() {
    await show(page, `${base}/buying/orders`);
    await page.getByRole("link", { name: "New purchase order" }).click();
    await page.getByLabel("SKU, Line 1").fill("HALF-TYPED");
    await page.getByRole("link", { name: "Purser" }).first().click();
    await dialog.getByText("Something is not saved").waitFor();
    assert.deepEqual(await findings(page), []);
    await press("Stay");
    await gone();
    assert.equal(await page.getByLabel("SKU, Line 1").inputValue(), "HALF-TYPED");
    assert.match(page.url(), /orders\/new$/);
    await page.getByRole("link", { name: "Purser" }).first().click();
    await press("Leave without saving");
    await page.waitForURL(`${base}/`);
    await settled(page);
    // What lies over a page keeps its keys, and its text.
    await show(page, `${base}/buying/orders?open=true`);
    await page.locator("tbody a.plain-link").first().click();
    await page.waitForURL(/orders\/\d+$/);
    await settled(page);
    const address = page.url();
    await press("Cancel order");
    await dialog.getByLabel("Reason").fill("half a reason");
    await dialog.getByRole("button", { name: "Cancel", exact: true }).focus();
    for (const key of ["j", "k", "Escape"]) await page.keyboard.press(key);
    await scan("5901234123457");
    assert.equal(page.url(), address);
    assert.equal(await dialog.getByLabel("Reason").inputValue(), "half a reason");
    await dialog.getByRole("button", { name: "Cancel", exact: true }).click();
    await gone();
  }

  async function recordsGoOnBeyondAPage() {
    await show(page, `${base}/stock/items`);
    const links = page.locator("tbody a.plain-link");
    const hrefs = () => links.evaluateAll((all) => all.map((one) => one.href));
    const last = (await hrefs()).at(-1);
    await links.last().click();
    await page.waitForURL(last);
    await settled(page);
    await page.keyboard.press("j");
    await page.waitForURL((url) => url.href !== last && /items\/\d+$/.test(url.href));
    await settled(page);
    const after = page.url();
    await page.keyboard.press("k");
    await page.waitForURL(last);
    await settled(page);
    await page.keyboard.press("j");
    await page.waitForURL(after);
    await settled(page);
    await page.getByRole("link", { name: "Back to the list" }).click();
    await page.getByText("Page 2").waitFor();
    await settled(page);
    assert.equal((await hrefs())[0], after, "the next page begins with the record that followed");
    await page.getByRole("button", { name: "About Items" }).click();
    await page.getByText(/What is bought, kept and sold/).waitFor();
    assert.deepEqual(await findings(page), []);
    await page.keyboard.press("Escape");
  }

  async function longSheetIsCounted() {
    const sheet = await ask("/counts", { warehouse: "WH", blind: true });
    const lines = async () =>
      (await ask(`/count-lines?count_id=${sheet.count_id}&limit=200`)).lines;
    const all = await lines();
    assert.ok(all.length > 100, `a sheet of ${all.length} lines has several pages`);
    const counted = (n) => page.getByLabel(`Counted, Line ${n}`, { exact: true });
    const [first, later] = [all[0], all[120]];
    await show(page, `${base}/stock/counts/${sheet.count_id}`);
    await counted(first.line).fill("7");
    // A code that is scanned into a line's field leads to its own line.
    await scan(all[5].sku);
    await page.waitForFunction(
      (line) => document.activeElement?.getAttribute("aria-label") === `Counted, Line ${line}`,
      all.find((one) => one.sku === all[5].sku).line,
    );
    assert.equal(await counted(first.line).inputValue(), "7");
    await press("Next page");
    await page.getByText("Page 2").waitFor();
    await settled(page);
    await counted(later.line).fill("x");
    await page.getByText(/These are no numbers/).waitFor();
    await counted(later.line).fill("8");
    await page.getByText("2 typed, not saved yet").waitFor();
    assert.deepEqual(await findings(page), []);
    // Neither another view nor the page anew loses it.
    await page.getByText("Review", { exact: true }).click();
    await page.getByText("Enter", { exact: true }).click();
    await page.evaluate(() => {
      window.onbeforeunload = null;
    });
    page.once("dialog", (one) => one.accept());
    await page.reload();
    await settled(page);
    await page.getByText("2 typed, not saved yet").waitFor();
    assert.equal(await counted(first.line).inputValue(), "7");
    await press("Save");
    await page.getByText("Entered", { exact: true }).waitFor();
    await page.getByText("2 typed, not saved yet").waitFor({ state: "detached" });
    const now = await lines();
    const states = [first, later].map(({ line }) => now.find((one) => one.line === line).state);
    assert.deepEqual(states, ["counted", "counted"]);
    // What is scanned is found wherever it is on the sheet.
    await page.evaluate(() => document.activeElement?.blur());
    await scan(all.at(-1).sku);
    await counted(all.at(-1).line).waitFor();
    await ask("/counts/cancel", { count_id: sheet.count_id, reason: "only tried" });
  }

  /** The second warehouse was made when goods were transferred. */
  async function orderIsFilled() {
    const { lines: channels } = await ask("/channels");
    const [channel] = channels.filter((one) => one.active);
    await show(page, `${base}/data/rankings`);
    await press("Rank warehouses");
    await choose("Channel", channel.name);
    for (const name of ["Second warehouse", "Warehouse"]) await choose("Add a warehouse", name);
    await dialog.getByRole("button", { name: "Ask Warehouse earlier" }).click();
    assert.deepEqual(await findings(page), []);
    await inDialog("Rank warehouses");
    await gone();
    await page.getByRole("row", { name: new RegExp(`${channel.code} WH → W2`) }).waitFor();

    const { lines: offers } = await ask("/offers?limit=1");
    const [{ sku, supplier }] = offers;
    const accepted = await ask("/sales-orders", {
      channel: channel.code,
      country: "DE",
      external_ref: "DESK-FILL",
      lines: [{ sku, quantity: "100000", price: "1" }],
    });
    await show(page, `${base}/sales/orders/${accepted.order_id}`);
    await press("Route");
    await page.getByText(/No warehouse fills it now|Routed: filled from/).waitFor();
    await page.getByRole("tab", { name: "Routing" }).click();
    await settled(page);
    await press("Order from supplier");
    await dialog.getByRole("combobox", { name: "Supplier" }).fill(supplier);
    await page.getByRole("option", { name: `(${supplier})` }).click();
    await dialog.getByRole("combobox", { name: "Sent to" }).selectOption("direct");
    assert.deepEqual(await findings(page), []);
    await inDialog("Order from supplier");
    await page.getByText(/^Ordered as /).waitFor();
    await gone();
    await page.getByRole("tab", { name: "Ordered for orders" }).click();
    await page.getByRole("cell", { name: sku }).waitFor();
    assert.deepEqual(await findings(page), []);
    const [made] = (await ask(`/supplies?order_id=${accepted.order_id}`)).lines;
    assert.ok(made.direct);
    return made;
  }

  /** What another warehouse could fill is given up only with a reason of its own, or routed there. */
  async function restIsNotGivenUpInSilence() {
    const { lines: channels } = await ask("/channels");
    const [channel] = channels.filter((one) => one.active);
    const { lines: stock } = await ask("/stock?warehouse=WH&class=normal&limit=200");
    const few = stock.find((line) => !line.lot && Number(line.on_hand) < 5);
    const { lines: reasons } = await ask("/reasons");
    const { code } = reasons.find((one) => one.active && !one.must_explain);
    const { sku } = few;
    await ask("/adjustments", {
      lines: [{ place: "W2/Stock", sku, quantity: "5", reason: code }],
    });
    const order = await ask("/sales-orders", {
      channel: channel.code,
      country: "DE",
      external_ref: "DESK-REST",
      lines: [{ sku, quantity: "5", price: "1" }],
    });
    await show(page, `${base}/sales/orders/${order.order_id}`);
    await press("Cancel the rest");
    await dialog.getByLabel("Reason").fill("the customer waits too long");
    await inDialog("Cancel the rest");
    await dialog.getByRole("alert").getByText(/W2/).waitFor();
    await dialog.getByLabel("Why it is cancelled all the same").fill("half a wo");
    assert.deepEqual(await findings(page), []);
    assert.equal(await dialog.getByLabel("Reason").inputValue(), "the customer waits too long");
    await dialog.getByRole("button", { name: "Cancel", exact: true }).click();
    await gone();
    await press("Route");
    await page.getByText("Routed: filled from another warehouse").waitFor();
    await press("Cancel the rest");
    assert.equal(await dialog.getByLabel("Reason").inputValue(), "");
    assert.equal(await dialog.getByRole("alert").count(), 0);
    await dialog.getByRole("button", { name: "Cancel", exact: true }).click();
    await gone();
  }

  async function billIsCompared() {
    await show(page, `${base}/buying/bills`);
    await press("Compare");
    await dialog.getByRole("columnheader", { name: "Difference" }).waitFor();
    assert.deepEqual(await findings(page), []);
    await page.keyboard.press("Escape");
    await gone();
    const { lines } = await ask("/purchase-orders?limit=100");
    const billed = lines.find((one) => one.billed !== "none");
    await show(page, `${base}/buying/orders/${billed.order_id}`);
    await page.getByRole("tab", { name: "Order, receipt, bill" }).click();
    await page.getByRole("columnheader", { name: "Receipt" }).first().waitFor();
    assert.deepEqual(await findings(page), []);
  }

  /** A lock for good waits until all is known that stands before it. */
  async function hardLockWaits() {
    await show(page, `${base}/books/close`);
    const tax = page.getByRole("row", { name: /^tax/ });
    await tax.getByRole("button", { name: "Lock", exact: true }).click();
    let held = () => undefined;
    const hold = async (route) => {
      await new Promise((resolve) => {
        held = resolve;
      });
      await route.continue();
    };
    await page.route("**/api/v1/checks*", hold, { times: 1 });
    await dialog.getByRole("switch", { name: /For good/ }).check();
    await dialog.getByText(/Still being asked: Checks/).waitFor();
    const lock = dialog.getByRole("button", { name: "Lock", exact: true });
    assert.ok(await lock.isDisabled(), "nobody knows yet whether the checks hold");
    held();
    await dialog.getByText(/Still being asked/).waitFor({ state: "detached" });
    assert.ok(await lock.isEnabled());
    await dialog.getByRole("button", { name: "Cancel", exact: true }).click();
    await gone();
  }

  return {
    malformedFileIsTold,
    typedTextIsKept,
    recordsGoOnBeyondAPage,
    longSheetIsCounted,
    orderIsFilled,
    restIsNotGivenUpInSilence,
    billIsCompared,
    hardLockWaits,
  };
}
