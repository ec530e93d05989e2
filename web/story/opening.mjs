// The opening wizard: files with errors are mended one by one, tried, opened, and taken back.
import assert from "node:assert/strict";
import { findings, settled, show } from "./browser.mjs";

const BALANCE = `account,name,debit,credit
1000,Stock,50.00,
1300,Bank,1000.00,
2000,Payables,,120.00
3000,Capital,,930.00
`;
const stock = (sku, quantity, value) =>
  `sku;place;quantity;value\n${sku};WH/Stock;${quantity};${value}\n`;
const BILLS = "supplier,reference,billed_on,open\nACME,B-1,2025-12-10,120.00\n";

/** On a company of Ada's alone, who is signed in and has booked nothing. */
export async function booksAreOpened({ page, base, ask }) {
  const press = (name) => page.getByRole("button", { name, exact: true }).first().click();
  const dialog = page.getByRole("dialog");
  const file = (name, text) => ({ name, mimeType: "text/csv", buffer: Buffer.from(text) });
  const place = (name) => page.getByRole("listitem").filter({ hasText: name }).first();

  let lists = 0;
  async function replaceStock(sku, quantity, value) {
    // A name of its own tells the file from the one that was there before, which may have as many rows.
    const name = `stock list ${++lists}.csv`;
    const waits = page.waitForEvent("filechooser");
    await page.getByRole("button", { name: "Replace: Stock", exact: true }).click();
    await (await waits).setFiles(file(name, stock(sku, quantity, value)));
    await place("Goods by item").getByText(name).waitFor();
    await place("Goods by item").getByText("Rows: 1").waitFor();
  }

  await ask("/warehouses", { code: "WH", name: "Main" });
  await ask("/items", { items: [{ sku: "CUP", name: "Cup" }] });
  await ask("/partners", {
    partners: [{ code: "ACME", name: "Acme Ltd", country: "GB", supplier: true }],
  });
  await show(page, `${base}/books/openings`);
  assert.deepEqual(await findings(page), []);
  await page.getByRole("link", { name: "Open the books" }).click();
  await page.waitForURL(/openings\/new/);
  await settled(page);
  await page.getByLabel("First day of the books").fill("2026-01-01");
  const waits = page.waitForEvent("download");
  await press("Template of Stock");
  assert.equal((await waits).suggestedFilename(), "stock.csv");

  // Three files at once; one has an error, and one is known by its headings alone.
  const chosen = page.waitForEvent("filechooser");
  await press("Choose files");
  await (await chosen).setFiles([
    file("trial_balance.csv", BALANCE),
    file("stock.csv", stock("CUP", "ten", "50.00")),
    file("from-the-old-system.csv", BILLS),
  ]);
  await place("Every account").getByText("Rows: 4").waitFor();
  await place("Suppliers' bills").getByText("Rows: 1").waitFor();
  await place("Goods by item").getByText("Errors: 1").waitFor();
  await page.getByRole("cell", { name: "quantity", exact: true }).waitFor();
  assert.ok(await page.getByRole("button", { name: "Trial run" }).isDisabled());
  assert.deepEqual(await findings(page), []);

  // What the rows name is looked up by the trial run; the other files stay as they are.
  await replaceStock("MUG", "10", "50.00");
  await press("Trial run");
  await place("Goods by item").getByText("Errors: 1").waitFor();
  await page.getByRole("cell", { name: /MUG/ }).waitFor();
  await place("Every account").getByText("Rows: 4").waitFor();

  // Lists and trial balance differ by a penny: nothing is opened unless that is booked by name.
  await replaceStock("CUP", "10", "49.99");
  await press("Trial run");
  await page.getByText(/differ by €0\.01/).waitFor();
  await page.getByRole("row", { name: /1000 .*€50\.00 .*€49\.99/ }).waitFor();
  assert.equal(await page.getByRole("button", { name: "Open the books" }).count(), 0);
  await page.getByLabel("Book the difference").check();
  await page.getByRole("button", { name: "Open the books" }).waitFor();
  assert.deepEqual(await findings(page), []);

  // What was tried is told of its own day and files alone.
  const day = page.getByLabel("First day of the books");
  await day.fill("2026-01-02");
  await page.getByText(/differ by/).waitFor({ state: "detached" });
  assert.equal(await page.getByRole("button", { name: "Open the books" }).count(), 0);
  await day.fill("2026-01-01");
  await page.getByText(/differ by €0\.01/).waitFor();

  // A second file for a place that is taken is asked about.
  const second = page.waitForEvent("filechooser");
  await press("Choose files");
  await (await second).setFiles(file("another list.csv", stock("CUP", "1", "1.00")));
  await page.getByLabel("Which file is another list.csv?").waitFor();
  assert.deepEqual(await findings(page), []);
  await press("Leave it out");
  await place("Goods by item").getByText("stock list 2.csv").waitFor();

  // As long as the server is at work, it is told how far it is.
  await replaceStock("CUP", "10", "50.00");
  await page.getByText(/differ by/).waitFor({ state: "detached" });
  const soFar = { running: true, step: "stock", done: 4, total: 6 };
  const told = (route) => route.fulfill({ json: soFar });
  let goOn;
  const heard = new Promise((resolve) => {
    goOn = resolve;
  });
  const held = (route) => heard.then(() => route.continue());
  await page.route("**/api/v1/opening-progress", told);
  await page.route("**/api/v1/openings", held);
  await press("Trial run");
  await page.getByText("Taken over: 4 of 6. Now: Stock").waitFor();
  assert.deepEqual(await findings(page), []);
  goOn();
  await page.getByText("Lists and trial balance agree.").waitFor();
  await page.unroute("**/api/v1/opening-progress", told);
  await page.unroute("**/api/v1/openings", held);
  assert.deepEqual((await ask("/openings")).lines, [], "a trial run writes nothing");
  await press("Open the books");
  assert.deepEqual(await findings(page), []);
  await dialog.getByRole("button", { name: "Open the books" }).click();
  await page.waitForURL(/openings\/\d+$/);
  await page.getByRole("heading", { name: "Opening of 1 Jan 2026" }).waitFor();
  await settled(page);
  assert.deepEqual(await findings(page), []);
  const balances = (await ask("/trial-balance")).lines;
  assert.equal(balances.find((line) => line.code === "2000").balance.amount, "-120.00");
  const opening = page.url();
  await show(page, `${base}/books/openings/new`);
  await page.getByText("Take that opening back").waitFor();
  assert.deepEqual(await findings(page), []);
  await show(page, opening);
  await page.getByRole("link", { name: "bill" }).click();
  await page.waitForURL(/openings\/documents/);
  await settled(page);
  await page.getByRole("row", { name: /Acme Ltd/ }).waitFor();
  assert.deepEqual(await findings(page), []);

  await show(page, opening);
  await press("Take the opening back");
  await dialog.getByLabel("Reason").fill("the old system went on for a day");
  await dialog.getByRole("button", { name: "Take the opening back" }).click();
  await dialog.waitFor({ state: "detached" });
  await page.getByText("taken back", { exact: true }).first().waitFor();
  const left = (await ask("/trial-balance")).lines.filter((line) => line.balance.amount !== "0.00");
  assert.deepEqual(left, []);
}
