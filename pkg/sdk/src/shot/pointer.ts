// Turns presses, moves and releases over a picture into marks drawn and marks moved.

/** In shares of the picture, from its top left. */
export interface Point {
  x: number;
  y: number;
}

export interface Drawing {
  /** The index of the mark under the pointer; -1 for none. */
  begin(target: EventTarget | null): number;
  drawn(from: Point, to: Point): void;
  moved(index: number, dx: number, dy: number): void;
}

export function followPointer(area: HTMLElement, drawing: Drawing): void {
  let from: Point | undefined;
  let index = -1;
  const at = ({ clientX, clientY }: PointerEvent): Point => {
    const { left, top, width, height } = area.getBoundingClientRect();
    return { x: (clientX - left) / width, y: (clientY - top) / height };
  };
  const trace = area.ownerDocument.createElement("div");
  trace.className = "trace";
  area.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    from = at(event);
    index = drawing.begin(event.target);
    // So that the release is heard wherever it happens.
    area.setPointerCapture(event.pointerId);
  });
  area.addEventListener("pointermove", (event) => {
    if (!from || index >= 0) return;
    const to = at(event);
    trace.style.left = `${Math.min(from.x, to.x) * 100}%`;
    trace.style.top = `${Math.min(from.y, to.y) * 100}%`;
    trace.style.width = `${Math.abs(from.x - to.x) * 100}%`;
    trace.style.height = `${Math.abs(from.y - to.y) * 100}%`;
    area.append(trace);
  });
  area.addEventListener("pointerup", (event) => {
    if (!from) return;
    const to = at(event);
    const [dx, dy] = [to.x - from.x, to.y - from.y];
    if (index < 0) drawing.drawn(from, to);
    else if (dx !== 0 || dy !== 0) drawing.moved(index, dx, dy);
    from = undefined;
    trace.remove();
  });
  area.addEventListener("pointercancel", () => {
    from = undefined;
    trace.remove();
  });
}
