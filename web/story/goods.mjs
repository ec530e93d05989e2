// Goods in the warehouse: lists of several orders, whose list it is, what goes back, what stands on a
// package and on a place.
import assert from "node:assert/strict";
import { findings, settled, show } from "./browser.mjs";

/** The parts of the story that need the page, the server's address and its usual movements. */
export function goodsStories({ page, base, ask, press, inDialog }) {
  const dialog = page.getByRole("dialog");
  const gone = () => dialog.waitFor({ state: "detached" });
  const said = (text) => page.getByText(text).first().waitFor();
  const pickLines = async (order_id) => (await ask(`/pick-lines?order_id=${order_id}`)).lines;

  /** Orders of one piece each, of goods that are free. */
  async function sell(count) {
    const { lines: channels } = await ask("/channels");
    const { code: channel } = channels.find((one) => one.active && one.warehouse === "WH");
    const { lines: stock } = await ask("/stock?warehouse=WH&class=normal&limit=200");
    const free = stock.filter(
      (line) => !line.lot && Number(line.on_hand) - Number(line.reserved) > 9,
    );
    const orders = [];
    for (const [at, { sku }] of free.slice(0, count).entries()) {
      const lines = [{ sku, quantity: "1", price: "1" }];
      const sale = { channel, country: "DE", external_ref: `BATCH-${at}`, lines };
      orders.push({ ...(await ask("/sales-orders", sale)), sku });
    }
    return orders;
  }

  async function ordersArePickedTogether() {
    const [kept, dropped] = await sell(2);
    await show(page, `${base}/stock/picks`);
    await press("Plan picks");
    await dialog.getByRole("combobox", { name: "Kind" }).selectOption("batch");
    await dialog.getByLabel("Orders for each list").fill("0");
    const plan = dialog.getByRole("button", { name: "Plan picks", exact: true });
    assert.ok(await plan.isDisabled(), "no list is of no order");
    await dialog.getByLabel("Orders for each list").fill("50");
    await dialog.getByRole("combobox", { name: "Warehouse" }).click();
    const here = page.getByRole("option", { name: "Warehouse", exact: true });
    await here.filter({ visible: true }).click();
    assert.deepEqual(await findings(page), []);
    await inDialog("Plan picks");
    await said(/^Planned: /);
    await gone();
    const [list] = (await ask(`/pick-lists?order_id=${kept.order_id}`)).lines;
    const [other] = (await ask(`/pick-lists?order_id=${dropped.order_id}`)).lines;
    assert.deepEqual([list.kind, other.list_id], ["batch", list.list_id], "one list has both");
    return { list, kept, dropped };
  }

  async function listIsSomebodys({ list }) {
    await show(page, `${base}/stock/picks/${list.list_id}`);
    await press("Assign");
    await dialog.getByRole("combobox", { name: "Picker" }).click();
    const will = page.getByRole("option").filter({ visible: true, hasText: "Will" });
    await will.first().click();
    assert.deepEqual(await findings(page), []);
    await inDialog("Assign");
    await gone();
    const read = async () => (await ask(`/pick-lists/${list.list_id}`)).list.picker;
    assert.match(await read(), /Will/);
    await press("Take this list");
    await page.getByRole("button", { name: "Take this list" }).waitFor({ state: "detached" });
    assert.match(await read(), /Lee/);
  }

  /** What was taken for an order that is then cancelled goes back to its place. */
  async function goodsGoBack({ list, kept, dropped }) {
    for (const { order_id } of [kept, dropped]) {
      const [{ place, sku }] = await pickLines(order_id);
      const lines = [{ place, code: sku, quantity: "1" }];
      await ask("/pick-lists/pick", { list_id: list.list_id, lines });
    }
    await ask("/sales-orders/cancel", { order_id: dropped.order_id, reason: "changed his mind" });
    await show(page, `${base}/stock/picks/${list.list_id}`);
    await press("Put back");
    await dialog.getByText(dropped.sku).waitFor();
    assert.deepEqual(await findings(page), []);
    await inDialog("Put back");
    await gone();
    await page.getByRole("button", { name: "Put back" }).waitFor({ state: "detached" });
    const [line] = await pickLines(dropped.order_id);
    assert.equal(Number(line.to_put_back), 0);
  }

  async function packageIsLabelledAndUnpacked({ kept }) {
    await show(page, `${base}/stock/packing/${kept.order_id}`);
    await press("Pack everything");
    await said("Everything that was picked is in packages.");
    await settled(page);
    const [made] = (await ask(`/packages?order_id=${kept.order_id}`)).lines;
    await show(page, `${base}/stock/packages/${made.package_id}`);
    await press("Label");
    await dialog.getByLabel("Carrier").fill("UPS");
    await dialog.getByLabel("Weight, g").fill("heavy");
    const label = dialog.getByRole("button", { name: "Label", exact: true });
    assert.ok(await label.isDisabled(), "a weight is a number");
    await dialog.getByLabel("Weight, g").fill("1200");
    await inDialog("Label");
    await gone();
    const read = async () => (await ask(`/packages/${made.package_id}`)).package;
    const { carrier, weight_grams } = await read();
    assert.deepEqual([carrier, weight_grams], ["UPS", 1200]);
    await press("Unpack");
    await dialog.getByLabel("Reason").fill("the box is torn");
    await inDialog("Unpack");
    await gone();
    await said("unpacked");
    assert.equal((await read()).state, "unpacked");
    const [line] = await pickLines(kept.order_id);
    assert.equal(Number(line.packed), 0, "the goods wait to be packed again");
  }

  async function placeIsLabelled() {
    await show(page, `${base}/data/places`);
    await page.getByRole("textbox", { name: "Place begins with" }).fill("WH/Sto");
    await page.waitForURL(/path=WH/);
    await settled(page);
    const row = page.getByRole("row", { name: /WH\/Stock/ }).first();
    await row.getByRole("button", { name: "Print labels" }).click();
    await dialog.getByLabel("Copies").fill("2");
    assert.deepEqual(await findings(page), []);
    const [asked] = await Promise.all([
      page.context().waitForEvent("request", (one) => /places\/\d+\/label/.test(one.url())),
      inDialog("Print labels"),
    ]);
    await gone();
    const start = await page.evaluate(async (path) => {
      const answer = await fetch(path);
      return (await answer.text()).slice(0, 5);
    }, asked.url());
    assert.equal(start, "%PDF-");
    for (const opened of page.context().pages()) if (opened !== page) await opened.close();
  }

  async function all() {
    const work = await ordersArePickedTogether();
    await listIsSomebodys(work);
    await goodsGoBack(work);
    await packageIsLabelledAndUnpacked(work);
    await placeIsLabelled();
  }

  return { all };
}
