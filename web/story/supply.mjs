// A warehouse is supplied by another one: the rule, the proposal with its reasons, and the transfer.
import assert from "node:assert/strict";
import { findings, settled, show } from "./browser.mjs";

/** The parts of the story that need the page, the server's address and its usual movements. */
export function supplyStories({ page, base, ask, press, inDialog }) {
  const dialog = page.getByRole("dialog");
  const gone = () => dialog.waitFor({ state: "detached" });
  // A star stands after what is required.
  const fill = (label, text) => dialog.getByLabel(new RegExp(`^${label}( \\*)?$`)).fill(text);

  async function ruleIsTyped(sku, place, source) {
    await press("Set a rule");
    await fill("SKU", sku);
    await fill("Place", place);
    await fill("Minimum", "5");
    await fill("Maximum", "5");
    await dialog.getByRole("combobox", { name: "From warehouse" }).click();
    const option = page.getByRole("option", { name: source, exact: true });
    await option.filter({ visible: true }).click();
  }

  /** The second warehouse is there already. */
  async function warehouseIsSupplied() {
    const { lines } = await ask("/stock?warehouse=WH&class=normal&limit=100");
    const { sku } = lines.find((line) => Number(line.on_hand) > Number(line.reserved) + 1);
    await show(page, `${base}/buying/rules?sku=${sku}`);
    await ruleIsTyped(sku, "W2/Stock", "Warehouse");
    assert.deepEqual(await findings(page), []);
    await inDialog("Set a rule");
    await gone();
    await page.getByRole("cell", { name: "W2/Stock", exact: true }).waitFor();
    await ruleIsTyped(sku, "WH/Stock", "Second warehouse");
    await inDialog("Set a rule");
    await page.getByText(/would go in a circle: WH from W2 from WH/).waitFor();
    await dialog.getByRole("button", { name: "Cancel", exact: true }).click();
    await gone();

    await ask("/replenishment-runs", { sku });
    await show(page, `${base}/buying/proposals?source=WH&state=open`);
    await press("Why?");
    await page.getByText("Replayed now: the same number").waitFor();
    await page.getByText("What WH has", { exact: true }).waitFor();
    assert.deepEqual(await findings(page), []);
    await page.keyboard.press("Escape");
    await gone();
    await page.getByRole("checkbox", { name: "Select all of this page" }).check();
    await press("Approve");
    await page.getByText("1 approved: 0 orders, 1 transfers").waitFor();
    await settled(page);
    const planned = (await ask("/transfers?from=WH&to=W2&state=planned")).lines;
    assert.equal(planned.length, 1);
  }

  return { warehouseIsSupplied };
}
