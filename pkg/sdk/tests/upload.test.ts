// Turns images of a form into attachments, or into a text that is sent without them.
import { expect, test } from "vitest";
import { createTeller, fromBase64, toBase64 } from "../src/stage/answers.js";
import { upload, uuid7 } from "../src/stage/upload.js";
import { pass, world } from "./dom.js";
import { ANSWER, ANSWERED } from "./widget.js";

const image = new Blob(["pixels"], { type: "image/png" });
const SENT = { ...ANSWERED, complete: true };
const step = {
  type: "progressed",
  progress: SENT,
  answer: ANSWER,
  context: false,
} as const;

function desk() {
  const made = world();
  const log: string[] = [];
  const end = new AbortController();
  const teller = createTeller(made.backstage, {
    context: {},
    signal: end.signal,
    sending: () => log.push("sending"),
    lost: () => log.push("lost"),
  });
  return { made, heard: made.heard, log, teller, end };
}

test("an image is posted as text, under an id of its own", async () => {
  const { backstage, fetched } = world();
  const { ids, all } = await upload(backstage, [image, image]);
  expect(all).toBe(true);
  expect(new Set(ids).size).toBe(2);
  expect(fetched[0]?.url).toBe(
    `https://c.example/v1/attachment?k=fh_demo_shop&id=${ids[0]}`,
  );
  const body = fetched[0]?.init?.body as Blob;
  expect(body.type).toBe("text/plain");
  expect(await body.text()).toBe("pixels");
});

test("what fails on the way is tried again under the same id", async () => {
  const made = world();
  const statuses = [503, 429, 200];
  made.answer = () => new Response("", { status: statuses.shift() ?? 500 });
  const done = upload(made.backstage, [image]);
  await pass(3_000);
  expect((await done).all).toBe(true);
  expect(new Set(made.fetched.map(({ url }) => url)).size).toBe(1);
  expect(made.fetched).toHaveLength(3);
});

test.each([
  [415, 1],
  [413, 1],
  [503, 4],
])("status %d is given up after %d attempts", async (status, attempts) => {
  const made = world();
  made.answer = () => new Response("", { status });
  const done = upload(made.backstage, [image]);
  await pass(60_000);
  expect(await done).toEqual({ ids: [], all: false });
  expect(made.fetched).toHaveLength(attempts);
});

test("the response comes after its images, and names them", async () => {
  const { heard, log, teller } = desk();
  teller.step({ ...step, images: [image] });
  expect([heard, log]).toEqual([[], ["sending"]]);
  await pass();
  expect(heard).toHaveLength(1);
  expect(heard[0]).toMatch(
    /^answered 3 .* \{"attachments":\["[0-9a-f-]{36}"\]\}$/,
  );
  expect(log).toEqual(["sending"]);
});

test("a text whose images are lost is sent all the same", async () => {
  const { made, heard, log, teller } = desk();
  made.answer = () => new Response("", { status: 415 });
  teller.step({ ...step, images: [image] });
  await pass();
  expect(heard).toEqual([`answered 3 ${JSON.stringify([ANSWER])} aGVyZQ==`]);
  expect(log).toEqual(["sending", "lost"]);
});

test("a page that goes does not take the text along; the images follow", async () => {
  const { heard, teller } = desk();
  teller.step({ ...step, images: [image] });
  teller.save(SENT);
  expect(heard).toEqual([`answered 3 ${JSON.stringify([ANSWER])} aGVyZQ==`]);
  await pass();
  expect(heard).toHaveLength(2);
  expect(heard[1]).toContain("attachments");
});

test("steps after images keep their order", async () => {
  const { heard, teller } = desk();
  teller.step({ ...step, progress: ANSWERED, images: [image] });
  teller.step({ ...step, images: [] });
  await pass();
  expect(heard.map((it) => it.slice(0, 10))).toEqual([
    "answered 1",
    "answered 3",
  ]);
});

test("what arrives after the opening has ended is not told to another one", async () => {
  const { heard, teller, end } = desk();
  teller.step({ ...step, images: [image] });
  end.abort();
  await pass();
  expect(heard).toEqual([]);
});

test("an ending is told each time that it is sent, any other step once", () => {
  const { heard, teller } = desk();
  for (const progress of [ANSWERED, ANSWERED, SENT, SENT]) {
    teller.step({ ...step, progress, images: [] });
  }
  expect(heard.map((it) => it.slice(0, 10))).toEqual([
    "answered 1",
    "answered 3",
    "answered 3",
  ]);
});

test("ids carry their time", () => {
  const id = uuid7(0x0193_6f7e_0000);
  expect(id).toMatch(
    /^01936f7e-0000-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  );
});

test("bytes are the same after base64", () => {
  const all = Uint8Array.from({ length: 256 }, (_, i) => i);
  expect(fromBase64(toBase64(all))).toEqual(all);
  expect(fromBase64(null)).toEqual(new Uint8Array());
});
