// From an input to the painted page: the browser's own clock, no polling.

/**
 * How long after an input the page shows what it asked for, in milliseconds: from the moment of the
 * event `at` to the paint of the frame in which `watch` is satisfied. `watch` runs in the page before
 * the input and gives what says whether it is shown.
 */
export async function toPaint(page, at, watch, given, input) {
  const shown = await page.evaluateHandle(watch, given);
  const run = await page.evaluateHandle(
    ([isShown, { type, key }]) => ({
      took: new Promise((resolve) => {
        const heard = (event) => {
          if (key && event.key !== key) return;
          window.removeEventListener(type, heard, true);
          // A scan's own time may lie ahead: its keys come as from a device.
          const began = Math.min(event.timeStamp, performance.now());
          const look = () => {
            if (!isShown()) return;
            observer.disconnect();
            requestAnimationFrame(() => {
              const { port1, port2 } = new MessageChannel();
              port1.onmessage = () => resolve(performance.now() - began);
              port2.postMessage(null);
            });
          };
          const observer = new MutationObserver(look);
          const all = { attributes: true, characterData: true, childList: true, subtree: true };
          observer.observe(document.documentElement, all);
          look();
        };
        window.addEventListener(type, heard, true);
      }),
    }),
    [shown, at],
  );
  await input();
  let late;
  const never = new Promise((_, reject) => {
    late = setTimeout(() => reject(new Error(`${page.url()}: nothing shown`)), 20_000);
  });
  const took = await Promise.race([run.evaluate((one) => one.took), never]);
  clearTimeout(late);
  return took;
}

/**
 * How long after a key the page shows its last change of what `selector` finds, in milliseconds,
 * when nothing more changes for `quiet`; and how long until the first.
 */
export async function toLastPaint(page, selector, quiet, input) {
  const run = await page.evaluateHandle(
    ([where, rest]) => ({
      took: new Promise((resolve) => {
        const heard = ({ timeStamp }) => {
          const painted = [];
          let later;
          const stamp = () => {
            requestAnimationFrame(() => {
              const { port1, port2 } = new MessageChannel();
              port1.onmessage = () => painted.push(performance.now() - timeStamp);
              port2.postMessage(null);
            });
            clearTimeout(later);
            later = setTimeout(() => {
              observer.disconnect();
              resolve({ first: painted[0], last: painted.at(-1) });
            }, rest);
          };
          const observer = new MutationObserver(stamp);
          const all = { attributes: true, characterData: true, childList: true, subtree: true };
          observer.observe(document.querySelector(where), all);
          stamp();
        };
        window.addEventListener("keydown", heard, { capture: true, once: true });
      }),
    }),
    [selector, quiet],
  );
  await input();
  return run.evaluate((one) => one.took);
}

/** Of many times, the middle one and the one that 19 of 20 do not exceed. */
export function spread(times) {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)];
  return { n: sorted.length, p50: at(0.5), p95: at(0.95) };
}
