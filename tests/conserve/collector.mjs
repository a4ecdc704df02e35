// Turns the built binary into collectors that start at once: one data folder is prepared, each seed has a copy.

import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const BINARY =
  process.env["FIRSTHAND_BIN"] ?? join(ROOT, "target/debug/firsthand");

export const SITE_KEY = "fh_conserve";

/** Asked only where a page asks for it. */
const PULSE = {
  id: "pulse",
  name: "Pulse",
  language: "en",
  questions: [
    {
      id: "score",
      title: "How likely are you to recommend us?",
      required: true,
      kind: { nps: { low: "Not at all likely", high: "Extremely likely" } },
    },
    {
      id: "reason",
      title: "What is the main reason for your score?",
      kind: { text: { max_chars: 2000 } },
    },
  ],
  endings: [{ id: "thanks", title: "Thank you" }],
  show: { url: [{ contains: "/nobody-goes-here" }] },
};

/** A form that a person opens. */
const FORM = {
  id: "form",
  name: "Form",
  language: "en",
  kind: { feedback: { launcher: "page" } },
  questions: [
    {
      id: "message",
      title: "What would you like to tell us?",
      required: true,
      kind: { text: { max_chars: 5000 } },
    },
  ],
  endings: [{ id: "thanks", title: "Thank you" }],
};

/** A folder that all others are copies of. */
export class Template {
  static async prepare() {
    const it = new Template();
    it.folder = await mkdtemp(join(tmpdir(), "firsthand-conserve-"));
    const data = join(it.folder, "data");
    const files = [];
    for (const survey of [PULSE, FORM]) {
      const file = join(it.folder, `${survey.id}.json`);
      await writeFile(file, JSON.stringify(survey));
      files.push(file);
    }
    const args = ["init", "--data", data];
    args.push("--admin", "pm@shop.example", "--password", "correct horse");
    args.push("--site-key", SITE_KEY, "--origin", "http://127.0.0.1:*");
    await run(BINARY, [...args, "--survey", files[0]]);
    await run(BINARY, ["survey", "publish", files[1], "--data", data]);
    return it;
  }

  /** A collector with a copy of the data, which is running. */
  async collector(name) {
    const data = join(this.folder, name);
    await cp(join(this.folder, "data"), data, { recursive: true });
    const it = new Collector(data);
    await it.start();
    return it;
  }

  async remove() {
    await rm(this.folder, { recursive: true, force: true });
  }
}

export class Collector {
  #child;
  #port = 0;
  /** What it said on stderr: shown with a finding. */
  log = "";

  constructor(data) {
    this.data = data;
  }

  /** The same all along; nobody listens there while it is down. */
  get url() {
    return `http://127.0.0.1:${this.#port}`;
  }

  async start() {
    const args = ["serve", "--data", this.data];
    args.push("--listen", `127.0.0.1:${this.#port}`);
    this.#child = spawn(BINARY, args, { stdio: ["ignore", "pipe", "pipe"] });
    running.add(this.#child);
    this.#child.stderr.on("data", (said) => (this.log += said));
    this.#port = await port(this.#child, () => this.log);
  }

  /** Ends it as a power cut of the process would. */
  async kill() {
    await this.#end("SIGKILL");
  }

  /** Ends it in an orderly way, which folds its log into the database. */
  async stop() {
    const code = await this.#end("SIGTERM");
    if (code !== 0) throw new Error(`the collector ended with ${code}`);
  }

  async #end(signal) {
    running.delete(this.#child);
    if (this.#child.exitCode !== null || this.#child.signalCode !== null)
      return this.#child.exitCode;
    const ended = once(this.#child, "exit");
    this.#child.kill(signal);
    const [code] = await ended;
    return code;
  }

  async remove() {
    await rm(this.data, { recursive: true, force: true });
  }
}

const running = new Set();

/** Whatever ends us, nothing that was started here goes on. */
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

/** The port on the line by which the server says that it listens. */
async function port(child, said) {
  for await (const line of createInterface({ input: child.stdout })) {
    const found = /^listening on http:\S+?:(\d+)/.exec(line);
    if (found) {
      // Reading goes on: a full pipe would stop the server.
      child.stdout.resume();
      return Number(found[1]);
    }
  }
  throw new Error(`the collector ended before it listened: ${said()}`);
}
