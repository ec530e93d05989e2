// Databases for the story: a SQLite file each, or with PURSER_STORY_ENGINE=postgres one each in a
// throw-away cluster that ends with the run.
import { execFileSync } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";

/** The engine that the story runs on. */
export const ENGINE = process.env.PURSER_STORY_ENGINE ?? "sqlite";

const INSTALLED = "/usr/lib/postgresql";
let cluster;
let made = 0;

/** A port that nobody listens on. */
export function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** An empty database; gives its address, and removes it. */
export async function freshDatabase() {
  if (ENGINE === "sqlite") {
    const folder = mkdtempSync(`${tmpdir()}/purser-story-`);
    const remove = () => rmSync(folder, { recursive: true, force: true });
    return { url: `sqlite:${folder}/purser.db`, remove };
  }
  if (ENGINE !== "postgres") {
    throw new Error(`PURSER_STORY_ENGINE is ${ENGINE}; say sqlite or postgres`);
  }
  cluster ??= startCluster();
  const { port, run } = await cluster;
  made += 1;
  const name = `story_${made}`;
  run("createdb", ["-h", "127.0.0.1", "-p", port, "-U", "postgres", "-T", "template0", name]);
  // The cluster goes as a whole.
  return { url: `postgres://postgres@127.0.0.1:${port}/${name}`, remove: () => undefined };
}

async function startCluster() {
  const [version] = (existsSync(INSTALLED) ? readdirSync(INSTALLED) : [])
    .filter((one) => existsSync(`${INSTALLED}/${one}/bin/initdb`))
    .sort((a, b) => Number(b) - Number(a));
  if (!version) throw new Error("PostgreSQL's server is not installed: run `make setup`");
  // In memory where there is some: the settings stay durable, and cost nothing.
  const base = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();
  const data = mkdtempSync(`${base}/purser-story-pg-`);
  const account = drop(data);
  const run = (program, args) =>
    execFileSync(`${INSTALLED}/${version}/bin/${program}`, args, {
      ...account,
      cwd: base,
      stdio: ["ignore", "ignore", "inherit"],
    });
  const port = String(await freePort());
  process.once("SIGINT", () => process.exit(130));
  process.once("SIGTERM", () => process.exit(143));
  process.once("exit", () => {
    if (existsSync(`${data}/postmaster.pid`)) {
      run("pg_ctl", ["-D", data, "-m", "immediate", "-w", "stop"]);
    }
    rmSync(data, { recursive: true, force: true });
  });
  run("initdb", ["-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"]);
  const options = `-c port=${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=${data}`;
  run("pg_ctl", ["-D", data, "-w", "-t", "60", "-l", `${data}/log`, "-o", options, "start"]);
  return { port, run };
}

/** As root, whom to run as: PostgreSQL refuses root. The folder is handed over. */
function drop(data) {
  if (process.getuid() !== 0) return {};
  const id = (flag) => Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" }));
  const account = { uid: id("-u"), gid: id("-g") };
  chownSync(data, account.uid, account.gid);
  return account;
}
