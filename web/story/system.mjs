// What a server does by itself: a job is run at once and tells what it did, and a webhook has a secret
// that is shown once.
import assert from "node:assert/strict";
import { findings, settled, show, startEmpty } from "./browser.mjs";

/** The part of the story that needs a server of its own, for its jobs are due by the real clock. */
export async function systemStory({ page, ask, press, inDialog }) {
  const empty = await startEmpty();
  const dialog = page.getByRole("dialog");
  /** Waits until a list has something. */
  const comes = async (path) => {
    for (let tries = 0; tries < 150; tries++) {
      if ((await ask(path)).lines.length > 0) return;
      await new Promise((done) => setTimeout(done, 200));
    }
    assert.fail(`nothing comes to ${path}`);
  };
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

    // The server knows of the company within seconds.
    await comes("/jobs");
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
  } finally {
    empty.stop();
  }
}
