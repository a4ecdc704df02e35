// Turns files into pictures, and pictures into files that hold nothing but what is to be seen.

/** Bytes of one image that the collector takes. */
export const MAX_BYTES = 5 << 20;
/** Pixels of the longer side: what every browser can draw. */
const MAX_SIDE = 4_096;

/** Why an image is not taken: the name of the word that says so. */
export class Refused extends Error {
  constructor(readonly word: "large" | "kind") {
    super(word);
  }
}

/** The picture in a file; rejects with {@link Refused}. */
export async function decode(file: Blob): Promise<ImageBitmap> {
  if (!file.type.startsWith("image/")) throw new Refused("kind");
  if (file.size > MAX_BYTES) throw new Refused("large");
  try {
    return await createImageBitmap(file);
  } catch {
    throw new Refused("kind");
  }
}

/** A canvas of the picture's size, or smaller where that would be too large. */
export function canvasFor(
  document: Document,
  { width, height }: { width: number; height: number },
): HTMLCanvasElement {
  const scale = Math.min(1, MAX_SIDE / Math.max(width, height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  return canvas;
}

/** The canvas as a file: drawn anew, so without place, camera and time; PNG while that is small enough. */
export async function encode(canvas: HTMLCanvasElement): Promise<Blob> {
  const blob = async (type: string) =>
    new Promise<Blob | null>((done) => canvas.toBlob(done, type, 0.85));
  for (const type of ["image/png", "image/jpeg"]) {
    const made = await blob(type);
    if (made && made.size <= MAX_BYTES) return made;
  }
  throw new Refused("large");
}
