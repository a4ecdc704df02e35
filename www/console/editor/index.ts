// Turns two elements of the page about one survey into an editor and a preview, once both are wanted.
import { Code } from "./code.js";
import { Preview } from "./preview.js";

if (!customElements.get("fh-code")) {
  customElements.define("fh-code", Code);
  customElements.define("fh-preview", Preview);
}
