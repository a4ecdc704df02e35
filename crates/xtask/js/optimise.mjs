// Turns wasm modules into smaller ones, in place: as the command line of wasm-opt does, but many in one process.
//
// node optimise.mjs FILE...

import { readFile, writeFile } from "node:fs/promises";

import binaryen from "binaryen";

// As `WASM_FEATURES` of the build, and what two of them bring along.
const { Features } = binaryen;
const FEATURES =
  Features.BulkMemory |
  Features.BulkMemoryOpt |
  Features.NontrappingFPToInt |
  Features.SignExt |
  Features.MutableGlobals |
  Features.ReferenceTypes |
  Features.CallIndirectOverlong |
  Features.Multivalue;

// -Oz
binaryen.setOptimizeLevel(2);
binaryen.setShrinkLevel(2);
binaryen.setLowMemoryUnused(true);
binaryen.setDebugInfo(false);

for (const file of process.argv.slice(2)) {
  const module = binaryen.readBinary(await readFile(file));
  module.setFeatures(FEATURES);
  module.runPasses(["dealign", "flatten", "rereloop"]);
  module.optimize();
  module.optimize();
  module.runPasses(["strip-debug", "strip-producers", "strip-target-features"]);
  await writeFile(file, module.emitBinary());
  module.dispose();
}
