// A shift on a handheld without a network: taken along, worked on by scan and keyboard, sent once and
// no more, and nobody else's business.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { findings, scanned, settled, show, startBrowser, startPurser } from "./browser.mjs";
import { dockIsCleared, prepareDock } from "./putAway.mjs";
import { keptFiles, keptRows, prepare, serverReceipts } from "./shiftWork.mjs";
import { wire } from "./wire.mjs";

const HANDHELD = { width: 360, height: 740 };
const PASSWORD = "correct horse battery";
const PHRASE = "four small grey boats";
const GTIN = "5901234123457";

const purser = await startPurser(2);
const line = await wire(purser.base);
const { page, errors, stop } = await startBrowser();
const dialog = page.getByRole("dialog");
const press = (name) => page.getByRole("button", { name, exact: true }).first().click();
const inDialog = (name) => dialog.getByRole("button", { name, exact: true }).click();
const gone = () => dialog.waitFor({ state: "detached" });
const one = (name) => page.getByRole("region", { name }).first();
const says = (text) => page.getByText(text).first().waitFor();

/** Asks the server as the page does. */
function ask(path, body) {
  return page.evaluate(
    async ([to, what]) => {
      const headers = { "content-type": "application/json", "x-purser": "desk" };
      headers["idempotency-key"] = crypto.randomUUID();
      const sent = { method: "POST", headers, body: JSON.stringify(what) };
      const answer = await fetch(`/api/v1${to}`, what ? sent : {});
      const told = await answer.json();
      if (!answer.ok) throw new Error(`${to}: ${told.detail}`);
      return told;
    },
    [path, body],
  );
}

const scan = async (code) => {
  await page.evaluate(() => document.activeElement?.blur());
  await scanned(page, code);
};

/** By keyboard alone: on to what has a name, and Enter. */
async function enter(name) {
  for (let at = 0; at < 80; at += 1) {
    await page.keyboard.press("Tab");
    const is = await page.evaluate((wanted) => {
      const { activeElement: on } = document;
      return (on?.getAttribute("aria-label") ?? on?.textContent?.trim()) === wanted;
    }, name);
    if (is) {
      await page.keyboard.press("Enter");
      return;
    }
  }
  throw new Error(`${name} is not reached by keyboard`);
}

async function fits() {
  assert.deepEqual(await findings(page), []);
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(width <= 360, `${page.url()} is ${width} wide`);
}

async function signIn(login, then = "/shift") {
  await show(page, `${line.base}/sign-in?then=${encodeURIComponent(then)}`);
  await page.getByLabel("Login").fill(login);
  await page.getByLabel("Password").first().fill(PASSWORD);
  await press("Sign in");
  await page.waitForURL(`${line.base}${then}`);
  await settled(page);
}

/** Sends what waits, unless it was sent by itself before: that is tried every ten seconds. */
const sendNow = () =>
  page
    .getByRole("button", { name: "Send now", exact: true })
    .first()
    .click({ timeout: 5_000 })
    .catch(() => undefined);

const menu = async (name, item) => {
  await page.getByRole("button", { name: new RegExp(`${name}$`) }).click();
  await page.getByRole("menuitem", { name: item }).click();
};

async function shiftIsTaken({ number }) {
  await signIn("wanda");
  await says("Take along what you work on");
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.waitForFunction(() => navigator.serviceWorker.controller);
  await press("Take the shift along");
  await dialog.getByRole("combobox", { name: "Warehouse" }).click();
  await page.getByRole("option", { name: "Warehouse", exact: true }).click();
  await dialog.getByLabel("Due by").fill("2012-12-31");
  await dialog.getByLabel("Passphrase for this device").fill("short");
  assert.ok(await dialog.getByRole("button", { name: "Take the shift along" }).isDisabled());
  await dialog.getByLabel("Passphrase for this device").fill(PHRASE);
  await dialog.getByLabel("Once more").fill(PHRASE);
  assert.deepEqual(await findings(page), []);
  await inDialog("Take the shift along");
  await gone();
  await page.getByRole("link", { name: number }).waitFor();
  await fits();
}

/** The page comes without a network, and what is on the device by its phrase. */
async function deskOpensWithoutNetwork(number) {
  await page.goto(`${line.base}/shift`);
  await page.getByLabel("Passphrase of wanda").fill("not the phrase");
  await press("Open my shift");
  await says("This is not the passphrase.");
  await fits();
  await page.getByLabel("Passphrase of wanda").fill(PHRASE);
  await page.keyboard.press("Enter");
  await page.getByRole("link", { name: number }).waitFor();
}

