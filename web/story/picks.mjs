// Goods on their way out at the desk: planned, picked with one short, packed by scan and sent off; and
// reports whose totals lead to their rows.
import assert from "node:assert/strict";
import { findings, scanned, settled, show } from "./browser.mjs";

const HANDHELD = { width: 360, height: 740 };
const DESK = { width: 1280, height: 800 };

/** The parts of the story that need the page, the server's address and its usual movements. */
export function pickStories({ page, base, ask, press, inDialog }) {
  const dialog = page.getByRole("dialog");
  const gone = () => dialog.waitFor({ state: "detached" });
  const scan = async (code) => {
    await page.evaluate(() => document.activeElement?.blur());
    await scanned(page, code);
  };
  const alert = (text) => page.getByRole("alert").getByText(text).first().waitFor();

  async function orderIsPickedPackedAndShipped() {
    const { lines: channels } = await ask("/channels");
    const { code: channel } = channels.find((one) => one.active && one.warehouse === "WH");
    const { lines: stock } = await ask("/stock?warehouse=WH&class=normal&limit=200");
    const free = stock.filter(
      (line) => !line.lot && Number(line.on_hand) - Number(line.reserved) > 9,
    );
    const [taken, short, other] = free;
    const order = await ask("/sales-orders", {
      channel,
      country: "DE",
      external_ref: "DESK-PICK",
      lines: [
        { sku: taken.sku, quantity: "2", price: "1" },
        { sku: short.sku, quantity: "3", price: "1" },
      ],
    });
    const lines = async () => (await ask(`/pick-lines?order_id=${order.order_id}`)).lines;

    await show(page, `${base}/stock/picks`);
    await press("Plan picks");
    await dialog.getByRole("combobox", { name: "Warehouse" }).click();
    const here = page.getByRole("option", { name: "Warehouse", exact: true });
    await here.filter({ visible: true }).click();
    assert.deepEqual(await findings(page), []);
    await inDialog("Plan picks");
    await page.getByText(/^Planned: /).waitFor();
    await gone();
    const [list] = (await ask(`/pick-lists?order_id=${order.order_id}`)).lines;

    await page.setViewportSize(HANDHELD);
    await show(page, `${base}/stock/picks/${list.list_id}`);
    await scan(taken.sku);
    await alert(/is no place of this list/);
    await scan(taken.place);
    await page.getByText(`Goods at ${taken.place}, or another place`).waitFor();
    await scan(other.sku);
    await alert(/is not on list/);
    // Two scans of the same goods are two pieces, however fast they come.
    await scan(taken.sku);
    await scan(taken.sku);
    await page.getByText("Stops left: 1").waitFor();
    assert.equal((await lines()).find((one) => one.sku === taken.sku).picked, "2");
    assert.deepEqual(await findings(page), []);

    await press("Not found");
    await dialog.getByLabel("Reason").fill("the shelf is empty");
    await dialog.getByLabel("How many were found").fill("1");
    await dialog
      .getByRole("combobox", { name: "What becomes of the rest" })
      .selectOption("back_order");
    assert.deepEqual(await findings(page), []);
    await inDialog("Not found");
    await page.getByText(/lacks 2 of/).waitFor();
    await gone();
    await page.getByText("Nothing is left to be taken.").waitFor();
    const missed = (await lines()).find((one) => one.sku === short.sku);
    assert.deepEqual([missed.picked, missed.missed], ["1", "2"]);
    const counts = (await ask("/counts?state=open&limit=50")).lines;
    assert.ok(counts.length > 0, "the place is to be counted");

    await page.getByRole("link", { name: order.number }).click();
    await page.waitForURL(/\/stock\/packing\/\d+$/);
    await settled(page);
    await scan(other.sku);
    await alert(/was not picked for order/);
    await scan(taken.sku);
    await scan(taken.sku);
    await page.getByText(/Still to be packed: 1 /).waitFor();
    await scan(short.sku);
    await page.getByText("Everything that was picked is in packages.").waitFor();
    await settled(page);
    const fits = await page.evaluate(() => document.documentElement.scrollWidth <= 360);
    assert.ok(fits, "packing fits a handheld");
    assert.deepEqual(await findings(page), []);
    await page.setViewportSize(DESK);
    await press("Close package");
    await dialog.getByLabel("Carrier").fill("DHL");
    await dialog.getByLabel("Weight, g").fill("750");
    assert.deepEqual(await findings(page), []);
    await inDialog("Close package");
    await gone();
    const [made] = (await ask(`/packages?order_id=${order.order_id}`)).lines;
    assert.deepEqual([made.state, made.carrier, made.weight_grams], ["ready", "DHL", 750]);

    await show(page, `${base}/stock/ready-packages`);
    await page.getByRole("cell", { name: made.number }).waitFor();
    await page.goto(`${base}/data/import?of=tracking`);
    await page.locator('input[type="file"]').setInputFiles({
      name: "tracking.csv",
      mimeType: "text/csv",
      buffer: Buffer.from(`package_number,tracking\n${made.number},JD0001\n`),
    });
    await press("Try it");
    await page.getByText("What the file would do").waitFor();
    await press("Take it over");
    await page.getByText("Taken over").first().waitFor();

    await show(page, `${base}/stock/packages?state=ready`);
    await page.getByRole("cell", { name: "JD0001" }).waitFor();
    await page.getByRole("checkbox", { name: `Select ${made.number}` }).check();
    await press("Send off");
    await page.getByText(/^Shipped as /).waitFor();
    const [left] = (await ask(`/packages?order_id=${order.order_id}`)).lines;
    assert.deepEqual([left.state, left.tracking], ["shipped", "JD0001"]);
    assert.ok((await lines()).every((one) => one.shipped === one.picked));

    await show(page, `${base}/sales/orders/${order.order_id}`);
    await page.getByRole("tab", { name: "Packages" }).click();
    await page.getByRole("cell", { name: made.number }).waitFor();
    await page.getByRole("tab", { name: "Lines to pick" }).click();
    await page.getByRole("cell", { name: list.number }).first().waitFor();
    assert.deepEqual(await findings(page), []);
  }

  /** A total's rows are those that it sums: as many, by the server's own count. */
  async function totalLeadsToItsRows() {
    const { lines: months } = await ask("/reports/fill-rate?by=channel_month&limit=50");
    const total = months.find((one) => one.lines > 0 && one.lines <= 200) ?? months[0];
    await show(page, `${base}/reports/overview`);
    await page
      .getByRole("link", { name: /^Fill rate/ })
      .first()
      .click();
    await page.waitForURL(/reports\/fill-rate$/);
    await settled(page);
    await show(page, `${base}/reports/fill-rate?by=channel_month`);
    const row = page.getByRole("row").filter({ hasText: total.month }).filter({
      hasText: total.channel,
    });
    await row.first().getByRole("link").click();
    await page.waitForURL(/reports\/fill-rate\/lines\?/);
    await settled(page);
    const query = new URL(page.url()).searchParams;
    let found = 0;
    let cursor;
    do {
      if (cursor) query.set("cursor", cursor);
      query.set("limit", "200");
      const answer = await ask(`/reports/fill-rate/lines?${query}`);
      found += answer.lines.length;
      cursor = answer.next_cursor;
    } while (cursor);
    assert.equal(found, total.lines);

    await show(page, `${base}/reports/stock-aging`);
    await page.locator("tbody a.plain-link").first().click();
    await page.waitForURL(/stock-aging\/lines\?/);
    await settled(page);
    await show(page, `${base}/reports/turnover`);
    await page.locator("tbody a.plain-link").first().click();
    await page.waitForURL(/stock-card\?.*basis=posted_on/);
    await settled(page);
    await page.getByText("opening balance").first().waitFor();
    await page.getByText("closing balance").first().waitFor();
    assert.deepEqual(await findings(page), []);
  }

  return { orderIsPickedPackedAndShipped, totalLeadsToItsRows };
}
