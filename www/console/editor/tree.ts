// Turns JSON that may be broken into places: from a JSON pointer to a range, and from a range to a pointer.
import { syntaxTree } from "@codemirror/language";
import type { EditorState } from "@codemirror/state";
import type { SyntaxNode } from "@lezer/common";

const VALUES = new Set([
  "Object",
  "Array",
  "String",
  "Number",
  "True",
  "False",
  "Null",
]);

export interface Range {
  from: number;
  to: number;
}

/** The text of a string or of a property's name, without quotes; as it stands where it is broken. */
export function textOf(state: EditorState, node: Range): string {
  const raw = state.sliceDoc(node.from, node.to);
  try {
    return String(JSON.parse(raw));
  } catch {
    return raw.replace(/^"|"$/g, "");
  }
}

/** The values that lie in a node, one after another. */
function values(node: SyntaxNode): SyntaxNode[] {
  const found = [];
  for (let at = node.firstChild; at; at = at.nextSibling)
    if (VALUES.has(at.name)) found.push(at);
  return found;
}

/** The properties of an object by name: their names and, where there is one, their values. */
export function properties(
  state: EditorState,
  object: SyntaxNode,
): Map<string, SyntaxNode> {
  const found = new Map<string, SyntaxNode>();
  for (const property of object.getChildren("Property")) {
    const name = property.getChild("PropertyName");
    if (name) found.set(textOf(state, name), property);
  }
  return found;
}

/** Where a pointer leads; as far as it leads, where something on the way is missing. */
export function rangeOf(state: EditorState, pointer: string): Range {
  let node: SyntaxNode | undefined = values(syntaxTree(state).topNode)[0];
  if (!node) return { from: 0, to: state.doc.length };
  let range: Range = { from: node.from, to: node.from + 1 };
  const parts = pointer.split("/").slice(1);
  for (const [depth, part] of parts.entries()) {
    const name = part.replaceAll("~1", "/").replaceAll("~0", "~");
    const step: Step | undefined = stepInto(state, node, name);
    if (!step) break;
    const { value, label } = step;
    const isShort = value && !["Object", "Array"].includes(value.name);
    const isLast = depth === parts.length - 1;
    if (isShort && (isLast || !label)) range = value;
    else if (label) range = label;
    else if (value) range = { from: value.from, to: value.from + 1 };
    if (!value) break;
    node = value;
  }
  return { from: range.from, to: range.to };
}

interface Step {
  value: SyntaxNode | undefined;
  /** The name of a property; an element of a list has none. */
  label: SyntaxNode | undefined;
}

function stepInto(
  state: EditorState,
  node: SyntaxNode,
  name: string,
): Step | undefined {
  if (node.name === "Array") {
    const value = values(node)[Number(name)];
    return value && { value, label: undefined };
  }
  const property = properties(state, node).get(name);
  return (
    property && {
      value: values(property)[0],
      label: property.getChild("PropertyName") ?? property,
    }
  );
}

/** What to put where, so that the property at `way` is this JSON, or is gone; nothing where it cannot be. */
export function editOf(
  state: EditorState,
  way: readonly string[],
  json: string | undefined,
): { from: number; to: number; insert: string } | undefined {
  let node: SyntaxNode | undefined = values(syntaxTree(state).topNode)[0];
  for (const [depth, name] of way.entries()) {
    if (node?.name !== "Object") return undefined;
    const step: Step | undefined = stepInto(state, node, name);
    const isLast = depth === way.length - 1;
    if (step?.value && !isLast) {
      node = step.value;
      continue;
    }
    if (step) return json === undefined ? gone(state, step) : over(step, json);
    if (json === undefined) return undefined;
    const rest = way.slice(depth + 1).reverse();
    const whole = rest.reduce((inner, key) => `{ "${key}": ${inner} }`, json);
    return into(state, node, `"${name}": ${whole}`);
  }
  return undefined;
}

function over({ value, label }: Step, json: string) {
  if (value) return { from: value.from, to: value.to, insert: json };
  const to = label?.to ?? 0;
  return { from: to, to, insert: `: ${json}` };
}

/** Takes a property away, with the comma that is too many then. */
function gone(state: EditorState, { label }: Step) {
  const property = label?.name === "Property" ? label : label?.parent;
  if (!property) return undefined;
  const { from, to } = property;
  const after = /^\s*,/.exec(state.sliceDoc(to))?.[0] ?? "";
  const before = /,?\s*$/.exec(state.sliceDoc(0, from))?.[0] ?? "";
  if (after) {
    const blank = /\s*$/.exec(state.sliceDoc(0, from))?.[0].length ?? 0;
    return { from: from - blank, to: to + after.length, insert: "" };
  }
  return { from: from - before.length, to, insert: "" };
}

/** Adds a property at the end of an object, indented as its neighbours are. */
function into(state: EditorState, object: SyntaxNode, property: string) {
  const last = object.getChildren("Property").at(-1);
  if (!last) {
    const from = object.from + 1;
    return { from, to: from, insert: ` ${property} ` };
  }
  const line = state.doc.lineAt(last.from);
  const isAlone = line.text.slice(0, last.from - line.from).trim() === "";
  const space = isAlone ? `\n${" ".repeat(last.from - line.from)}` : " ";
  return { from: last.to, to: last.to, insert: `,${space}${property}` };
}

/** The way from the root to a node: names of properties, numbers of elements. */
export function wayTo(state: EditorState, node: SyntaxNode): string[] {
  const way: string[] = [];
  let at: SyntaxNode = node;
  for (let up = at.parent; up; up = up.parent) {
    const { from } = at;
    if (up.name === "Property" && at.name !== "PropertyName") {
      const name = up.getChild("PropertyName");
      way.unshift(name ? textOf(state, name) : "");
    } else if (up.name === "Array") {
      way.unshift(String(values(up).filter((it) => it.from < from).length));
    }
    at = up;
  }
  return way;
}
