// Further companies, costing methods, costs and captures, by hand.
import assert from "node:assert/strict";
import { findings, settled, show } from "./browser.mjs";

/** A further company is opened and worked in, and the first one again. */
export async function companiesAreChanged({ page, base, ask }) {
  const dialog = page.getByRole("dialog");
  await show(page, `${base}/system/companies`);
  await page.getByRole("button", { name: "Open a company" }).click();
  await dialog.getByLabel(/^Name/).fill("Acme Europe");
  await dialog.getByLabel(/^Country/).fill("de");
  await dialog.getByLabel(/^Time zone/).fill("Europe/Berlin");
  assert.deepEqual(await findings(page), []);
  await dialog.getByRole("button", { name: "Open a company" }).click();
  await dialog.waitFor({ state: "detached" });
  const row = page.getByRole("row", { name: /Acme Europe/ });
  const left = await page.context().newPage();
  await show(left, `${base}/system/companies`);
  await row.getByRole("button", { name: "Work here" }).click();
  await page.waitForURL(`${base}/`);
  await page.getByText("Acme Europe", { exact: true }).first().waitFor();
  await settled(page);
  // What another page still shows of the company before is not done in this one.
  await left.getByRole("button", { name: "Open a company" }).click();
  const asked = left.getByRole("dialog");
  await asked.getByLabel(/^Name/).fill("Acme by mistake");
  await asked.getByLabel(/^Country/).fill("de");
  await asked.getByLabel(/^Time zone/).fill("Europe/Berlin");
  await asked.getByRole("button", { name: "Open a company" }).click();
  await left
    .getByText(/somebody else is signed in/)
    .first()
    .waitFor();
  await left.close();
  const names = (await ask("/companies")).lines.map((one) => one.name);
  assert.ok(!names.includes("Acme by mistake"));
  const accounts = await ask("/accounts");
  assert.ok(accounts.lines.length > 0, "it has its accounts");
  await page.getByRole("button", { name: /Ada/ }).click();
  await page.getByRole("menuitem", { name: "Acme", exact: true }).click();
  await page.waitForFunction(async () => {
    const answer = await fetch("/api/v1/session");
    return (await answer.json()).me?.company === "Acme";
  });
  await page.waitForURL(`${base}/`);
  await settled(page);
}

/** The parts of the story that need the page, the server's address and its usual movements. */
export function costStories({ page, base, ask, inDialog }) {
  const dialog = page.getByRole("dialog");
  const gone = () => dialog.waitFor({ state: "detached" });
  const rehearsed = () => dialog.locator("[data-rehearsed]").waitFor();
  const first = async (path) => (await ask(path)).lines[0];

  async function categoryGetsItsMethod() {
    await show(page, `${base}/books/category-methods`);
    assert.deepEqual(await findings(page), []);
    const { code } = await first("/costing-methods/categories");
    const row = page.getByRole("row", { name: new RegExp(`\\b${code}\\b`) }).first();
    await row.getByRole("button", { name: "Set the method" }).click();
    await dialog.getByLabel("Costing method").selectOption("fifo");
    await rehearsed();
    assert.deepEqual(await findings(page), []);
    await inDialog("Set the method");
    await gone();
    const now = await first("/costing-methods/categories");
    assert.deepEqual([now.method, now.own], ["fifo", true]);
    assert.ok(now.since);
  }

  async function costIsChanged() {
    const held = (await ask("/costing-methods")).lines.find((line) => Number(line.quantity) > 0);
    await show(page, `${base}/stock/items/${held.item_id}`);
    await page.getByRole("tab", { name: "Costs of items" }).click();
    await page.getByRole("button", { name: "Change the cost" }).click();
    await dialog.getByLabel(/^New unit cost/).fill("1.25");
    await rehearsed();
    await dialog.getByText("What it books").waitFor();
    assert.deepEqual(await findings(page), []);
    const before = await first(`/costing-methods?sku=${held.sku}`);
    assert.equal(before.value.amount, held.value.amount, "what is rehearsed is not done");
    await dialog.getByLabel(/^Reason/).fill("a new price list");
    await inDialog("Change the cost");
    await gone();
    const now = await first(`/costing-methods?sku=${held.sku}`);
    assert.equal(Number(now.unit_cost), 1.25);
    await show(page, `${base}/books/cost-changes?sku=${held.sku}`);
    assert.ok((await page.locator("tbody tr").count()) > 0);
    await show(page, `${base}/books/costing-methods?sku=${held.sku}`);
    await page.getByRole("button", { name: "Change the method" }).click();
    await dialog.getByLabel("Costing method").selectOption("fifo");
    await rehearsed();
    assert.deepEqual(await findings(page), []);
    await dialog.getByLabel(/^Reason/).fill("as the auditors ask");
    await inDialog("Change the method");
    await gone();
    assert.equal((await first(`/costing-methods?sku=${held.sku}`)).method, "fifo");
  }

  async function captureIsEntered() {
    const open = (await ask("/sales-orders?state=accepted")).lines;
    const order = open.find((line) => line.prepaid);
    await show(page, `${base}/sales/orders/${order.order_id}`);
    await page.getByRole("button", { name: "Enter capture" }).click();
    await dialog.getByLabel(/^Amount/).fill("1");
    await dialog.getByLabel("Reference of the payment").fill("SHOP-1");
    await rehearsed();
    assert.deepEqual(await findings(page), []);
    await inDialog("Enter capture");
    await gone();
    const taken = await first("/payments?kind=capture&reference=SHOP-1");
    assert.equal(Number(taken.amount.amount), 1);
  }

  /** As who keeps the books. */
  async function all() {
    await categoryGetsItsMethod();
    await costIsChanged();
    await captureIsEntered();
  }

  return { all };
}