/** Every page of a shift without a network, in German, and nothing of it wider than the device. */
async function germanPagesFit({ number, order_id, count_id, list, transfer_id }) {
  await menu("wanda", "Deutsch");
  await says("Anzunehmen");
  line.cut();
  const pages = [
    ["/shift", "Anzunehmen"],
    ["/shift/queue", "Warteschlange"],
    [`/shift/receive/${order_id}`, `${number} annehmen`],
    [`/shift/count/${count_id}`, "Noch zu zählen: 1"],
    [`/shift/pick/${list.list_id}`, "Zuerst der Platz, dann die Ware"],
    [`/shift/transfer/${transfer_id}`, "abschicken"],
    ["/shift/put-away", "Noch einzulagern: 1"],
  ];
  for (const [address, text] of pages) {
    await page.evaluate((to) => window.history.pushState({}, "", to), address);
    await page.getByText(text).first().waitFor();
    await fits();
  }
  await page.goto(`${line.base}/shift`);
  await page.getByLabel("Kennsatz von wanda").fill("not the phrase");
  await press("Meine Schicht öffnen");
  await says("Das ist nicht der Kennsatz.");
  await fits();
  await page.getByLabel("Kennsatz von wanda").fill(PHRASE);
  await page.keyboard.press("Enter");
  await page.getByRole("link", { name: number }).waitFor();
  assert.equal(await page.evaluate(() => document.documentElement.lang), "de");
  line.mend();
  await menu("wanda", "English");
  await says("My shift");
}

async function goodsAreReceivedByScan({ number, sku, order_id }) {
  line.cut();
  await deskOpensWithoutNetwork(number);
  await scan(GTIN);
  await page.getByRole("status").getByText(sku).waitFor();
  await page.getByRole("status").getByRole("link", { name: number }).click();
  await page.getByRole("heading", { name: `Receive ${number}` }).waitFor();
  await scan("4006381333931");
  await page
    .getByRole("alert")
    .getByText(/4006381333931/)
    .waitFor();
  await scan(`01${GTIN.padStart(14, "0")}3012`);
  await scan(GTIN);
  const row = one(`Line 1, ${sku}`);
  assert.equal(await row.getByLabel("Quantity").inputValue(), "13", "a case of twelve, and one");
  await fits();
  // What is begun stays where the page is closed.
  await deskOpensWithoutNetwork(number);
  await page.getByRole("link", { name: number }).click();
  await row.waitFor();
  assert.equal(await row.getByLabel("Quantity").inputValue(), "13");
  await page.getByLabel("Delivery note").fill("DN-OFFLINE");
  await enter("Receive");
  await page.waitForURL(`${line.base}/shift`);
  await page.getByRole("link", { name: "Queue: 1" }).click();
  await one(`Goods received, ${number}`).getByText("waiting").waitFor();
  await fits();
  await deskOpensWithoutNetwork(number);
  await page.getByRole("link", { name: "Queue: 1" }).waitFor();
  return order_id;
}

const receiptsOf = async (id) => (await ask(`/purchase-orders/${id}`)).receipts;

async function lostAnswerIsNotDoubled({ order_id, number }) {
  await page.getByRole("link", { name: "Queue: 1" }).click();
  line.lose("/api/v1/receipts");
  line.mend();
  line.lose("/api/v1/receipts");
  await sendNow();
  for (let at = 0; at < 100 && line.lost() === 0; at += 1) await page.waitForTimeout(100);
  assert.ok(line.lost() > 0, "the server did it, and the answer is lost");
  await says("The server does not answer.");
  await one(`Goods received, ${number}`).getByText("waiting").waitFor();
  line.mend();
  await sendNow();
  await one(`Goods received, ${number}`)
    .getByText(/booked as/)
    .waitFor();
  const receipts = await receiptsOf(order_id);
  assert.deepEqual(
    receipts.map(({ delivery_note, lines }) => [delivery_note, lines[0].quantity]),
    [["DN-OFFLINE", "13"]],
    "it was done once",
  );
}

async function conflictIsShownAndSetRight({ order_id, number, sku }) {
  await show(page, `${line.base}/shift/receive/${order_id}`);
  line.cut();
  await page.getByRole("button", { name: `Enter line 1, ${sku}` }).click();
  await page.getByLabel("Quantity").last().fill("5000");
  await press("Receive");
  await page.waitForURL(`${line.base}/shift`);
  line.mend();
  await page.getByRole("link", { name: "Queue: 1" }).click();
  await sendNow();
  const refused = one(`Goods received, ${number}`);
  await refused.getByText("The server refused this").waitFor();
  await refused
    .getByText(/5000|5,000/)
    .first()
    .waitFor();
  await fits();
  // While it stands, nobody signs out.
  await menu("wanda", "Sign out");
  await dialog.getByText(/1 of your entries are not sent yet/).waitFor();
  assert.deepEqual(await findings(page), []);
  await page.keyboard.press("Escape");
  await gone();
  await refused.getByRole("button", { name: "Edit" }).click();
  await dialog.getByLabel("Quantity").fill("7");
  assert.deepEqual(await findings(page), []);
  await inDialog("Edit");
  await gone();
  await page
    .getByText(/booked as/)
    .nth(1)
    .waitFor();
  const booked = (await receiptsOf(order_id)).map(({ lines }) => lines[0].quantity);
  assert.deepEqual(booked.sort(), ["13", "7"]);
}

