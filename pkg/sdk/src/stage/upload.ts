// Turns images into attachments that the collector has, before the response that names them.
import type { Backstage } from "../boot/backstage.js";
import { pause } from "./moment.js";

/** Waits between attempts, in milliseconds; somebody watches a form meanwhile. */
const WAITS_MS = [1_000, 2_000, 4_000];
/** Five megabytes over a slow line, in milliseconds. */
const TIMEOUT_MS = 60_000;

/** The ids of those images that arrived, and whether all did. */
export interface Uploaded {
  ids: string[];
  all: boolean;
}

export async function upload(
  backstage: Backstage,
  images: readonly Blob[],
): Promise<Uploaded> {
  const ids = await Promise.all(images.map((it) => uploadOne(backstage, it)));
  const arrived = ids.filter((id) => id !== undefined);
  return { ids: arrived, all: arrived.length === images.length };
}

async function uploadOne(
  { page, site, fetch, request, signal }: Backstage,
  image: Blob,
): Promise<string | undefined> {
  // The same for every attempt: what arrived without an answer arrives once.
  const id = uuid7(Date.now());
  const url = `${site.endpoint}v1/attachment?k=${site.siteKey}&id=${id}`;
  // As text, so that no preflight is needed; the collector looks at the bytes anyway.
  const body = new Blob([image], { type: "text/plain" });
  for (let attempt = 0; !signal.aborted; attempt++) {
    const init = { method: "POST", body };
    const answer = await request(fetch, url, init, TIMEOUT_MS);
    const { status, retryAfterMs } = answer;
    if (status === 200) return id;
    const again = status === 0 || status === 429 || status >= 500;
    const wait = WAITS_MS[attempt];
    if (!again || wait === undefined) return undefined;
    await pause(page, Math.max(wait, Math.min(retryAfterMs, 10_000)), signal);
  }
  return undefined;
}

/** RFC 9562, version 7. */
export function uuid7(ms: number): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  for (let i = 0; i < 6; i++) bytes[i] = Math.floor(ms / 256 ** (5 - i)) % 256;
  bytes[6] = 0x70 | ((bytes[6] ?? 0) & 15);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 63);
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0"));
  return hex.join("").replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
