// What is decided and set in the office: several approvals at once, policies, files of what has no page
// of its own, and many proposals.
import assert from "node:assert/strict";
import { findings, settled, show } from "./browser.mjs";

/** Lists whose rows have files, and how each of their records is called there. */
const WITH_FILES = [
  ["/buying/bills", "bills"],
  ["/sales/shipments", "shipments"],
  ["/sales/invoices", "invoices"],
  ["/sales/refunds", "refund-decisions"],
  ["/books/payments", "payments"],
  ["/data/warehouses", "warehouses"],
];

/** The parts of the story that need the page, the server's address and its usual movements. */
export function officeStories({ page, base, ask, press, inDialog }) {
  const dialog = page.getByRole("dialog");
  const gone = () => dialog.waitFor({ state: "detached" });

  /** As the buyer: three orders beyond the own limit. */
  async function severalAreAskedFor() {
    const [{ sku, supplier }] = (await ask("/offers?limit=1")).lines;
    const lines = [{ sku, quantity: "12000", price: "95.50" }];
    const order = { supplier, warehouse: "WH", lines };
    const { orders } = await ask("/purchase-orders", { orders: [order, order, order] });
    for (const { order: made } of orders) {
      const { state } = await ask("/purchase-orders/submit", { order_id: made.order_id });
      assert.equal(state, "to_approve");
    }
    return orders.map(({ order: made }) => made);
  }

  /** As who may: two are approved with one press, and the third is refused with a reason. */
  async function severalAreDecidedAtOnce(orders) {
    const numbers = orders.map(({ number }) => number);
    await show(page, `${base}/system/approvals?kind=purchase_order`);
    const rowOf = (number) => page.getByRole("row", { name: new RegExp(number) });
    for (const number of numbers.slice(0, 2)) await rowOf(number).getByRole("checkbox").check();
    await page.getByText("2 selected", { exact: true }).waitFor();
    await press("Approve");
    await page.getByText("2 decided", { exact: true }).waitFor();
    for (const number of numbers.slice(0, 2)) await rowOf(number).waitFor({ state: "detached" });
    await rowOf(numbers[2]).getByRole("checkbox").check();
    await press("Refuse");
    await dialog.getByLabel("Reason").fill("twice is enough");
    assert.deepEqual(await findings(page), []);
    await inDialog("Refuse");
    await gone();
    await rowOf(numbers[2]).waitFor({ state: "detached" });
    const states = [];
    for (const { order_id } of orders) {
      states.push((await ask(`/purchase-orders/${order_id}`)).state);
    }
    assert.deepEqual(states, ["approved", "approved", "draft"]);
  }

  async function policyIsSet() {
    await show(page, `${base}/system/policies`);
    const { lines } = await ask("/policies");
    const before = lines.find((one) => one.name === "send_orders_by_mail").value;
    const row = page.getByRole("row", { name: /send_orders_by_mail/ });
    await row.getByRole("button", { name: "Set" }).click();
    await dialog.getByLabel("Value").fill("perhaps");
    await inDialog("Set");
    await page.getByText("That did not work").waitFor();
    await dialog.getByLabel("Value").fill("yes");
    assert.deepEqual(await findings(page), []);
    await inDialog("Set");
    await gone();
    await row.getByText("yes", { exact: true }).waitFor();
    await ask("/policies", { name: "send_orders_by_mail", value: before });
  }

  /** A program gets a key, asks with it, and is told no once the key is revoked. */
  async function keyIsMadeAndRevoked() {
    await show(page, `${base}/system/keys`);
    await press("New key");
    await dialog.getByLabel(/^Name/).fill("till");
    await dialog.getByLabel(/^Permissions/).fill("stock.read");
    await page.keyboard.press("Enter");
    await dialog.getByLabel(/^Expires/).fill("2011-01-15");
    assert.deepEqual(await findings(page), []);
    await inDialog("New key");
    const shown = page.getByRole("dialog", { name: "The new key" });
    const key = await shown.locator("code").innerText();
    assert.match(key, /^pk_\d+_/);
    assert.deepEqual(await findings(page), []);
    await shown.getByRole("button", { name: "Close" }).click();
    await gone();
    const asks = async (path) => {
      const headers = { authorization: `Bearer ${key}` };
      return (await fetch(`${base}/api/v1${path}`, { headers })).status;
    };
    assert.deepEqual([await asks("/warehouses"), await asks("/users")], [200, 403]);
    await page.getByRole("row", { name: /till/ }).getByRole("button", { name: "Revoke" }).click();
    assert.deepEqual(await findings(page), []);
    await inDialog("Revoke");
    await gone();
    await page.getByRole("button", { name: "Valid only" }).click();
    await page.getByRole("row", { name: /till/ }).waitFor({ state: "detached" });
    assert.equal(await asks("/warehouses"), 401);
  }

  async function filesAreAttachedInLists() {
    for (const [address, path] of WITH_FILES) {
      const { lines } = await ask(`/${path}`);
      assert.ok(lines.length > 0, `there are ${path}`);
      await show(page, base + address);
      await page
        .getByRole("button", { name: /^Files of / })
        .first()
        .click();
      await dialog.getByText("No file is attached.").waitFor();
      const chooser = page.waitForEvent("filechooser");
      await inDialog("Choose a file");
      const buffer = Buffer.from(`a note on ${path}`);
      await (await chooser).setFiles({ name: `${path}.txt`, mimeType: "text/plain", buffer });
      assert.deepEqual(await findings(page), []);
      await inDialog("Attach");
      await dialog.getByRole("row", { name: new RegExp(`${path}\\.txt`) }).waitFor();
      await page.keyboard.press("Escape");
      await gone();
      await settled(page);
    }
  }

  /** More than a page is selected at once, as many as one act takes. */
  async function moreThanAPageIsSelected() {
    const { lines } = await ask("/offers?limit=200");
    const skus = [...new Set(lines.map(({ sku }) => sku))].slice(0, 60);
    const rules = skus.map((sku) => ({ sku, place: "WH/Stock", min: "90000", max: "95000" }));
    await ask("/replenishment-rules", { rules });
    await ask("/replenishment-runs", {});
    await show(page, `${base}/buying/proposals?state=open`);
    await page.getByRole("checkbox", { name: "Select all of this page" }).check();
    await page.getByText("50 selected", { exact: true }).waitFor();
    await press("Select the first 500 of the list");
    await page.getByText(/^(5[1-9]|[6-9]\d|\d{3}) selected$/).waitFor();
    const told = await page.getByText(/^\d+ selected$/).innerText();
    assert.deepEqual(await findings(page), []);
    await press("Approve");
    await page.getByText(new RegExp(`^${Number.parseInt(told, 10)} approved`)).waitFor();
    await page.getByText(/^\d+ selected$/).waitFor({ state: "detached" });
    await settled(page);
  }

  async function all(orders) {
    await severalAreDecidedAtOnce(orders);
    await policyIsSet();
    await keyIsMadeAndRevoked();
    await filesAreAttachedInLists();
    await moreThanAPageIsSelected();
  }

  return { severalAreAskedFor, all };
}
