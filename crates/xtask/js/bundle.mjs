// Turns a list of bundles (JSON on the command line) into files, with the workspace's esbuild.
//
// Stylesheets imported from TypeScript arrive as minified text, their own @imports resolved: the widget puts them
// into a constructable stylesheet.
//
// Scripts that ship are packed once more: of what esbuild has made of them, terser makes 5 % less.
import { readFile, writeFile } from "node:fs/promises";
import { build } from "esbuild";
import { minify } from "terser";

const cssAsText = {
  name: "css-as-text",
  setup(context) {
    context.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { outputFiles, metafile } = await build({
        entryPoints: [path],
        bundle: true,
        minify: true,
        write: false,
        metafile: true,
        logLevel: "warning",
      });
      return {
        contents: outputFiles[0].text.trim(),
        loader: "text",
        watchFiles: Object.keys(metafile.inputs),
      };
    });
  },
};

for (const { textCss, ...options } of JSON.parse(process.argv[2])) {
  await build({
    bundle: true,
    charset: "utf8",
    legalComments: "none",
    logLevel: "warning",
    // wasm-bindgen names the script that loads chunks once for each of its functions.
    logOverride: { "duplicate-object-key": "silent" },
    ...options,
    plugins: textCss ? [cssAsText] : [],
  });
  const { outfile } = options;
  if (options.minify && outfile.endsWith(".js")) await shrink(outfile, options);
}

/** Packs a script once more, in the words of the same language. */
async function shrink(file, { format, target, banner }) {
  const { code } = await minify(await readFile(file, "utf8"), {
    ecma: Number(target.slice(2)),
    module: format === "esm",
    toplevel: true,
    compress: { passes: 2 },
    format: { comments: banner ? /Copyright/ : false },
  });
  await writeFile(file, `${code}\n`);
}
