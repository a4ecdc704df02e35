// Turns the person's choice of tab, window or screen into one picture of it.
import type { Mark } from "./marks.js";

/** What was captured, with what is to be hidden in it from the start. */
export interface Capture {
  picture: ImageBitmap;
  marks: Mark[];
}

/** Not on phones: they offer it nowhere, or break on it. */
export function canCapture(page: Window): boolean {
  const phone =
    page.matchMedia("(pointer: coarse)").matches &&
    Math.min(page.screen.width, page.screen.height) < 600;
  const { mediaDevices } = page.navigator;
  return (
    page.isSecureContext &&
    !phone &&
    typeof (mediaDevices as Partial<MediaDevices> | undefined)
      ?.getDisplayMedia === "function"
  );
}

/** One frame, without `widget` in it; `undefined` when the person changes their mind. */
export async function capture(
  page: Window,
  widget: HTMLElement,
): Promise<Capture | undefined> {
  let stream: MediaStream;
  try {
    stream = await page.navigator.mediaDevices.getDisplayMedia({
      video: { displaySurface: "browser" },
      audio: false,
      preferCurrentTab: true,
      selfBrowserSurface: "include",
    } as DisplayMediaStreamOptions);
  } catch (error) {
    if ((error as Error).name === "NotAllowedError") return undefined;
    throw error;
  }
  const { visibility } = widget.style;
  widget.style.visibility = "hidden";
  try {
    const video = page.document.createElement("video");
    video.muted = true;
    video.srcObject = stream;
    await video.play();
    // The first frames may still show what was there before.
    await frames(page, video, 3);
    const [track] = stream.getVideoTracks();
    const size = { width: video.videoWidth, height: video.videoHeight };
    const marks = isThisTab(page, track, size) ? secrets(page, widget) : [];
    return { picture: await createImageBitmap(video), marks };
  } finally {
    for (const track of stream.getTracks()) track.stop();
    widget.style.visibility = visibility;
  }
}

/** Resolves when this many frames of the page, and one more of the video, have come. */
async function frames(
  page: Window,
  video: HTMLVideoElement,
  count: number,
): Promise<void> {
  for (let i = 0; i < count; i++) {
    await new Promise<void>((done) => page.requestAnimationFrame(() => done()));
  }
  if (typeof video.requestVideoFrameCallback !== "function") return;
  await new Promise<void>((done) => {
    video.requestVideoFrameCallback(() => done());
    // A page on which nothing moves has no further frame.
    page.setTimeout(done, 300);
  });
}

/** Whether the picture is of this tab, as far as its shape can tell. */
function isThisTab(
  page: Window,
  track: MediaStreamTrack | undefined,
  { width, height }: { width: number; height: number },
): boolean {
  if (track?.getSettings().displaySurface !== "browser") return false;
  const x = width / page.innerWidth;
  const y = height / page.innerHeight;
  return Math.abs(x / y - 1) < 0.01;
}

/** What is written in fields, what cannot be looked into, and what the page calls private. */
const SECRET =
  "input:not([type=button],[type=checkbox],[type=hidden],[type=image],[type=radio],[type=range],[type=reset],[type=submit]),textarea,select,[contenteditable]:not([contenteditable=false]),iframe,[data-private]";

/** What nobody should send by accident, except in `widget`, which is not in the picture. */
export function secrets(page: Window, widget: HTMLElement): Mark[] {
  // Of a page that is pinched larger, the picture shows a part. Its scrollbars are in it, unlike in the viewport's width.
  const viewport = page.visualViewport ?? {
    offsetLeft: 0,
    offsetTop: 0,
    scale: 1,
  };
  const { offsetLeft, offsetTop, scale } = viewport;
  const toX = (x: number) => ((x - offsetLeft) * scale) / page.innerWidth;
  const toY = (y: number) => ((y - offsetTop) * scale) / page.innerHeight;
  const marks: Mark[] = [];
  for (const element of secretsIn(page.document, widget)) {
    const { left, top, right, bottom } = element.getBoundingClientRect();
    const x = Math.max(0, toX(left));
    const y = Math.max(0, toY(top));
    const width = Math.min(1, toX(right)) - x;
    const height = Math.min(1, toY(bottom)) - y;
    if (width > 0 && height > 0)
      marks.push({ kind: "hide", x, y, width, height });
  }
  return marks;
}

function secretsIn(root: ParentNode, widget: HTMLElement): Element[] {
  return [...root.querySelectorAll("*")].flatMap((element) => {
    const { shadowRoot } = element;
    const inside =
      shadowRoot && element !== widget ? secretsIn(shadowRoot, widget) : [];
    return element.matches(SECRET) ? [element, ...inside] : inside;
  });
}
