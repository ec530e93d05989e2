// Received goods are put away: at the desk and by scan, and on a handheld without a network.
import assert from "node:assert/strict";
import { findings, scanned, settled, show } from "./browser.mjs";

const HANDHELD = { width: 360, height: 740 };
const DESK = { width: 1280, height: 800 };

/** Has goods of an order received in a warehouse; gives the items that came. */
export async function receiveAt(ask, warehouse, quantities) {
  const { lines: offers } = await ask("/offers?limit=200");
  const [{ supplier }] = offers;
  const skus = [
    ...new Set(offers.filter((one) => one.supplier === supplier).map((one) => one.sku)),
  ];
  const lines = quantities.map((quantity, at) => ({ sku: skus.at(-1 - at), quantity, price: "1" }));
  const made = await ask("/purchase-orders", { orders: [{ supplier, warehouse, lines }] });
  if (!made.orders[0].order) throw new Error(made.orders[0].detail);
  const { order_id } = made.orders[0].order;
  const { state } = await ask("/purchase-orders/submit", { order_id });
  if (state === "to_approve") {
    await ask("/purchase-orders/approve", { order_id, revision: 1, verdict: "approve" });
  }
  const came = lines.map(({ quantity }, at) => ({ line: at + 1, quantity }));
  await ask("/receipts", { order_id, lines: came });
  return lines.map(({ sku }) => sku);
}

/** How much lies where, of an item. */
export async function lying(ask, warehouse, sku) {
  const { lines } = await ask(`/stock?warehouse=${warehouse}&sku=${encodeURIComponent(sku)}`);
  return Object.fromEntries(lines.map(({ place, on_hand }) => [place, on_hand]));
}

/** The part of the story at the desk, with a network. */
export function putAwayStories({ page, base, ask, press, inDialog }) {
  const dialog = page.getByRole("dialog");
  const gone = () => dialog.waitFor({ state: "detached" });
  const said = (text) => page.getByText(text).first().waitFor();
  const alert = (text) => page.getByRole("alert").getByText(text).first().waitFor();
  const scan = async (code) => {
    await page.evaluate(() => document.activeElement?.blur());
    await scanned(page, code);
  };

  /** A warehouse receives in two steps, and a rule says where goods lie. */
  async function warehouseReceivesInTwoSteps() {
    await ask("/warehouses", { code: "W3", name: "Third warehouse" });
    for (const code of ["A-01", "B-01"]) await ask("/places", { parent: "W3/Stock", code });
    await show(page, `${base}/data/warehouses`);
    const row = page.getByRole("row", { name: /W3/ });
    await row.getByRole("button", { name: "Steps" }).click();
    await dialog.getByRole("combobox", { name: "Received goods go" }).selectOption("2");
    assert.deepEqual(await findings(page), []);
    await inDialog("Steps");
    await gone();
    const [sku, other] = await receiveAt(ask, "W3", ["8", "3"]);
    await show(page, `${base}/data/putaway-rules`);
    await press("Set a rule");
    await dialog.getByLabel("SKU").fill(sku);
    await dialog.getByLabel("Place").fill("W3/Nowhere");
    await dialog.getByLabel("Room for").fill("5");
    await inDialog("Set a rule");
    await said(/there is no place "W3\/Nowhere"/);
    await dialog.getByLabel("Place").fill("W3/Stock/A-01");
    assert.deepEqual(await findings(page), []);
    await inDialog("Set a rule");
    await gone();
    await page.getByRole("cell", { name: "W3/Stock/A-01" }).waitFor();
    return { sku, other };
  }

  /** At the desk several lines go where the rules say. */
  async function linesArePutAwayAsProposed({ sku, other }) {
    await show(page, `${base}/stock/to-put-away?warehouse=W3`);
    const row = (of) => page.getByRole("row", { name: new RegExp(of) });
    assert.match(await row(sku).innerText(), /W3\/Stock\/A-01/);
    await page.locator("th", { hasText: "SKU" }).click();
    await page.waitForURL(/sort=sku/);
    await settled(page);
    assert.equal(await page.locator("tbody tr").count(), 2);
    await row(other).getByRole("checkbox").check();
    assert.deepEqual(await findings(page), []);
    await press("Put away as proposed");
    await said(/^Put away as PA-/);
    await row(other).waitFor({ state: "detached" });
    assert.deepEqual(await lying(ask, "W3", other), { "W3/Stock": "3" });
  }

  /** By scan: the goods, then the place; a part to another place than the one proposed. */
  async function goodsArePutAwayByScan({ sku }) {
    await page.setViewportSize(HANDHELD);
    await show(page, `${base}/stock/put-away?warehouse=W3`);
    await said("Goods left: 1");
    await scan("W3/Stock/A-01");
    await alert(/Scan the goods first/);
    await scan(sku);
    const inHand = page.getByRole("region", { name: "Goods in hand" });
    await inHand.getByText("W3/Stock/A-01").waitFor();
    await inHand.getByText(/rule of priority 1, with room for 5/).waitFor();
    assert.equal(await inHand.getByLabel("Quantity").inputValue(), "5");
    assert.deepEqual(await findings(page), []);
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(width <= 360, `it is ${width} wide`);
    await inHand.getByLabel("Quantity").fill("9");
    // A code that is scanned into the field of the quantity is none.
    await scanned(page, "W3/Stock/B-01");
    await alert(/Only 8 of/);
    assert.equal(await inHand.getByLabel("Quantity").inputValue(), "9");
    await inHand.getByLabel("Quantity").fill("2");
    await scan("W3/Stock/B-01");
    await inHand.getByText("Of 6").waitFor();
    await scan("W3/Stock/A-01");
    await inHand.getByText("No rule has room for them").waitFor();
    assert.equal(await inHand.getByLabel("Quantity").inputValue(), "1");
    // And by keyboard alone.
    await inHand.getByLabel("Quantity").focus();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await said("Nothing is left to be put away.");
    const lies = { "W3/Stock": "1", "W3/Stock/A-01": "5", "W3/Stock/B-01": "2" };
    assert.deepEqual(await lying(ask, "W3", sku), lies);
    await page.setViewportSize(DESK);
  }

  async function goodsArePutAway() {
    const work = await warehouseReceivesInTwoSteps();
    await linesArePutAwayAsProposed(work);
    await goodsArePutAwayByScan(work);
  }

  return { goodsArePutAway };
}

