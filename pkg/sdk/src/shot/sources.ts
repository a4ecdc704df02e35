// Turns what this browser can do into ways to get a picture, from best to plainest.
import { canCapture, capture, type Capture } from "./capture.js";
import { decode, Refused } from "./image.js";

/** The name of its word, and how to get a picture; nothing when the person changes their mind. */
export type Source = [word: string, get: () => Promise<Capture | undefined>];

/** `slot` is where the tools are: the widget around it is not what is to be seen. */
export function sources(page: Window, slot: HTMLElement): Source[] {
  const all: Source[] = [];
  if (canCapture(page)) {
    const widget = () => (slot.getRootNode() as ShadowRoot).host as HTMLElement;
    all.push(["take", () => capture(page, widget())]);
  }
  const { clipboard } = page.navigator as { clipboard?: Partial<Clipboard> };
  if (typeof clipboard?.read === "function") {
    all.push(["clipboard", () => fromClipboard(clipboard as Clipboard)]);
  }
  return all;
}

export async function fromFile(file: Blob): Promise<Capture> {
  return { picture: await decode(file), marks: [] };
}

async function fromClipboard(
  clipboard: Clipboard,
): Promise<Capture | undefined> {
  let items: ClipboardItems;
  try {
    items = await clipboard.read();
  } catch (error) {
    if ((error as Error).name === "NotAllowedError") return undefined;
    throw error;
  }
  for (const item of items) {
    const type = item.types.find((it) => it.startsWith("image/"));
    if (type) return fromFile(await item.getType(type));
  }
  throw new Refused("kind");
}

/** The image of a paste; copied text may come with a picture of itself, and stays a text. */
export function pasted({ clipboardData }: ClipboardEvent): File | undefined {
  if (clipboardData?.getData("text/plain")) return undefined;
  return [...(clipboardData?.files ?? [])].find((it) =>
    it.type.startsWith("image/"),
  );
}
