// Turns an imported stylesheet into the text that the bundler makes of it: minified, with its imports.
declare module "*.css" {
  const text: string;
  export default text;
}
