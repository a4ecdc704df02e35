// Turns a function into a real HTTP server on this machine, which notes every request.
import {
  createServer,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

export interface Noted {
  method: string;
  url: string;
  headers: IncomingMessage["headers"];
  body: string;
  /** The body as it came. */
  bytes: Buffer;
}

/** A server for one test. `answer` may leave a request without an answer. */
export async function serve(
  answer: (request: Noted, response: ServerResponse) => void,
): Promise<{ url: string; requests: Noted[] }> {
  const requests: Noted[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { method = "", url = "", headers } = request;
      const bytes = Buffer.concat(chunks);
      const noted = { method, url, headers, body: bytes.toString(), bytes };
      requests.push(noted);
      answer(noted, response);
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/`, requests };
}
