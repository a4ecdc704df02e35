// Turns the page's shell into the running console: fetches the module that the page names, starts it.
import init from "../../target/wasm-bindgen/console/console.js";

const starting = document.getElementById("starting");

// `href` is resolved against <base>, so this holds under any path.
init({ module_or_path: document.getElementById("console-wasm").href }).then(
  () => starting.remove(),
  (error) => {
    starting.className = "starting-failed";
    starting.setAttribute("role", "alert");
    starting.textContent =
      "The console could not start. Reload the page; if that does not help, this browser may not run WebAssembly here. " +
      `(${error.message})`;
  },
);
