// What there is to be done on a handheld, and what of it can be found in the browser.

/** Two who work here, an order, a sheet, a pick list and a transfer; asked for as who may. */
export async function prepare(ask, password, barcode) {
  for (const login of ["wanda", "otto"]) {
    await ask("/users", { login, display_name: login, password });
    await ask("/grants", { login, role: "warehouse" });
  }
  const { lines: offers } = await ask("/offers?limit=20");
  const { lines: stock } = await ask("/stock?warehouse=WH&class=normal&limit=100");
  const isFree = ({ lot, on_hand, reserved }) => !lot && Number(on_hand) - Number(reserved) > 5;
  const [shelf, sold, sent] = stock.filter(isFree);
  const { supplier, sku } = offers[0];
  const [item] = (await ask(`/item-codes?skus=${encodeURIComponent(sku)}`)).lines;
  await ask("/barcodes", { item_id: item.item_id, code: barcode });
  const order = { supplier, warehouse: "WH", lines: [{ sku, quantity: "1200", price: "0.10" }] };
  const made = await ask("/purchase-orders", { orders: [order] });
  if (!made.orders[0].order) throw new Error(made.orders[0].detail);
  const { order_id, number } = made.orders[0].order;
  const { state } = await ask("/purchase-orders/submit", { order_id });
  if (state === "to_approve") {
    await ask("/purchase-orders/approve", { order_id, revision: 1, verdict: "approve" });
  }
  const sheet = await ask("/counts", { skus: [shelf.sku], places: [shelf.place] });
  const { lines: channels } = await ask("/channels");
  const { code: channel } = channels.find((one) => one.active && one.warehouse === "WH");
  const wanted = { sku: sold.sku, quantity: "3", price: "1" };
  const sale = { channel, country: "DE", external_ref: "SHIFT-1", lines: [wanted] };
  const { order_id: sale_id } = await ask("/sales-orders", sale);
  const { lines: users } = await ask("/users");
  const { user_id: picker_id } = users.find(({ login }) => login === "wanda");
  await ask("/pick-lists", { warehouse: "WH", order_ids: [sale_id], picker_id });
  const [list] = (await ask(`/pick-lists?order_id=${sale_id}`)).lines;
  await ask("/warehouses", { code: "W2", name: "Second warehouse" });
  const lines = [{ sku: sent.sku, quantity: "2" }];
  const { transfer_id } = await ask("/transfers", { from: "WH", to: "W2", lines });
  const { count_id } = sheet;
  return { order_id, number, sku, shelf, count_id, sold, list, sale_id, sent, transfer_id };
}

/** Everything in the browser's database, bytes as letters. */
export function keptRows(page) {
  return page.evaluate(async () => {
    const opened = await new Promise((resolve) => {
      const request = indexedDB.open("purser");
      request.onsuccess = () => resolve(request.result);
    });
    const told = [];
    for (const store of opened.objectStoreNames) {
      const rows = await new Promise((resolve) => {
        const request = opened.transaction(store).objectStore(store).getAll();
        request.onsuccess = () => resolve(request.result);
      });
      const bytes = (_, value) =>
        value instanceof ArrayBuffer || ArrayBuffer.isView(value)
          ? String.fromCharCode(...new Uint8Array(value.buffer ?? value).slice(0, 50_000))
          : value;
      told.push(...rows.map((row) => JSON.stringify(row, bytes)));
    }
    return told;
  });
}

/** The paths of all that the service worker keeps. */
export function keptFiles(page) {
  return page.evaluate(async () => {
    const names = await window.caches.keys();
    const all = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
    return all.flat().map(({ url }) => new URL(url).pathname);
  });
}

/** What the server knows, whatever the wire does. */
export async function serverReceipts(page, base, order_id) {
  const cookies = await page.context().cookies();
  const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join("; ");
  const answer = await fetch(`${base}/api/v1/purchase-orders/${order_id}`, {
    headers: { cookie },
  });
  return (await answer.json()).receipts;
}
