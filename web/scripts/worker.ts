// Builds the service worker: the files that it keeps are those of the build, and its name is their hash,
// so that it changes whenever one of them does.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import type { Plugin } from "vite";

const SOURCE = new URL("../worker/worker.js", import.meta.url);

export function worker(): Plugin {
  return {
    name: "purser-worker",
    apply: "build",
    generateBundle: {
      order: "post",
      handler(_, bundle) {
        type File = [name: string, content: string | Uint8Array];
        const read = (name: string): File => [name, readFileSync(`public/${name}`)];
        const built = Object.values(bundle).map(
          (one): File => [one.fileName, one.type === "chunk" ? one.code : one.source],
        );
        const all = [...readdirSync("public").map(read), ...built];
        all.sort(([one], [other]) => (one < other ? -1 : 1));
        const hash = createHash("sha256");
        for (const [name, content] of all) hash.update(name).update(content);
        const build = hash.digest("hex").slice(0, 16);
        const files = JSON.stringify(all.map(([name]) => `/${name}`));
        const source = readFileSync(SOURCE, "utf8")
          .replace("self.__FILES__", () => files)
          .replace("self.__BUILD__", () => JSON.stringify(build));
        this.emitFile({ type: "asset", fileName: "worker.js", source });
      },
    },
  };
}
