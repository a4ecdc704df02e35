// Turns a list of bundles (JSON on the command line) into files, with the workspace's esbuild.
//
// Stylesheets imported from TypeScript arrive as minified text, their own @imports resolved: the widget puts them
// into a constructable stylesheet.
import { build } from "esbuild";

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
    ...options,
    plugins: textCss ? [cssAsText] : [],
  });
}
