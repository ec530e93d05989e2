// The wire between browser and server: it can be cut, and it can lose answers of what was done.
import { connect, createServer } from "node:net";

export async function wire(base) {
  const { hostname, port } = new URL(base);
  const open = new Set();
  let isCut = false;
  let losing;
  let lost = 0;
  const server = createServer((near) => {
    if (isCut) {
      near.destroy();
      return;
    }
    const far = connect(Number(port), hostname);
    const end = () => {
      near.destroy();
      far.destroy();
      open.delete(near);
    };
    open.add(near);
    let isDoomed = false;
    near.on("data", (data) => {
      if (losing && data.toString("latin1").startsWith(`POST ${losing} `)) isDoomed = true;
      far.write(data);
    });
    far.on("data", (data) => {
      if (!isDoomed) {
        near.write(data);
        return;
      }
      // It was done, and nobody hears of it.
      lost += 1;
      end();
    });
    for (const side of [near, far]) side.on("error", end).on("close", end);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    base: `http://127.0.0.1:${server.address().port}`,
    cut() {
      isCut = true;
      for (const one of open) one.destroy();
    },
    /** From now on no answer to this comes back. */
    lose(path) {
      losing = path;
    },
    lost: () => lost,
    mend() {
      isCut = false;
      losing = undefined;
    },
    stop: () => server.close(),
  };
}