/** A figure bears the moment at which it was seen, and goods that moved since are seen. */
async function shelfIsCounted({ count_id, shelf }) {
  const [sheet] = (await ask("/counts?state=open&limit=50")).lines.filter(
    (row) => row.count_id === count_id,
  );
  await show(page, `${line.base}/shift`);
  await page.getByRole("link", { name: sheet.number }).click();
  await page.getByText("Still to be counted: 1").waitFor();
  line.cut();
  await scan(shelf.sku);
  await page.keyboard.type(String(Number(shelf.on_hand)));
  await page.keyboard.press("Enter");
  await page.getByText("Still to be counted: 0").waitFor();
  await fits();
  line.mend();
  await show(page, `${line.base}/shift/queue`);
  await page.waitForFunction(
    async (id) => {
      const answer = await fetch(`/api/v1/count-lines?count_id=${id}`);
      return (await answer.json()).lines[0].state === "counted";
    },
    count_id,
    { timeout: 30_000 },
  );
  // The device waits for the answer, which comes after the count is in the books.
  await page.getByRole("link", { name: /waiting/ }).waitFor({ state: "detached" });
}

/** What its user closed stays closed until the phrase or the server opens it. */
async function shiftIsClosedAndOpened() {
  await show(page, `${line.base}/shift`);
  await press("Close");
  await says("Your shift on this device is closed.");
  assert.equal(await page.getByRole("link", { name: /^Queue/ }).count(), 0);
  await fits();
  line.cut();
  await page.getByLabel("Passphrase of wanda").fill(PHRASE);
  await page.keyboard.press("Enter");
  await page.getByRole("link", { name: /^Queue/ }).waitFor();
  line.mend();
  await press("Close");
  await press("Open without the passphrase");
  await page.getByRole("link", { name: /^Queue/ }).waitFor();
}

/** What was picked, missed and sent off without a network is told when there is one, in its order. */
async function goodsLeaveWithoutNetwork({ list, sold, sale_id, sent, transfer_id }) {
  const transfer = (await ask(`/transfers/${transfer_id}`)).head;
  await show(page, `${line.base}/shift`);
  line.cut();
  await page.getByRole("link", { name: list.number }).click();
  await page.getByRole("heading", { level: 1, name: list.number }).waitFor();
  await scan(sold.sku);
  await page
    .getByRole("alert")
    .getByText(/is no place of this list/)
    .waitFor();
  await scan(sold.place);
  await scan(sold.sku);
  await scan(sold.sku);
  await page.getByRole("cell", { name: /^1 / }).waitFor();
  await fits();
  await press("Not found");
  await dialog.getByLabel("Reason").fill("the shelf is empty");
  await dialog
    .getByRole("combobox", { name: "What becomes of the rest" })
    .selectOption("back_order");
  await inDialog("Not found");
  await gone();
  await says("Nothing is left to be taken.");
  await page.getByRole("link", { name: "My shift" }).last().click();
  await page.getByRole("link", { name: transfer.number }).click();
  await page.getByRole("heading", { level: 1, name: transfer.number }).waitFor();
  await scan(sent.sku);
  await scan(sent.sku);
  await fits();
  await enter("Send off");
  await page.waitForURL(`${line.base}/shift`);
  await page.getByRole("link", { name: "Queue: 4" }).click();
  await one(`Transfer sent off, ${transfer.number}`).getByText("waiting").waitFor();
  await fits();
  line.mend();
  await sendNow();
  await page.getByRole("link", { name: /waiting/ }).waitFor({ state: "detached" });
  const [picked] = (await ask(`/pick-lines?order_id=${sale_id}`)).lines;
  assert.deepEqual([picked.picked, picked.missed], ["2", "1"]);
  const after = await ask(`/transfers/${transfer_id}`);
  assert.deepEqual([after.head.state, after.lines[0].sent], ["under_way", "2"]);
}

/** A session that is over keeps everything; after a sign-in it goes on. */
async function sessionEnds({ order_id, number, sku }) {
  await show(page, `${line.base}/shift/receive/${order_id}`);
  const { session_id } = await ask("/session");
  await ask("/sessions/end", { session_id });
  await page.getByRole("button", { name: `Enter line 1, ${sku}` }).click();
  await page.getByLabel("Quantity").last().fill("2");
  await press("Receive");
  await page.waitForURL(`${line.base}/shift`);
  await says("Your session is over.");
  await signIn("wanda", "/shift/queue");
  await one(`Goods received, ${number}`)
    .getByText(/booked as/)
    .first()
    .waitFor();
  assert.equal((await receiptsOf(order_id)).length, 3);
}

