// Turns a JSON schema and a way into it into what may stand there.

export interface Schema {
  $ref?: string;
  $defs?: Record<string, Schema>;
  title?: string;
  description?: string;
  type?: string | string[];
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: Schema | boolean;
  items?: Schema | boolean;
  enum?: unknown[];
  const?: unknown;
  default?: unknown;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
}

/** Everything that a schema may stand for: itself without references and choices, one for each choice. */
export function variants(root: Schema, schema: Schema, depth = 0): Schema[] {
  if (depth > 12) return [];
  const { $ref, anyOf, oneOf, allOf, ...rest } = schema;
  const own = Object.keys(rest).some((key) => key !== "description")
    ? [rest]
    : [];
  const others = [...(anyOf ?? []), ...(oneOf ?? []), ...(allOf ?? [])];
  const target = $ref?.startsWith("#/$defs/")
    ? root.$defs?.[$ref.slice("#/$defs/".length)]
    : undefined;
  if (target) others.push(target);
  return [
    ...own,
    ...others.flatMap((other) => {
      const found = variants(root, other, depth + 1);
      // What is said where something is used says more than what is said of it in general.
      const { description } = other;
      return description === undefined
        ? found
        : found.map((it) => ({ description, ...it }));
    }),
  ];
}

/** Whatever may stand at the end of a way. */
export function at(root: Schema, way: readonly string[]): Schema[] {
  let here = variants(root, root);
  for (const step of way) {
    here = here.flatMap((schema) => {
      const next: (Schema | boolean | undefined)[] = [];
      const named = schema.properties?.[step];
      if (named) next.push(named);
      else next.push(schema.additionalProperties);
      if (/^\d+$/.test(step)) next.push(schema.items);
      return next
        .filter((it): it is Schema => typeof it === "object" && it !== null)
        .flatMap((it) => {
          const found = variants(root, it);
          const { description } = it;
          return description === undefined
            ? found
            : found.map((one) => ({ ...one, description }));
        });
    });
  }
  return here;
}

/** What a value looks like that is still to be written, with the cursor at `|`. */
export function skeleton(root: Schema, schema: Schema): string {
  const [first] = variants(root, schema);
  const type = first?.type;
  const kind = Array.isArray(type) ? type.find((it) => it !== "null") : type;
  if (first?.enum || first?.const !== undefined) return "";
  if (kind === "string") return '"|"';
  if (kind === "array") return "[|]";
  if (kind === "object" || first?.properties) return "{|}";
  return "";
}
