import { Script } from 'node:vm';
import { build, type Plugin } from 'esbuild';
import { unzipSync } from 'fflate';

/** Evaluates the module of a function anew, in a world of its own; returns what the module exports. */
export type Load = (globals: Record<string, unknown>) => Record<string, unknown>;

/** What a bundle's code must not find in this process, but in the sandbox. */
const names = [
  'require',
  'process',
  'console',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'clearTimeout',
  'clearInterval',
  'clearImmediate',
  'crypto',
  'Math',
  'AbortSignal',
  'globalThis',
];

/**
 * Makes the code of a deployment package loadable in this process, as often as there are execution environments: its
 * ES modules become one function, which is compiled once. `handler` is as in the function's configuration.
 */
export async function compile(zip: Uint8Array, handler: string): Promise<Load> {
  const files = unzipSync(zip);
  const entry = `${handler.split('.')[0]}.mjs`;
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
    // There is nobody to import for a script.
    supported: { 'dynamic-import': false },
    define: { 'import.meta.url': JSON.stringify('file:///var/task/index.mjs') },
    // The bundles declare a `require` of their own.
    banner: { js: '' },
    logLevel: 'error',
    plugins: [packaged(files)],
  });
  const text = `(function (module, exports, ${names.join(', ')}) {${outputFiles[0]!.text}\n})`;
  const run = new Script(text, { filename: `/var/task/${entry}` }).runInThisContext() as (...all: unknown[]) => void;
  return (globals) => {
    const module = { exports: {} as Record<string, unknown> };
    run(module, module.exports, ...names.map((name) => globals[name]));
    return module.exports;
  };
}

/** Reads files out of the package, and leaves Node's own modules to Node. */
function packaged(files: Record<string, Uint8Array>): Plugin {
  return {
    name: 'packaged',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /.*/ }, ({ path }) => {
        const name = path.replace(/^\.\//, '');
        return files[name] ? { path: name, namespace: 'package' } : { path, external: true };
      });
      onLoad({ filter: /.*/, namespace: 'package' }, ({ path }) => ({ contents: files[path]!, loader: 'js' }));
    },
  };
}
