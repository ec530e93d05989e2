// What a server does by itself: a job is run at once and tells what it did, a webhook has a secret that
// is shown once, and a mail that the relay refused is tried again.
import assert from "node:assert/strict";
import { findings, settled, show, startEmpty } from "./browser.mjs";
import { startRelay } from "./relay.mjs";

const WRONG = "oders@supplier.example";
const RIGHT = "orders@supplier.example";

/** The part of the story that needs a server of its own, for its jobs are due by the real clock. */
export async function systemStory({ page, ask, press, inDialog }) {
  const relay = await startRelay([WRONG]);
  const mailing = { PURSER_SMTP_URL: relay.url, PURSER_MAIL_FROM: "Buying <po@acme.example>" };
  const empty = await startEmpty(mailing);
  const dialog = page.getByRole("dialog");
  /** Waits until a list has something. */
  const comes = async (path) => {
    for (let tries = 0; tries < 150; tries++) {
      if ((await ask(path)).lines.length > 0) return;
      await new Promise((done) => setTimeout(done, 200));
    }
    assert.fail(`nothing comes to ${path}`);
  };
  /** An approved order, of a company that mails its orders. */
  async function order() {
    await ask("/policies", { name: "send_orders_by_mail", value: "yes" });
    await ask("/warehouses", { code: "WH", name: "Main" });
    await ask("/items", { items: [{ sku: "MUG", name: "Mug" }], all_or_nothing: true });
    const supplier = { code: "S1", name: "Supplier", country: "GB", supplier: true };
    await ask("/partners", { partners: [supplier], all_or_nothing: true });
    const lines = [{ sku: "MUG", quantity: "3", price: "1.20" }];
    const draft = { supplier: "S1", warehouse: "WH", lines };
    const { orders } = await ask("/purchase-orders", { orders: [draft] });
    const { order_id, number } = orders[0].order;
    await ask("/purchase-orders/submit", { order_id });
    return { order_id, number };
  }

  /** The relay refuses an address for good; the mail fails, and goes to the right one by hand. */
  async function refusedMailIsRetried() {
    const { order_id, number } = await order();
    await show(page, `${empty.base}/buying/orders/${order_id}`);
    await press("Send");
    await dialog.getByLabel("Recipient").fill(WRONG);
    await inDialog("Send");
    await dialog.waitFor({ state: "detached" });
    // The postman rests between its rounds.
    await comes("/mails?state=failed");
    await show(page, `${empty.base}/system/mails?state=failed`);
    const row = page.getByRole("row", { name: new RegExp(number) });
    await row.getByText(/no such user/).waitFor();
    assert.deepEqual(relay.taken, []);
    await row.getByRole("button", { name: "Try again" }).click();
    await dialog.getByLabel("Recipient").fill(RIGHT);
    assert.deepEqual(await findings(page), []);
    await inDialog("Try again");
    await dialog.waitFor({ state: "detached" });
    await row.waitFor({ state: "detached" });
    await comes("/mails?state=sent");
    await show(page, `${empty.base}/system/mails`);
    await row.getByText("sent", { exact: true }).waitFor();
    await row.getByText(RIGHT).waitFor();
    assert.equal(relay.taken.length, 1, "it went once");
    assert.ok(relay.taken[0].includes(`To: ${RIGHT}`) && relay.taken[0].includes(number));
    assert.deepEqual(await findings(page), []);
  }

  try {
    await show(page, empty.setUp);
    const token = empty.setUp.split("#token=")[1];
    await ask("/session/set-up", {
      token,
      set_up: {
        company: { name: "Acme", currency: "GBP", zone: "Europe/London", country: "GB" },
        login: "ada",
        display_name: "Ada",
        password: "correct horse battery",
      },
    });

    // A new company has its jobs from its first moment on.
    assert.ok((await ask("/jobs")).lines.length > 0);
    await show(page, `${empty.base}/system/jobs`);
    const job = page.getByRole("row", { name: /run replenishment/ });
    await job.getByText("paused").waitFor();
    assert.deepEqual(await findings(page), []);
    await job.getByRole("button", { name: "Run now" }).click();
    await page.getByText("It runs within seconds").waitFor();
    await page.getByRole("row", { name: /run replenishment.*0 items at places/ }).waitFor();

    await show(page, `${empty.base}/system/webhooks`);
    await press("Register webhook");
    await dialog.getByLabel("Name").fill("Shop");
    await dialog.getByLabel("Address").fill("https://localhost:1/facts");
    assert.deepEqual(await findings(page), []);
    await inDialog("Register webhook");
    await dialog.getByText(/^whsec_[0-9a-f]{64}$/).waitFor();
    assert.deepEqual(await findings(page), []);
    await dialog.getByRole("button", { name: "Close" }).click();
    await settled(page);
    await press("Ping");
    await page.getByText(/Ping 1 is on its way/).waitFor();
    // Where it leads is looked at, and what is not allowed says what would be.
    await comes("/webhook-attempts");
    await show(page, `${empty.base}/system/webhook-attempts`);
    await page.getByRole("row", { name: /webhooks\.pinged.*--webhooks-reach loopback/ }).waitFor();
    assert.deepEqual(await findings(page), []);
    await refusedMailIsRetried();
  } finally {
    empty.stop();
    relay.stop();
  }
}
