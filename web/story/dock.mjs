// Goods at the dock: scanned at a handheld without the order, matched and booked at the desk; what fits
// no order waits without value until it is identified and received.
import assert from "node:assert/strict";
import { findings, scanned, settled, show } from "./browser.mjs";

const HANDHELD = { width: 360, height: 740 };
const DESK = { width: 1280, height: 800 };

/** The parts of the story that need the page, the server's address and its usual movements. */
export function dockStories({ page, base, ask, press, inDialog }) {
  const dialog = page.getByRole("dialog");
  const gone = () => dialog.waitFor({ state: "detached" });
  const scan = async (code) => {
    await page.evaluate(() => document.activeElement?.blur());
    await scanned(page, code);
  };

  /** An order of two pieces of an item that nothing else is due of, and the receipt of its supplier. */
  async function ordered() {
    const { lines: offers } = await ask("/offers?limit=200");
    const { lines: due } = await ask("/reports/open-purchase-lines?limit=200");
    const offer = offers.find((one) => !due.some((line) => line.sku === one.sku));
    const { orders } = await ask("/purchase-orders", {
      orders: [
        {
          supplier: offer.supplier,
          warehouse: "WH",
          currency: offer.currency,
          lines: [{ sku: offer.sku, quantity: "2", unit: null, price: "1" }],
        },
      ],
    });
    const { order_id } = orders[0].order;
    await ask("/purchase-orders/submit", { order_id });
    return { ...offer, order_id };
  }

  async function blindReceiptIsScannedMatchedAndBooked() {
    const { supplier, sku, order_id } = await ordered();
    const { blind_receipt_id: id, number } = await ask("/blind-receipts", {
      supplier,
      warehouse: "WH",
    });
    await page.setViewportSize(HANDHELD);
    await show(page, `${base}/stock/blind-receipts/${id}`);
    await scan("no such code");
    await page
      .getByRole("alert")
      .getByText(/no item has the code/)
      .first()
      .waitFor();
    // The answer to the first scan is lost: the piece is scanned again, and counts once.
    const lost = async (route) => {
      await route.fetch();
      await route.abort();
    };
    await page.route("**/api/v1/blind-receipts/scan", lost, { times: 1 });
    const answerLost = page.waitForEvent("requestfailed");
    await scan(sku);
    await answerLost;
    await settled(page);
    await scan(sku);
    await page
      .getByText(/^Scanned: /)
      .first()
      .waitFor();
    await scan(sku);
    await page.getByRole("tab", { name: /Scans 2/ }).waitFor();
    assert.deepEqual(await findings(page), []);
    await press("Describe goods");
    await dialog.getByLabel("Description").fill("a blue box");
    assert.deepEqual(await findings(page), []);
    await inDialog("Describe goods");
    await gone();
    await page.getByRole("tab", { name: /Scans 3/ }).waitFor();

    await page.setViewportSize(DESK);
    await page.getByRole("tab", { name: "What it fits" }).click();
    await page.getByText("item unknown").waitFor();
    await settled(page);
    assert.deepEqual(await findings(page), []);
    await press("Book");
    await inDialog("Book");
    await page.getByText("Booked: 1 receipts, 1 unknown goods").waitFor();
    await gone();
    await page.getByText("booked", { exact: true }).first().waitFor();
    const order = await ask(`/purchase-orders/${order_id}`);
    assert.equal(order.lines[0].received, "2");
    await unknownGoodsEnd(number, { supplier, sku });
  }

  async function unknownGoodsEnd(number, { supplier, sku }) {
    const { lines } = await ask("/unknown-goods?state=waiting&limit=200");
    const { unknown_goods_id: id } = lines.find((one) => one.blind_receipt === number);
    await show(page, `${base}/stock/unknown-goods/${id}`);
    await page.getByText("a blue box").first().waitFor();
    await press("Identify");
    await dialog.getByLabel("SKU").fill(sku);
    assert.deepEqual(await findings(page), []);
    await inDialog("Identify");
    await gone();
    await page.getByText("Identified").waitFor();
    // The order that it was of is written only now.
    const { orders } = await ask("/purchase-orders", {
      orders: [
        {
          supplier,
          warehouse: "WH",
          lines: [{ sku, quantity: "1", unit: null, price: "1" }],
        },
      ],
    });
    await ask("/purchase-orders/submit", { order_id: orders[0].order.order_id });
    await show(page, `${base}/stock/unknown-goods/${id}`);
    assert.deepEqual(await findings(page), []);
    await press("Receive");
    await dialog.getByLabel("Quantity").fill("1");
    assert.deepEqual(await findings(page), []);
    await inDialog("Receive");
    await gone();
    await page.getByText("ended", { exact: true }).first().waitFor();
    const { ends } = await ask(`/unknown-goods/${id}`);
    assert.deepEqual(
      ends.map((one) => [one.how, one.quantity]),
      [["received", "1"]],
    );
  }

  return { blindReceiptIsScannedMatchedAndBooked };
}
