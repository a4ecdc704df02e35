// Turns the place of the cursor in a definition into what may be written there, from the schema.
import {
  snippetCompletion,
  type Completion,
  type CompletionContext,
  type CompletionResult,
} from "@codemirror/autocomplete";
import { syntaxTree } from "@codemirror/language";
import type { SyntaxNode } from "@lezer/common";

import { at, skeleton, type Schema } from "./schema.js";
import { properties, wayTo } from "./tree.js";

/** Completes names and values as `schema` has them; nothing as long as it is not there. */
export function completeFrom(schema: () => Schema | undefined) {
  return (context: CompletionContext): CompletionResult | null => {
    const root = schema();
    if (!root) return null;
    const { state, pos } = context;
    const node = syntaxTree(state).resolveInner(pos, -1);
    const isName = node.name === "PropertyName";
    const object = objectAround(node, pos);
    if (isName || object) {
      const inside = isName ? node.parent?.parent : object;
      if (!inside || inside.name !== "Object") return null;
      const from = isName ? node.from : wordStart(context);
      if (!context.explicit && !isName && from === pos) return null;
      return {
        from,
        to: isName ? node.to : pos,
        options: names(root, inside, context, isName),
        validFor: /^"?[\w$]*"?$/,
      };
    }
    const place = valuePlace(node, pos);
    if (!place) return null;
    const isString = node.name === "String";
    const from = isString ? node.from : wordStart(context);
    return {
      from,
      to: isString ? node.to : pos,
      options: values(at(root, wayTo(state, place))),
      validFor: /^"?[\w-]*"?$/,
    };
  };
}

/** Where the word before the cursor begins, with its quote. */
function wordStart(context: CompletionContext): number {
  return context.matchBefore(/"?[\w$-]*/)?.from ?? context.pos;
}

/** The object in which the cursor stands where the name of a property could be. */
function objectAround(node: SyntaxNode, pos: number): SyntaxNode | undefined {
  let object: SyntaxNode | null = node;
  if (object.name === "⚠") object = object.parent;
  if (object && ["{", ",", "}"].includes(object.name)) object = object.parent;
  if (object?.name === "Property" && object.to < pos) object = object.parent;
  if (object?.name !== "Object" || object.from >= pos) return undefined;
  // Between a colon and what follows it a value is written.
  const before = object.childBefore(pos);
  const isOpen =
    before?.name === "Property" &&
    !before.lastChild?.name.match(
      /^(String|Number|True|False|Null|Object|Array)$/,
    );
  return isOpen ? undefined : object;
}

/** The node that stands where a value is, or would be. */
function valuePlace(node: SyntaxNode, pos: number): SyntaxNode | undefined {
  if (node.name === "String") return node;
  let here: SyntaxNode | null = node;
  if (here.name === "⚠" || here.name === ":") here = here.firstChild ?? here;
  for (; here; here = here.parent) {
    if (here.name === "Property")
      return (
        here.getChild("⚠") ??
        here.lastChild ??
        (here.from <= pos ? here : undefined)
      );
    if (here.name === "Array")
      return here.childBefore(pos + 1) ?? here.firstChild ?? undefined;
    if (here.name === "Object") return undefined;
  }
  return undefined;
}

function names(
  root: Schema,
  object: SyntaxNode,
  context: CompletionContext,
  replaces: boolean,
): Completion[] {
  const { state } = context;
  const there = properties(state, object);
  const options = new Map<string, Completion>();
  for (const schema of at(root, wayTo(state, object))) {
    for (const [name, value] of Object.entries(schema.properties ?? {})) {
      if ((there.has(name) && !replaces) || options.has(name)) continue;
      const isRequired = schema.required?.includes(name) ?? false;
      const body = skeleton(root, value).replace("|", "${}");
      const hasValue =
        replaces &&
        object
          .getChildren("Property")
          .some(
            (it) =>
              it.from <= context.pos && it.to > context.pos && it.getChild(":"),
          );
      const apply = hasValue ? `"${name}"` : `"${name}": ${body || "${}"}`;
      options.set(
        name,
        snippetCompletion(apply, {
          label: `"${name}"`,
          displayLabel: name,
          type: "property",
          info: value.description ?? schema.description ?? "",
          boost: isRequired ? 20 : 0,
          ...(isRequired ? { detail: "*" } : {}),
        }),
      );
    }
  }
  return [...options.values()];
}

function values(schemas: Schema[]): Completion[] {
  const options = new Map<string, Completion>();
  const add = (value: unknown, description: string | undefined) => {
    const label = JSON.stringify(value);
    if (options.has(label)) return;
    options.set(label, {
      label,
      displayLabel: typeof value === "string" ? value : label,
      type: "enum",
      ...(description === undefined ? {} : { info: description }),
    });
  };
  for (const schema of schemas) {
    const { description } = schema;
    if (schema.const !== undefined) add(schema.const, description);
    for (const value of schema.enum ?? []) add(value, description);
    if (schema.type === "boolean")
      [true, false].forEach((it) => add(it, description));
    if (schema.default !== undefined && typeof schema.default !== "object")
      add(schema.default, description);
  }
  return [...options.values()];
}
