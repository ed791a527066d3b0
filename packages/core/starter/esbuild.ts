import type { BuildOptions } from 'esbuild';

/** How the function is bundled for `nodejs24.x`. */
export const settings = {
  entryPoints: { index: 'src/secure-parameter.ts' },
  outdir: 'dist',
  // Everything that the function imports, the SDK too: Lambda has another version of it, and of others none.
  bundle: true,
  platform: 'node',
  target: 'node24',
  // Lambda takes a file that ends in .mjs as an ES module, whatever it contains.
  format: 'esm',
  outExtension: { '.js': '.mjs' },
  // Without these, the SDK comes as CommonJS, twice the size.
  mainFields: ['module', 'main'],
  conditions: ['module'],
  // Dependencies in CommonJS call require, which an ES module does not have.
  banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  minify: true,
  // Names stay readable in stack traces.
  keepNames: true,
  legalComments: 'none',
  write: false,
} satisfies BuildOptions;