/** A warehouse whose goods wait to be put away, with a rule about them. */
export async function prepareDock(ask) {
  await ask("/warehouses/receipt-steps", { warehouse: "WH", steps: 2 });
  for (const code of ["R1", "R2"]) await ask("/places", { parent: "WH/Stock", code });
  const [docked] = await receiveAt(ask, "WH", ["6"]);
  const before = await lying(ask, "WH", docked);
  const rule = { sku: docked, place: "WH/Stock/R1", priority: 1, capacity: "50" };
  await ask("/putaway-rules", { rules: [rule] });
  return { docked, waiting: before["WH/Input"] };
}

/** The part of the shift: put away without a network, and what another did meanwhile. */
export async function dockIsCleared(ways, { docked, sku }) {
  const { page, line, base, ask, scan, enter, fits, sendNow, one, inDialog, gone } = ways;
  await show(page, `${line.base}/shift`);
  await page.getByRole("link", { name: /^Put away WH/ }).click();
  await page.getByRole("heading", { level: 1, name: "Put away" }).waitFor();
  // What was received without a network waits here since it was sent.
  await page.getByText("Goods left: 2").waitFor();
  await one(`${sku}, WH/Input`).getByText(/^20 /).waitFor();
  line.cut();
  await scan("WH/Stock/R1");
  await page.getByRole("alert").getByText("Scan the goods first").waitFor();
  await scan(docked);
  const inHand = page.getByRole("region", { name: "Goods in hand" });
  await inHand.getByText("WH/Stock/R1").waitFor();
  await inHand.getByText(/rule of priority 1, with room for 50/).waitFor();
  await fits();
  await inHand.getByLabel("Quantity").fill("2");
  await scan("WH/Stock/R2");
  await inHand.getByText("Of 4").waitFor();
  await enter("Put away");
  await page.getByText("Goods left: 1").waitFor();
  await scan(sku);
  await inHand.getByLabel("Quantity").fill("20");
  await scan("WH/Stock/R2");
  await page.getByText("Nothing is left to be put away.").waitFor();
  await fits();
  // Another puts some of the same away meanwhile.
  const cookies = await page.context().cookies();
  const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join("; ");
  const headers = { cookie, "content-type": "application/json", "x-purser": "desk" };
  headers["idempotency-key"] = crypto.randomUUID();
  const lines = [{ sku, quantity: "15" }];
  const body = JSON.stringify({ warehouse: "WH", lines });
  const answer = await fetch(`${base}/api/v1/putaways`, { method: "POST", headers, body });
  assert.equal(answer.status, 200, await answer.text());
  line.mend();
  await show(page, `${line.base}/shift/queue`);
  await sendNow();
  const refused = page.getByRole("region", { name: `Put away, ${sku}` });
  await refused.getByText("The server refused this").waitFor();
  // What is refused of one item holds back no other.
  await one(`Put away, ${docked}`)
    .getByText(/booked as PA-/)
    .waitFor();
  await fits();
  await refused.getByRole("button", { name: "Edit" }).click();
  await page.getByRole("dialog").getByLabel("Quantity").fill("5");
  assert.deepEqual(await findings(page), []);
  await inDialog("Edit");
  await gone();
  await refused.getByText(/booked as PA-/).waitFor();
  const lies = await lying(ask, "WH", docked);
  assert.deepEqual(
    [lies["WH/Stock/R1"], lies["WH/Stock/R2"], lies["WH/Input"]],
    ["4", "2", undefined],
  );
  const other = await lying(ask, "WH", sku);
  assert.deepEqual([other["WH/Stock/R2"], other["WH/Input"]], ["5", undefined]);
  await show(page, `${line.base}/shift/put-away`);
  await page.getByText("Nothing is left to be put away.").waitFor();
}