/** Out by a file; another sees that there is something, and can neither read nor send it. */
async function nobodyElseReadsIt({ order_id, number, sku }) {
  await show(page, `${line.base}/shift/receive/${order_id}`);
  line.cut();
  await page.getByRole("button", { name: `Enter line 1, ${sku}` }).click();
  await page.getByLabel("Quantity").last().fill("3");
  await press("Receive");
  await page.waitForURL(`${line.base}/shift`);
  await page.getByRole("link", { name: "Queue: 1" }).click();
  await menu("wanda", "Sign out");
  await dialog.getByText(/are not sent yet/).waitFor();
  await page.keyboard.press("Escape");
  await gone();
  const waits = page.waitForEvent("download");
  await press("Export");
  const file = await (await waits).path();
  await says("Exported. Only you can read the file");
  const text = readFileSync(file, "utf8");
  assert.ok(!text.includes(number) && !text.includes(sku), "the file tells nothing");
  // Without a network nobody can be signed out.
  await menu("wanda", "Sign out");
  await says("That did not work");
  const { length: before } = await serverReceipts(page, purser.base, order_id);
  // The wire is mended for another: nothing of it goes in the other's name.
  await page.goto("about:blank");
  line.mend();
  await otherSignsIn();
  await show(page, `${line.base}/shift`);
  await says("wanda has taken a shift along on this device.");
  await show(page, `${line.base}/shift/queue`);
  await says("Your shift is not open.");
  await fits();
  await page.locator('input[type="file"]').setInputFiles(file);
  await says("This file is somebody else's.");
  const kept = await keptRows(page);
  assert.ok(kept.length >= 3, "it lies there");
  assert.ok(!kept.some((row) => row.includes(number) || row.includes(sku)), "and tells nothing");
  const caches = await keptFiles(page);
  assert.ok(caches.includes("/index.html"));
  assert.ok(!caches.some((path) => path.startsWith("/api")), "no answer of the API is kept");
  assert.equal((await receiptsOf(order_id)).length, before, "nothing was sent");
  await menu("otto", "Sign out");
  await page.waitForURL(`${line.base}/sign-in`);
  await signIn("wanda", "/shift/queue");
  // What is in a file is not sent from here until the file is imported here.
  await one(`Goods received, ${number}`)
    .getByText(/It is not sent from here/)
    .waitFor();
  await sendNow();
  await settled(page);
  assert.equal((await receiptsOf(order_id)).length, before, "it was left to the file");
  await page.locator('input[type="file"]').setInputFiles(file);
  await says("Imported: 1");
  await one(`Goods received, ${number}`)
    .getByText(/booked as/)
    .first()
    .waitFor();
  await show(page, `${line.base}/shift/queue`);
  await page.locator('input[type="file"]').setInputFiles(file);
  await says("Imported: 0");
  assert.equal((await receiptsOf(order_id)).length, before + 1, "sent once, by its own user");
  await menu("wanda", "Sign out");
  await page.waitForURL(`${line.base}/sign-in`);
}

/** Another takes the device, whoever was signed in before. */
async function otherSignsIn() {
  await page.context().clearCookies();
  await signIn("otto");
}

try {
  await page.goto(purser.links.get("lee.leader").replace(purser.base, line.base));
  await page.waitForURL(`${line.base}/`);
  await settled(page);
  const work = await prepare(ask, PASSWORD, GTIN);
  Object.assign(work, await prepareDock(ask));
  await page.setViewportSize(HANDHELD);
  await shiftIsTaken(work);
  await germanPagesFit(work);
  await goodsAreReceivedByScan(work);
  await lostAnswerIsNotDoubled(work);
  await conflictIsShownAndSetRight(work);
  const { base } = purser;
  await dockIsCleared(
    { page, line, base, ask, scan, enter, fits, sendNow, one, inDialog, gone },
    work,
  );
  await shelfIsCounted(work);
  await shiftIsClosedAndOpened();
  await goodsLeaveWithoutNetwork(work);
  await sessionEnds(work);
  await nobodyElseReadsIt(work);
  assert.deepEqual(errors, [], "the browser's console has no error");
  console.log("the shift holds");
} catch (error) {
  await page.screenshot({ path: "screenshots/failed-shift.png" }).catch(() => undefined);
  console.error(error, errors);
  process.exitCode = 1;
} finally {
  await stop();
  line.stop();
  purser.stop();
}
