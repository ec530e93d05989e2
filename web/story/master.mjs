// Master data is made at the desk, stock is adjusted with proof, and an order is changed after it was
// written.
import assert from "node:assert/strict";
import { findings, settled, show } from "./browser.mjs";

const PHOTO = Buffer.from("89504e470d0a1a0a", "hex");

/** The parts of the story that need the page, the server's address and its usual movements. */
export function masterStories({ page, base, ask, press, inDialog }) {
  const dialog = page.getByRole("dialog");
  const gone = () => dialog.waitFor({ state: "detached" });
  const said = (text) => page.getByText(text).first().waitFor();
  const tab = (name) => page.getByRole("tab", { name }).click();
  const cell = (name) => page.getByRole("cell", { name }).first().waitFor();

  /** A field of the dialog by its label, required or not. */
  const field = (label) => dialog.getByLabel(new RegExp(`^${label}( \\*)?$`));

  /** Opens an act's dialog, fills fields in by their label, and does it. */
  async function does(act, fields) {
    await press(act);
    for (const [label, text] of Object.entries(fields)) {
      await field(label).fill(text);
    }
    assert.deepEqual(await findings(page), []);
    await inDialog(act);
    await gone();
  }

  async function itemIsMade() {
    await show(page, `${base}/stock/items`);
    await does("New item", { SKU: "LAMP-1", Name: "Desk lamp", "List price": "12.50" });
    await page.waitForURL(/stock\/items\/\d+$/);
    await page.getByRole("heading", { level: 1, name: "LAMP-1" }).waitFor();
    await does("Change", { Name: "Desk lamp, brass", "Weight, g": "850" });
    await said("Desk lamp, brass");
    await tab("Codes");
    await does("Add packaging", { Name: "Case", Quantity: "12" });
    await cell("Case");
    await press("Add barcode");
    await field("Code").fill("4006381333932");
    await inDialog("Add barcode");
    await said("That did not work");
    await field("Code").fill("4006381333931");
    await dialog.getByRole("combobox", { name: "Packaging" }).selectOption("Case");
    await inDialog("Add barcode");
    await gone();
    await cell("4006381333931");
    await press("Retire");
    await page.getByRole("button", { name: "Use again", exact: true }).click();
    await page.getByRole("button", { name: "Retire", exact: true }).waitFor();
    const { lines } = await ask("/items?text=LAMP-1");
    assert.deepEqual([lines[0].name, lines[0].active], ["Desk lamp, brass", true]);
  }

  async function partnerIsMade() {
    await show(page, `${base}/buying/suppliers`);
    await does("New partner", { Code: "DESK-S", Name: "Lamps & Co", Country: "gb" });
    await page.waitForURL(/data\/partners\/\d+$/);
    await does("Contacts", { "Name, Line 1": "Lena", "Email, Line 1": "lena@lamps.example" });
    await tab(/^Contacts/);
    await cell("lena@lamps.example");
    await does("Change bank account", { "Bank account": "GB33 BUKB 2020 1555 5555 55" });
    await said(/5555$/);
    await tab("Bank details");
    await cell(/5555$/);
    const { lines } = await ask("/partners?text=DESK-S");
    assert.deepEqual([lines[0].country, lines[0].supplier], ["GB", true]);
  }

  async function placeIsMade() {
    await show(page, `${base}/data/places`);
    await does("Place inside", { Inside: "WH/Stock", Code: "D-01" });
    await page.getByRole("textbox", { name: "Place begins with" }).fill("WH/Stock/D");
    await cell("WH/Stock/D-01");
    await show(page, `${base}/data/categories`);
    await does("New category", { Code: "LAMPS", Name: "Lamps" });
    await cell("LAMPS");
    await show(page, `${base}/data/units`);
    await does("New unit", { Code: "crate", Name: "Crate" });
    await cell("crate");
  }

  const chooses = async (label, name) => {
    await dialog.getByRole("combobox", { name: label }).click();
    const option = page.getByRole("option", { name, exact: true });
    await option.filter({ visible: true }).click();
  };

  /** What is inspected is said and taken back, and how long transfers take. */
  async function supplyIsRuled() {
    await show(page, `${base}/data/inspection-rules`);
    await does("Set a rule", { SKU: "LAMP-1" });
    const row = page.getByRole("row", { name: /LAMP-1/ });
    const answers = async (answer) => {
      await row.getByRole("button", { name: "Change" }).click();
      await dialog.getByRole("combobox", { name: "Inspected" }).selectOption(answer);
      await inDialog("Change");
      await gone();
    };
    await row.getByText("Yes", { exact: true }).waitFor();
    await answers("No");
    await row.getByText("No", { exact: true }).waitFor();
    await answers("as the wider rule or the policy says");
    await row.waitFor({ state: "detached" });
    await show(page, `${base}/data/transfer-times`);
    await press("Set transfer time");
    await chooses("From warehouse", "Warehouse");
    await chooses("To warehouse", "Second warehouse");
    await field("Days").fill("4");
    assert.deepEqual(await findings(page), []);
    await inDialog("Set transfer time");
    await gone();
    const { lines } = await ask("/transfer-lead-times");
    assert.ok(lines.some(({ from, to, days }) => from === "WH" && to === "W2" && days === 4));
  }

  /** A channel is opened, and has other terms later; a new one never takes the place of another. */
  async function channelIsMade() {
    await show(page, `${base}/data/channels`);
    const opened = async () => {
      await press("New channel");
      await field("Code").fill("MARKET");
      await field("Name").fill("Market place");
      await field("Days to pay").fill("14");
      await chooses("Warehouse", "Warehouse");
      await dialog.getByRole("combobox", { name: "Prices are" }).selectOption("without tax");
    };
    await opened();
    assert.deepEqual(await findings(page), []);
    await inDialog("New channel");
    await gone();
    await cell("MARKET");
    await opened();
    await inDialog("New channel");
    await said(/is at revision 1, not at 0/);
    await dialog.getByRole("button", { name: "Cancel", exact: true }).click();
    await gone();
    const row = page.getByRole("row", { name: /MARKET/ });
    await row.getByRole("button", { name: "Change" }).click();
    await field("Days to pay").fill("30");
    await dialog.getByRole("checkbox", { name: "It takes orders" }).uncheck();
    assert.deepEqual(await findings(page), []);
    await inDialog("Change");
    await gone();
    await row.getByText("30", { exact: true }).waitFor();
    const { lines } = await ask("/channels?active=false");
    const made = lines.find(({ code }) => code === "MARKET");
    assert.deepEqual(
      [made.terms_days, made.prices, made.when_short, made.revision],
      [30, "net", "refuse", 2],
    );
  }

  async function stockIsAdjusted() {
    await show(page, `${base}/stock/adjustments`);
    await press("Adjust stock");
    await dialog.getByLabel("SKU, Line 1").fill("LAMP-1");
    await dialog.getByLabel("Place, Line 1").fill("WH/Stock/D-01");
    await dialog.getByLabel("Difference, Line 1").fill("2");
    await dialog.getByRole("combobox", { name: "Reason" }).click();
    await page.getByRole("option", { name: /found/i }).filter({ visible: true }).first().click();
    const photo = { name: "shelf.png", mimeType: "image/png", buffer: PHOTO };
    await dialog.locator('input[type="file"]').setInputFiles(photo);
    assert.deepEqual(await findings(page), []);
    await inDialog("Adjust stock");
    await said(/^Adjusted as /);
    await gone();
    const { lines } = await ask("/stock?sku=LAMP-1");
    assert.deepEqual(
      lines.map(({ place, on_hand }) => [place, on_hand]),
      [["WH/Stock/D-01", "2"]],
    );
  }

  /** Goods move between counting and applying; somebody says what holds. */
  async function conflictIsResolved() {
    const place = "WH/Stock/D-01";
    const { count_id } = await ask("/counts", {
      warehouse: "WH",
      skus: ["LAMP-1"],
      places: [place],
    });
    const lines = [{ place, sku: "LAMP-1", quantity: "2" }];
    await ask("/counts/count", { count_id, lines });
    const found = { place, sku: "LAMP-1", quantity: "1", reason: "found" };
    await ask("/adjustments", { lines: [found] });
    await show(page, `${base}/stock/counts/${count_id}`);
    await press("Apply count");
    await said("Goods moved between counting and applying");
    await page.getByText("Say of the lines in conflict what holds").waitFor();
    assert.deepEqual(await findings(page), []);
    await press("Resolve all conflicts");
    await dialog.getByText(/the difference is that of the moment of counting/).waitFor();
    assert.deepEqual(await findings(page), []);
    await inDialog("Resolve all conflicts");
    await gone();
    await said("Resolved: 1. Still in conflict: 0");
    await press("Apply count");
    await said("Applied; 0 differences");
    const [{ on_hand }] = (await ask("/stock?sku=LAMP-1")).lines;
    assert.equal(on_hand, "3", "what moved came on top");
  }

  async function orderIsChanged() {
    const lines = [{ sku: "LAMP-1", quantity: "10", price: "4" }];
    const draft = { supplier: "DESK-S", warehouse: "WH", lines };
    const { orders } = await ask("/purchase-orders", { orders: [draft] });
    const { order_id } = orders[0].order;
    const { state } = await ask("/purchase-orders/submit", { order_id });
    assert.equal(state, "approved");
    const read = () => ask(`/purchase-orders/${order_id}`);
    await show(page, `${base}/buying/orders/${order_id}`);
    await press("Amend");
    await dialog.getByLabel("Quantity, Line 1").first().fill("8");
    const added = dialog.getByRole("group", { name: "New lines" });
    await added.getByLabel("SKU, Line 1").fill("LAMP-1");
    await added.getByLabel("Quantity, Line 1").fill("1");
    await added.getByLabel("Price, Line 1").fill("4");
    assert.deepEqual(await findings(page), []);
    await inDialog("Amend");
    await said("Amended, revision 2");
    await gone();
    assert.deepEqual(
      (await read()).lines.map(({ quantity }) => quantity),
      ["8", "1"],
    );
    await press("Enter promise");
    await dialog.getByLabel("Promised, Line 1").fill("2010-12-09");
    assert.deepEqual(await findings(page), []);
    await inDialog("Enter promise");
    await said(/Later or less than ordered: line 1/);
    await gone();
    assert.equal((await read()).lines[0].promised_on, "2010-12-09");
    // What is promised stands in the calendar, on its day.
    const { number } = await read();
    await show(page, `${base}/buying/inbound?month=2010-12&warehouse=WH`);
    await page.getByRole("status").getByText("December 2010").waitFor();
    const day = page.getByRole("cell").filter({ hasText: /^9/ });
    await day.getByRole("link", { name: number }).click();
    await page.waitForURL(/buying\/orders\/\d+$/);
    await settled(page);
    await press("Close short");
    await dialog.getByLabel("Reason").fill("the supplier has no more");
    assert.deepEqual(await findings(page), []);
    await inDialog("Close short");
    await gone();
    await settled(page);
    assert.ok((await read()).lines.every((one) => one.closed_short));
    await tab("History");
    await said("Revision 2");
    assert.deepEqual(await findings(page), []);
  }

  /** A balance leads to its lines, and a line to its entry; a figure says what it is and was. */
  async function balanceLeadsToItsEntries() {
    await show(page, `${base}/books/trial-balance`);
    await page.locator("tbody a").first().click();
    await page.waitForURL(/books\/ledger\?account_id=/);
    await settled(page);
    assert.deepEqual(await findings(page), []);
    await page.locator("tbody a").first().click();
    await page.waitForURL(/books\/journal\/\d+$/);
    await settled(page);
    assert.ok((await page.locator("tbody tr").count()) >= 2, "both sides are told");
    assert.deepEqual(await findings(page), []);
    await show(page, `${base}/`);
    await page.getByRole("button", { name: "What is Stock value, and how was it?" }).click();
    await dialog.getByText(/What the goods that may be sold cost/).waitFor();
    await dialog.getByRole("row").nth(6).waitFor();
    assert.deepEqual(await findings(page), []);
    await page.keyboard.press("Escape");
    await gone();
  }

  /** As who keeps the books: what does not balance is refused, and an entry is taken back by another. */
  async function entryIsMadeAndReversed() {
    const { lines } = await ask("/accounts");
    const [one, other] = lines.filter(({ kind, control }) => kind === "expense" && !control);
    await show(page, `${base}/books/journal`);
    await press("Enter by hand");
    await dialog.getByLabel("Note").fill("moved to its own account");
    await dialog.getByLabel("Account, Line 1").fill(one.code);
    await dialog.getByLabel("Debit, Line 1").fill("12.50");
    await dialog.getByLabel("Account, Line 2").fill(other.code);
    await dialog.getByLabel("Credit, Line 2").fill("12.40");
    await inDialog("Enter by hand");
    await said("That did not work");
    await dialog.getByLabel("Credit, Line 2").fill("12.50");
    assert.deepEqual(await findings(page), []);
    await inDialog("Enter by hand");
    await page.waitForURL(/books\/journal\/\d+$/);
    await settled(page);
    await press("Reverse");
    await inDialog("Reverse");
    await gone();
    await said("Reversed by");
    await page.getByRole("button", { name: "Reverse", exact: true }).waitFor({ state: "detached" });
    assert.deepEqual(await findings(page), []);
  }

  /** As who keeps the books: a tax code with the rates that it has and will have, and a rate of exchange. */
  async function ratesAreSet() {
    await show(page, `${base}/data/tax-codes`);
    await press("New tax code");
    await field("Code").fill("UK-5");
    await field("Name").fill("Energy");
    await dialog.getByRole("combobox", { name: "Kind" }).selectOption("exempt");
    await field("Rate, %").fill("5");
    await field("From").fill("2010-12-01");
    await inDialog("New tax code");
    await said(/is of kind exempt and cannot have the rate 0.05/);
    await dialog.getByRole("combobox", { name: "Kind" }).selectOption("reduced");
    assert.deepEqual(await findings(page), []);
    await inDialog("New tax code");
    await gone();
    const row = page.getByRole("row", { name: /UK-5/ });
    await row.getByText("5%", { exact: true }).waitFor();
    for (const again of [false, true]) {
      await row.getByRole("button", { name: "New rate" }).click();
      await field("Rate, %").fill("7.125");
      await field("From").fill("2011-06-01");
      assert.deepEqual(await findings(page), []);
      await inDialog("New rate");
      if (!again) await gone();
    }
    await said(/has a rate from 2011-06-01 already/);
    await dialog.getByRole("button", { name: "Cancel", exact: true }).click();
    await gone();
    await row.getByText("7.125%", { exact: true }).waitFor();
    await row.getByRole("link", { name: "UK-5" }).click();
    await page.waitForURL(/data\/tax-rates\?code=UK-5$/);
    await settled(page);
    assert.equal(await page.locator("tbody tr").count(), 2);
    assert.deepEqual(await findings(page), []);
    const { lines: rates } = await ask("/tax-rates?code=UK-5");
    assert.deepEqual(
      rates.map(({ rate, from, through }) => [rate, from, through ?? ""]),
      [
        ["0.07125", "2011-06-01", ""],
        ["0.05", "2010-12-01", "2011-05-31"],
      ],
    );
    await show(page, `${base}/data/exchange-rates`);
    await does("New exchange rate", {
      Currency: "chf",
      Rate: "0.665431234",
      From: "2010-12-02",
      Source: "the bank",
    });
    await cell("0.665431234");
    const { lines } = await ask("/exchange-rates?currency=CHF");
    assert.deepEqual(
      lines.map(({ rate, worth_in, source }) => [rate, worth_in, source]),
      [["0.665431234", "GBP", "the bank"]],
    );
    assert.deepEqual(await findings(page), []);
  }

  async function all() {
    await itemIsMade();
    await partnerIsMade();
    await placeIsMade();
    await channelIsMade();
    await supplyIsRuled();
    await stockIsAdjusted();
    await conflictIsResolved();
    await orderIsChanged();
    await balanceLeadsToItsEntries();
  }

  return { all, entryIsMadeAndReversed, ratesAreSet };
}
