// Renders every screen in light, dark and on a handheld's width into screenshots/.
import { mkdirSync, rmSync } from "node:fs";
import { paint, settled, show, startBrowser, startPurser } from "./browser.mjs";
import { screens } from "./screens.mjs";

const LOOKS = [
  ["light", "light", 1280, 800],
  ["dark", "dark", 1280, 800],
  ["handheld", "light", 360, 740],
];

const only = process.argv.slice(2);
const purser = await startPurser(Number(process.env.DAYS ?? 10));
const { page, stop } = await startBrowser();
rmSync("screenshots", { recursive: true, force: true });
try {
  await page.goto(purser.links.get("lee.leader"));
  await settled(page);
  for (const address of await screens(page)) {
    if (only.length > 0 && !only.some((part) => address.includes(part))) continue;
    for (const [folder, scheme, width, height] of LOOKS) {
      await page.setViewportSize({ width, height });
      await paint(page, scheme);
      await show(page, purser.base + address);
      const name = address === "/" ? "home" : address.slice(1).replaceAll("/", "-");
      mkdirSync(`screenshots/${folder}`, { recursive: true });
      await page.screenshot({ path: `screenshots/${folder}/${name}.png` });
    }
  }
} finally {
  await stop();
  purser.stop();
}
