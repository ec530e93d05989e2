// Money and goods that go back, by hand: stock is held against the ledger, goods are returned and claimed,
// suppliers are paid and customers pay, a channel pays out, and a supplier's proposals are approved at once.
import assert from "node:assert/strict";
import { findings, settled, show } from "./browser.mjs";

/** The parts of the story that need the page, the server's address and its usual movements. */
export function moneyStories({ page, base, ask, press, inDialog }) {
  const dialog = page.getByRole("dialog");
  const gone = () => dialog.waitFor({ state: "detached" });
  const rehearsed = (within = page) => within.locator("[data-rehearsed]").waitFor();
  const first = async (path) => (await ask(path)).lines[0];

  async function stockAgreesWithTheLedger() {
    await show(page, `${base}/books/stock-ledger`);
    const { lines } = await ask("/reports/stock-ledger");
    assert.equal(lines.length, 3);
    for (const line of lines) assert.equal(Number(line.difference.amount), 0, line.name);
    assert.deepEqual(await findings(page), []);
    // By warehouse the value is told alone; a line leads to its items, the balance to its account.
    await page.getByRole("combobox", { name: "By" }).click();
    await page.getByRole("option", { name: "warehouse" }).filter({ visible: true }).click();
    await page.waitForURL(/by=warehouse/);
    await settled(page);
    await page.locator("tbody a").first().click();
    await page.waitForURL(/stock-ledger\/lines/);
    await settled(page);
    assert.ok((await page.locator("tbody tr").count()) > 0);
    await show(page, `${base}/books/stock-ledger`);
    const [{ code, name }] = lines;
    const row = page.getByRole("row", { name: new RegExp(`${code} ${name}`) });
    await row.locator("a").nth(1).click();
    await page.waitForURL(/books\/ledger\?account_id=/);
    await settled(page);
    await show(page, `${base}/books/stock-ledger/days`);
    assert.ok((await page.locator("tbody tr").count()) > 0);
  }

  /** An order of which ten pieces came and six are billed. */
  async function received() {
    const { sku, supplier } = await first("/offers?limit=1");
    const lines = [{ sku, quantity: "10", price: "2.50" }];
    const made = await ask("/purchase-orders", {
      orders: [{ supplier, warehouse: "WH", lines }],
    });
    const { order_id } = made.orders[0].order;
    await ask("/purchase-orders/submit", { order_id });
    await ask("/purchase-orders/send", { order_id, recipient: "orders@supplier.example" });
    await ask("/receipts", { order_id, lines: [{ line: 1, quantity: "10" }] });
    const { total } = await ask(`/purchase-orders/${order_id}`);
    await ask("/bills", {
      supplier,
      reference: "INV-BACK",
      currency: total.currency,
      goods: [{ order_id, line: 1, quantity: "6" }],
    });
    return { order_id, supplier };
  }

  async function goodsGoBack() {
    const { order_id } = await received();
    await show(page, `${base}/buying/orders/${order_id}`);
    await press("Return goods");
    await dialog.getByLabel("Goes back, Line 1").fill("11");
    await dialog.getByText("This would be refused").waitFor();
    await dialog.getByLabel("Goes back, Line 1").fill("5");
    await rehearsed(dialog);
    await dialog.getByText("What it books").waitFor();
    assert.deepEqual(await findings(page), []);
    const before = await ask(`/supplier-returns?order_id=${order_id}`);
    assert.deepEqual(before.lines, [], "what is rehearsed is not done");
    await dialog.getByLabel(/^Reason/).fill("cracked");
    await inDialog("Return goods");
    await gone();
    const back = await first(`/supplier-returns?order_id=${order_id}`);
    assert.equal(back.state, "open");
    assert.equal(back.lines[0].waits, "1");
    await show(page, `${base}/buying/supplier-returns?state=open`);
    const row = page.getByRole("row", { name: new RegExp(back.number) });
    await row.getByRole("button", { name: "Enter credit note" }).click();
    await dialog.getByLabel(/^Credit note/).fill("CN-1");
    assert.deepEqual(await findings(page), []);
    await inDialog("Enter credit note");
    await gone();
    await row.waitFor({ state: "detached" });
    assert.equal((await first(`/supplier-returns?order_id=${order_id}`)).state, "settled");
    return order_id;
  }

  async function badGoodsAreClaimed(order_id) {
    const { number, order_number } = await first(`/receipts?order_id=${order_id}`);
    await show(page, `${base}/buying/receipts`);
    const row = page.getByRole("row", { name: new RegExp(`${number}.*${order_number}`) });
    await row.getByRole("button", { name: "Claim" }).click();
    await dialog.getByLabel(/^Quantity/).fill("1");
    await rehearsed(dialog);
    await dialog.getByText("The supplier then owes").waitFor();
    await dialog.getByLabel(/^Cause/).fill("wet");
    assert.deepEqual(await findings(page), []);
    await inDialog("Claim");
    await gone();
    const claim = await first("/claims?state=open");
    assert.deepEqual([claim.cause, claim.quantity], ["wet", "1"]);
  }

  async function supplierIsPaid() {
    const bill = await first("/open-documents?role=payable");
    await show(page, `${base}/books/payments/pay`);
    await page.getByRole("combobox", { name: "Supplier" }).fill(bill.partner);
    const option = page.getByRole("option", { name: new RegExp(`\\(${bill.partner}\\)`) });
    await option.filter({ visible: true }).click();
    await page.getByRole("checkbox", { name: `Select ${bill.number}` }).check();
    await rehearsed();
    assert.deepEqual(await findings(page), []);
    await page.getByLabel(/^Amount/).fill("1");
    await page.getByLabel("Reference of the payment").fill("BANK-1");
    await rehearsed();
    await press("Pay");
    await page.waitForURL(/payments\/\d+$/);
    await settled(page);
    assert.deepEqual(await findings(page), []);
    const one = `/open-documents?role=payable&partner=${bill.partner}`;
    const same = (line) => line.source_id === bill.source_id;
    const left = (await ask(one)).lines.find(same);
    assert.notEqual(left.agreed.amount, bill.agreed.amount, "a part of it is paid");
    // It was a slip: it is taken back with a reason, and all of it is open again.
    await press("Reverse");
    await rehearsed(dialog);
    await dialog.getByLabel(/^Reason/).fill("paid the wrong bill");
    await inDialog("Reverse");
    await gone();
    await page.getByText("reversed", { exact: true }).first().waitFor();
    assert.equal((await ask(one)).lines.find(same).agreed.amount, bill.agreed.amount);
  }

  async function customerPays() {
    const invoice = await first("/open-documents?role=receivable");
    await show(page, `${base}/books/open-items?role=receivable`);
    await page.getByRole("checkbox").nth(1).check();
    await page.getByRole("link", { name: "Receive payment", exact: true }).click();
    await page.waitForURL(/payments\/receive/);
    // What was selected is chosen, and all of it is paid unless somebody types another amount.
    await rehearsed();
    await page.getByRole("checkbox", { name: `Select ${invoice.number}` }).waitFor();
    assert.deepEqual(await findings(page), []);
    await press("Receive payment");
    await page.waitForURL(/payments\/\d+$/);
    const { lines } = await ask(`/open-documents?role=receivable&partner=${invoice.partner}`);
    assert.ok(!lines.some((line) => line.source_id === invoice.source_id), "it is settled");
  }

  async function channelPaysOut() {
    const held = await first("/open-documents?role=channel_clearing");
    await show(page, `${base}/books/clearing`);
    const row = page.getByRole("row", { name: new RegExp(held.number) });
    await row.getByRole("button", { name: "Enter payout" }).click();
    await dialog.getByLabel(/^What arrived/).fill("10");
    await dialog.getByLabel(/^What the channel kept/).fill("0.5");
    await rehearsed(dialog);
    assert.deepEqual(await findings(page), []);
    await inDialog("Enter payout");
    await gone();
    const paid = await first("/payments?kind=payout");
    assert.equal(Number(paid.amount.amount), 10);
    await show(page, `${base}/books/payouts`);
    await page.getByRole("link", { name: paid.number, exact: true }).waitFor();
  }

  async function suppliersProposalsAreApproved() {
    const { sku } = await first("/offers?limit=1");
    await ask("/replenishment-rules", {
      rules: [{ sku, place: "WH/Stock", min: "200000", max: "210000" }],
    });
    await ask("/replenishment-runs", { sku });
    await show(page, `${base}/buying/proposal-groups`);
    assert.deepEqual(await findings(page), []);
    const group = (await ask("/proposal-groups")).lines.find((one) => one.supplier !== "");
    const row = page.getByRole("row", { name: new RegExp(`\\b${group.supplier}\\b`) });
    await row.getByRole("button", { name: "Approve all of it" }).click();
    await inDialog("Approve all of it");
    await gone();
    await row.waitFor({ state: "detached" });
    const left = await ask(`/proposals?state=open&supplier=${group.supplier}`);
    assert.deepEqual(left.lines, []);
  }

  /** As who buys. */
  async function goods() {
    await badGoodsAreClaimed(await goodsGoBack());
    await suppliersProposalsAreApproved();
  }

  /** As who keeps the books. */
  async function books() {
    await stockAgreesWithTheLedger();
    await supplierIsPaid();
    await customerPays();
    await channelPaysOut();
  }

  return { goods, books };
}
