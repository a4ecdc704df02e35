// Turns the built binary and an empty folder into a collector that somebody has signed in to.

import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";

const run = promisify(execFile);

const ADMIN = { email: "pm@shop.example", password: "correct horse" };
const SITE_KEY = "fh_conformance";

export class Collector {
  siteKey = SITE_KEY;
  #child;
  #folder;
  #cookie;

  static async start(root) {
    const binary =
      process.env["FIRSTHAND_BIN"] ?? join(root, "target/debug/firsthand");
    const it = new Collector();
    it.#folder = await mkdtemp(join(tmpdir(), "firsthand-conformance-"));
    const data = ["--data", join(it.#folder, "data")];
    const who = ["--admin", ADMIN.email, "--password", ADMIN.password];
    await run(binary, [
      "init",
      ...data,
      ...who,
      "--site-key",
      SITE_KEY,
      "--origin",
      "http://127.0.0.1:*",
    ]);
    it.#child = spawn(binary, ["serve", ...data, "--listen", "127.0.0.1:0"], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    it.url = await announced(it.#child);
    await it.#signIn();
    return it;
  }

  async #signIn() {
    const reply = await this.#ask("POST", "session", ADMIN);
    this.#cookie = reply.headers
      .getSetCookie()
      .map((cookie) => cookie.split(";")[0])
      .join("; ");
  }

  /** Puts budgets in force. */
  async promise(budgets) {
    await this.#ask("PUT", "budgets", budgets);
  }

  /** What the console is told. */
  async read(path) {
    return (await this.#ask("GET", path)).json();
  }

  async #ask(method, path, said) {
    const headers = {
      origin: new URL(this.url).origin,
      "content-type": "application/json",
    };
    if (this.#cookie) headers.cookie = this.#cookie;
    const url = new URL(`api/v1/${path}`, this.url);
    const reply = await fetch(url, {
      method,
      headers,
      body: said && JSON.stringify(said),
    });
    if (!reply.ok)
      throw new Error(
        `${method} ${path} answered ${reply.status}: ${await reply.text()}`,
      );
    return reply;
  }

  async stop() {
    const ended = once(this.#child, "exit");
    this.#child.kill("SIGTERM");
    await ended;
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** The address on the line by which the server says that it listens. */
async function announced(child) {
  const lines = createInterface({ input: child.stdout });
  for await (const line of lines) {
    const found = /^listening on (http:\S+)$/.exec(line);
    if (found) {
      // Reading goes on: a full pipe would stop the server.
      child.stdout.resume();
      return found[1].endsWith("/") ? found[1] : `${found[1]}/`;
    }
  }
  throw new Error("the collector ended before it listened");
}
