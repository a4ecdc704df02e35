// Turns rectangles over a picture into other rectangles, and into pixels.

/** One rectangle; all in shares of the picture, from its top left. */
export interface Mark {
  kind: "highlight" | "hide";
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Smaller ones are slips of the hand. */
export const MIN_SIDE = 0.01;

const clamp = (n: number, low: number, high: number) =>
  Math.min(high, Math.max(low, n));

/** The same mark elsewhere, within the picture. */
export function move(mark: Mark, dx: number, dy: number): Mark {
  return {
    ...mark,
    x: clamp(mark.x + dx, 0, 1 - mark.width),
    y: clamp(mark.y + dy, 0, 1 - mark.height),
  };
}

/** The same mark with another size, within the picture. */
export function resize(mark: Mark, dx: number, dy: number): Mark {
  return {
    ...mark,
    width: clamp(mark.width + dx, MIN_SIDE, 1 - mark.x),
    height: clamp(mark.height + dy, MIN_SIDE, 1 - mark.y),
  };
}

/** The mark between two points, wherever they are; `undefined` when it is too small to be meant. */
export function between(
  kind: Mark["kind"],
  from: { x: number; y: number },
  to: { x: number; y: number },
): Mark | undefined {
  const [x0, x1] = [from.x, to.x].map((n) => clamp(n, 0, 1)) as [
    number,
    number,
  ];
  const [y0, y1] = [from.y, to.y].map((n) => clamp(n, 0, 1)) as [
    number,
    number,
  ];
  const [width, height] = [Math.abs(x1 - x0), Math.abs(y1 - y0)];
  if (width < MIN_SIDE || height < MIN_SIDE) return undefined;
  return { kind, x: Math.min(x0, x1), y: Math.min(y0, y1), width, height };
}

/** Draws the picture with its marks: what is hidden is painted over last, and wholly. */
export function paint(
  canvas: HTMLCanvasElement,
  picture: CanvasImageSource,
  marks: readonly Mark[],
): void {
  const context = canvas.getContext("2d");
  if (!context) throw new Error("no canvas");
  const { width, height } = canvas;
  context.drawImage(picture, 0, 0, width, height);
  // Outwards to whole pixels: half a pixel would let through what is below.
  const box = (mark: Mark): [number, number, number, number] => {
    const x = Math.floor(mark.x * width);
    const y = Math.floor(mark.y * height);
    return [
      x,
      y,
      Math.ceil((mark.x + mark.width) * width) - x,
      Math.ceil((mark.y + mark.height) * height) - y,
    ];
  };
  const line = Math.max(2, Math.round(Math.max(width, height) / 400));
  for (const mark of marks) {
    if (mark.kind !== "highlight") continue;
    // Two colours, of which one is seen on every ground.
    for (const [color, factor] of [
      ["#1a2029", 2],
      ["#ffc53d", 1],
    ] as const) {
      context.strokeStyle = color;
      context.lineWidth = line * factor;
      context.strokeRect(...box(mark));
    }
  }
  context.fillStyle = "#000";
  for (const mark of marks) {
    if (mark.kind === "hide") context.fillRect(...box(mark));
  }
}
