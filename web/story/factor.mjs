// The second factor: set up, asked for at sign-in, asked of everybody by the company, and reset.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { findings, settled, show } from "./browser.mjs";

/** What an authenticator app shows, now or some half minutes from now. */
function codeOf(secret, ahead = 0) {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = [...secret].map((one) => letters.indexOf(one).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + ahead));
  const hash = createHmac("sha1", key).update(step).digest();
  const number = hash.readUInt32BE(hash[19] & 15) & 0x7f_ff_ff_ff;
  return String(number % 1_000_000).padStart(6, "0");
}

/** On a company of Ada's alone, who is signed in. */
export async function secondFactorIsSetUp({ page, base, ask }) {
  const press = (name) => page.getByRole("button", { name, exact: true }).first().click();
  const dialog = page.getByRole("dialog");

  async function signOut(name) {
    await page.getByRole("button", { name }).click();
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await page.waitForURL(/sign-in/);
    await settled(page);
  }

  async function signIn(login, password) {
    await page.getByLabel("Login").fill(login);
    await page.getByLabel("Password").first().fill(password);
    await press("Sign in");
  }

  /** From the button to the kept codes; answers with the secret and the codes. */
  async function setUp() {
    await press("Set up");
    await page.getByRole("img", { name: "QR code for the authenticator app" }).waitFor();
    assert.deepEqual(await findings(page), []);
    const shown = await page.getByLabel("Key for the authenticator app").innerText();
    const secret = shown.replaceAll(" ", "");
    await page.getByLabel("Code of the app").fill("000000");
    await press("Turn on");
    await page.getByRole("alert").getByText("the code is wrong").waitFor();
    await page.getByLabel("Code of the app").fill(codeOf(secret));
    await press("Turn on");
    await page.getByRole("heading", { name: "Keep these recovery codes" }).waitFor();
    assert.deepEqual(await findings(page), []);
    const codes = await page.locator("code").allInnerTexts();
    assert.equal(codes.length, 10);
    await press("I have kept them");
    return { secret, codes };
  }

  await show(page, `${base}/security`);
  assert.deepEqual(await findings(page), []);
  const ada = await setUp();
  await page.getByText("Recovery codes left: 10").waitFor();
  assert.deepEqual(await findings(page), []);
  await signOut(/Ada/);
  await signIn("ada", "correct horse battery");
  await page.getByText("Your sign-in has a second factor.").waitFor();
  assert.deepEqual(await findings(page), []);
  await page.getByLabel("Code", { exact: true }).fill("000000");
  await press("Sign in");
  await page.getByRole("alert").getByText("the code is wrong").waitFor();
  await page.getByLabel("Code", { exact: true }).fill(codeOf(ada.secret, 1));
  await press("Sign in");
  await page.getByRole("heading", { name: "Good day, Ada" }).waitFor();

  // From now on everybody needs one: Bob, who has none, can do nothing else.
  await ask("/users", { login: "bob", display_name: "Bob", password: "bob minds the ropes" });
  await ask("/grants", { login: "bob", role: "buyer" });
  await ask("/policies", { name: "second_factor", value: "required_for_all" });
  await show(page, `${base}/system/users?second_factor=missing`);
  await page.getByRole("row", { name: /bob/ }).getByText("missing").waitFor();
  assert.deepEqual(await findings(page), []);
  await signOut(/Ada/);
  await signIn("bob", "bob minds the ropes");
  await page.getByRole("heading", { name: "Set up a second factor" }).waitFor();
  await settled(page);
  assert.deepEqual(await findings(page), []);
  assert.equal(await page.getByRole("navigation").count(), 0);
  await setUp();
  await page.getByRole("heading", { name: "Good day, Bob" }).waitFor();
  await signOut(/Bob/);

  // Bob loses his phone; Ada, who left hers at home, signs in with a recovery code and resets his.
  await signIn("ada", "correct horse battery");
  await page.getByLabel("Code", { exact: true }).fill(ada.codes[0]);
  await press("Sign in");
  await page.getByRole("heading", { name: "Good day, Ada" }).waitFor();
  await show(page, `${base}/system/users`);
  const bob = page.getByRole("row", { name: /bob/ });
  await bob.getByRole("button", { name: "Reset second factor" }).click();
  await dialog.getByLabel("Reason").fill("lost his phone");
  await dialog.getByRole("button", { name: "Reset second factor" }).click();
  await dialog.waitFor({ state: "detached" });
  await bob.getByText("lost his phone").waitFor();
  assert.deepEqual(await findings(page), []);
  await show(page, `${base}/system/roles`);
  await page
    .getByRole("row", { name: /^buyer / })
    .getByText("Ask for second factor")
    .click();
  await page.getByRole("button", { name: "Do not ask for second factor" }).waitFor();

  // And turns her own off.
  await show(page, `${base}/security`);
  await page.getByText("Recovery codes left: 9").waitFor();
  await press("Turn off");
  await dialog.getByLabel("Password").first().fill("correct horse battery");
  await dialog.getByLabel("Code").fill(ada.codes[1]);
  assert.deepEqual(await findings(page), []);
  await ask("/policies", { name: "second_factor", value: "allowed" });
  await dialog.getByRole("button", { name: "Turn off" }).click();
  await dialog.waitFor({ state: "detached" });
  await page.getByText("Your sign-in asks for the password alone.").waitFor();
}
