// Cycle counting is set up at the desk, from nothing to the first sheet; and a file that was taken over by
// mistake is taken back.
import assert from "node:assert/strict";
import { findings, settled, show } from "./browser.mjs";
import { receiveAt } from "./putAway.mjs";

export function countStories({ page, base, ask, press, inDialog }) {
  const dialog = page.getByRole("dialog");
  const gone = () => dialog.waitFor({ state: "detached" });
  const said = (text) => page.getByText(text).first().waitFor();
  const row = (name) => page.getByRole("row", { name });
  const told = () => dialog.locator('[data-rehearsed="true"]');
  const chooses = async (label, name) => {
    await dialog.getByRole("combobox", { name: label }).click();
    const option = page.getByRole("option", { name, exact: true });
    await option.filter({ visible: true }).click();
  };

  /** Which items are counted how often is said by their value. */
  async function itemsAreClassified() {
    await show(page, `${base}/data/count-profiles`);
    await press("New profile");
    await dialog.getByLabel(/^Name/).fill("movers");
    await dialog.getByLabel("Share of the value, %, Line 3").fill("10");
    assert.deepEqual(await findings(page), []);
    await inDialog("New profile");
    await said(/add up to|100/);
    await dialog.getByLabel("Share of the value, %, Line 3").fill("5");
    await dialog.getByLabel("Every so many days, Line 1").fill("14");
    await inDialog("New profile");
    await gone();
    const line = row(/movers/);
    await line.getByText("A: 80 %, every 14 days · B: 15 %, every 90 days").waitFor();
    // It is changed, and nothing of it is lost by that.
    await line.getByRole("button", { name: "Change" }).click();
    assert.equal(await dialog.getByLabel("Share of the value, %, Line 2").inputValue(), "15");
    await dialog.getByLabel("Every so many days, Line 2").fill("60");
    await inDialog("Change");
    await gone();
    await line.getByText("B: 15 %, every 60 days").waitFor();
    await line.getByRole("button", { name: "Classify anew" }).click();
    await told().getByRole("row", { name: /^A / }).waitFor();
    assert.deepEqual(await findings(page), []);
    const { lines: none } = await ask("/count-classes?profile=movers");
    assert.deepEqual(none, [], "it was only told");
    await inDialog("Classify anew");
    await said(/items classified/);
    await show(page, `${base}/data/count-classes?profile=movers&class=A`);
    const { lines } = await ask("/count-classes?profile=movers&class=A&limit=200");
    assert.ok(lines.length > 0);
    assert.equal(await page.locator("tbody tr").count(), Math.min(lines.length, 50));
    await page.locator("th", { hasText: "SKU" }).click();
    await page.waitForURL(/sort=sku/);
    await settled(page);
    await show(page, `${base}/data/count-profiles`);
    await line.getByRole("button", { name: "Remove" }).click();
    await inDialog("Remove");
    await gone();
    await line.waitFor({ state: "detached" });
    assert.deepEqual((await ask("/count-classes?profile=movers")).lines, []);
  }

  /** A place is said to be counted, is due, and comes on the first sheet. */
  async function firstSheetIsPlanned() {
    await ask("/warehouses", { code: "W4", name: "Fourth warehouse" });
    await receiveAt(ask, "W4", ["8", "3"]);
    await show(page, `${base}/data/count-places?warehouse=W4`);
    await said("No line fits these filters");
    await press("Set a rule");
    await dialog.getByLabel(/^Place/).fill("W4/Nowhere");
    await dialog.getByLabel(/^Every so many days/).fill("90");
    await inDialog("Set a rule");
    await said(/there is no place "W4\/Nowhere"/);
    await dialog.getByLabel(/^Place/).fill("W4/Stock");
    await dialog.getByLabel(/^Last counted/).fill("2010-01-01");
    assert.deepEqual(await findings(page), []);
    await inDialog("Set a rule");
    await gone();
    await page.getByRole("cell", { name: "W4/Stock" }).waitFor();
    await show(page, `${base}/stock/next-counts?warehouse=W4`);
    await row(/W4\/Stock/)
      .getByText("place", { exact: true })
      .waitFor();
    await press("Plan counts");
    await chooses("Warehouse", "Fourth warehouse");
    await told()
      .getByRole("row", { name: /due by cycle/ })
      .getByText("2", { exact: true })
      .waitFor();
    assert.deepEqual(await findings(page), []);
    const { lines: before } = await ask("/counts?warehouse=W4");
    assert.deepEqual(before, [], "it was only told");
    await inDialog("Plan counts");
    await page.waitForURL(/stock\/counts\/\d+$/);
    await settled(page);
    await page.getByLabel("Counted, Line 2").waitFor();
    await show(page, `${base}/stock/counts?warehouse=W4`);
    await row(/due by cycle/).waitFor();
    // What is on a sheet is due on no second one.
    await press("Plan counts");
    await chooses("Warehouse", "Fourth warehouse");
    await told().getByText("Nothing is due that is not on a sheet").waitFor();
    await dialog.getByRole("button", { name: "Cancel", exact: true }).click();
    await gone();
  }

  /** A file that was the wrong one is taken back; what somebody worked on stays. */
  async function importIsTakenBack() {
    const given = (text) =>
      page
        .locator('input[type="file"]')
        .setInputFiles({ name: "items.csv", mimeType: "text/csv", buffer: Buffer.from(text) });
    await show(page, `${base}/data/import?of=items`);
    await given("sku,name\nWRONG-1,Lmap\nWRONG-2,Shdae\n");
    await press("Try it");
    await said("What the file would do");
    await press("Take it over");
    await page.getByText("Taken over", { exact: true }).first().waitFor();
    await page.getByRole("link", { name: "Earlier imports" }).click();
    await page.waitForURL(/item-imports/);
    await settled(page);
    const latest = page.locator("tbody tr").first();
    const [one] = (await ask("/items?text=WRONG-2")).lines;
    await ask("/items/retire", { item_id: one.item_id, revision: one.revision });
    await latest.getByRole("button", { name: "Take back" }).click();
    await dialog.getByText(/1 of its items were changed since: WRONG-2/).waitFor();
    await dialog.getByRole("button", { name: "Cancel", exact: true }).click();
    await gone();
    const [imported] = (await ask("/item-imports")).lines;
    await show(page, `${base}/data/item-imports/lines?import_id=${imported.import_id}`);
    await page.getByRole("button", { name: "Changed since" }).click();
    await row(/WRONG-2/).waitFor();
    await row(/WRONG-1/).waitFor({ state: "detached" });
    await show(page, `${base}/data/import?of=items`);
    await given("sku,name\nWRONG-1,Lamp\nWRONG-3,Bulb\n");
    await press("Try it");
    await said("What the file would do");
    await press("Take it over");
    await page.getByText("Taken over", { exact: true }).first().waitFor();
    await show(page, `${base}/data/item-imports`);
    await latest.getByRole("button", { name: "Take back" }).click();
    await told().getByText("1 would be retired, 1 put back to what they were.").waitFor();
    assert.deepEqual(await findings(page), []);
    await dialog.getByLabel(/^Reason/).fill("the wrong file");
    await inDialog("Take back");
    await gone();
    await latest.getByText("taken back", { exact: true }).waitFor();
    const { lines } = await ask("/items?text=WRONG-");
    const now = lines.map(({ sku, name, active }) => [sku, name, active]).sort();
    assert.deepEqual(now, [
      ["WRONG-1", "Lmap", true],
      ["WRONG-2", "Shdae", false],
      ["WRONG-3", "Bulb", false],
    ]);
  }

  return {
    all: async () => {
      await itemsAreClassified();
      await firstSheetIsPlanned();
      await importIsTakenBack();
    },
  };
}
