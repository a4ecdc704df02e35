// Turns imported files that are not code into the types of what the bundler makes of them.

/** A stylesheet with its imports, minified. */
declare module "*.css" {
  const text: string;
  export default text;
}
