// What goes with records: files in versions, papers as PDF, what is measured ahead of a receipt, and
// who decides in whose name.
import assert from "node:assert/strict";
import { findings, settled, show } from "./browser.mjs";

/** The parts of the story that need the page, the server's address and its usual movements. */
export function paperStories({ page, base, ask, press, inDialog }) {
  const dialog = page.getByRole("dialog");
  const gone = () => dialog.waitFor({ state: "detached" });
  const certificate = (text) => ({
    name: "certificate.txt",
    mimeType: "text/plain",
    buffer: Buffer.from(text),
  });

  async function fileIsAttached({ address, number }) {
    await show(page, address);
    await page.getByRole("tab", { name: "Files" }).click();
    await page.getByText("No file is attached.").waitFor();
    const chooser = page.waitForEvent("filechooser");
    await press("Choose a file");
    await (await chooser).setFiles(certificate("first"));
    await page.getByLabel("Type").selectOption("certificate");
    await page.getByLabel("Expires").fill("2031-05-01");
    assert.deepEqual(await findings(page), []);
    await press("Attach");
    await page.getByText("Attached as version 1").waitFor();
    const row = page.getByRole("row", { name: /certificate\.txt/ });
    await row.getByRole("button", { name: "New version" }).click();
    const next = page.waitForEvent("filechooser");
    await dialog.getByLabel("File").click();
    await (await next).setFiles(certificate("second"));
    assert.deepEqual(await findings(page), []);
    await inDialog("New version");
    await gone();
    await page.getByText("Attached as version 2").waitFor();
    await settled(page);
    const saved = page.waitForEvent("download");
    await row.getByRole("link", { name: "Download certificate.txt" }).click();
    assert.equal((await saved).suggestedFilename(), "certificate.txt");
    const list = `${base}/data/documents?expires_before=2031-06-01`;
    await show(page, list);
    await page.getByRole("link", { name: number }).waitFor();
    await show(page, address);
    await page.getByRole("tab", { name: "Files" }).click();
    // What is dropped is asked about like what is chosen.
    const data = await page.evaluateHandle(() => {
      const carried = new DataTransfer();
      carried.items.add(new File(["dropped"], "note.txt", { type: "text/plain" }));
      return carried;
    });
    await page
      .getByText("or drop it here.")
      .dispatchEvent("drop", { dataTransfer: data, bubbles: true });
    await press("Attach");
    const dropped = page.getByRole("row", { name: /note\.txt/ });
    await dropped.getByRole("button", { name: "Detach" }).click();
    await dialog.getByLabel("Reason").fill("of another order");
    await inDialog("Detach");
    await gone();
    await dropped.waitFor({ state: "detached" });
    await page.getByLabel("Show replaced and detached files as well").click();
    await page.getByText(/of another order/).waitFor();
  }

  async function orderIsPrinted({ address }) {
    await show(page, address);
    const href = await page.getByRole("link", { name: "Print" }).getAttribute("href");
    const start = await page.evaluate(async (path) => {
      const answer = await fetch(path);
      return (await answer.text()).slice(0, 5);
    }, href);
    assert.equal(start, "%PDF-");
  }

  async function goodsAreMeasuredAhead() {
    const { lines: offers } = await ask("/offers?limit=1");
    const [{ sku, supplier }] = offers;
    await show(page, `${base}/stock/inspection-points`);
    await press("Set a point");
    await dialog.getByLabel("SKU").fill(sku);
    await dialog.getByLabel("Point").fill("height, mm");
    await dialog.getByLabel("At most").fill("50");
    await inDialog("Set a point");
    await gone();
    await page.getByRole("cell", { name: "height, mm" }).waitFor();
    const order = { supplier, warehouse: "WH", lines: [{ sku, quantity: "1200", price: "0.10" }] };
    const { order_id } = (await ask("/purchase-orders", { orders: [order] })).orders[0].order;
    await ask("/purchase-orders/submit", { order_id });
    await show(page, `${base}/buying/orders/${order_id}`);
    await press("Measure");
    await dialog.getByLabel("height, mm").fill("60");
    assert.deepEqual(await findings(page), []);
    await inDialog("Measure");
    await gone();
    await show(page, `${base}/stock/inspections-ahead?state=failed`);
    await press("Let in");
    await dialog.getByLabel("Reason").fill("the customer takes them");
    await inDialog("Let in");
    await gone();
    await show(page, `${base}/stock/inspections-ahead?state=passed`);
    await page.getByText(/the customer takes them/).waitFor();
    await show(page, `${base}/stock/inspection-points`);
    await press("Remove");
    await inDialog("Remove");
    await gone();
  }

  /** A rule asks, and another decides in one's name. */
  async function ruleAndDelegateAreSet() {
    await show(page, `${base}/system/approval-rules`);
    await press("Define a rule");
    await dialog.getByLabel("Code").fill("R1");
    await dialog.getByLabel(/^From this amount/).fill("5000");
    await dialog.getByLabel("Fact, Line 1").fill("price_over_offer_percent");
    await dialog.getByLabel("Above, Line 1").fill("10");
    assert.deepEqual(await findings(page), []);
    await inDialog("Define a rule");
    await gone();
    const rule = page.getByRole("row", { name: /R1/ });
    await rule.getByText("price_over_offer_percent above 10").waitFor();
    await rule.getByRole("button", { name: "Change" }).click();
    await dialog.getByLabel("Name").fill("dear goods");
    await inDialog("Change");
    await gone();
    await page.getByRole("cell", { name: "dear goods" }).waitFor();
    await page.getByRole("row", { name: /R1/ }).getByRole("button", { name: "Retire" }).click();
    await inDialog("Retire");
    await gone();
    await show(page, `${base}/system/delegations`);
    await press("Name a delegate");
    await dialog.getByRole("combobox", { name: "Delegate" }).click();
    await page.getByRole("option").filter({ visible: true, hasText: "Anna" }).first().click();
    const today = await dialog.getByLabel(/^From/).inputValue();
    await dialog.getByLabel(/^To\b/).fill(today);
    assert.deepEqual(await findings(page), []);
    await inDialog("Name a delegate");
    await gone();
    await press("End");
    await inDialog("End");
    await gone();
  }

  async function all(order) {
    await fileIsAttached(order);
    await orderIsPrinted(order);
    await goodsAreMeasuredAhead();
    await ruleAndDelegateAreSet();
  }

  return { all };
}
