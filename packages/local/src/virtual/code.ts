import { isBuiltin } from 'node:module';
import { Script } from 'node:vm';
import { build, type OutputFile, type Plugin } from 'esbuild';
import { unzipSync } from 'fflate';
import { asNodeSays, isEsModule, withoutCommonJs } from './es-module.ts';

/** Evaluates the module of a function anew, in a world of its own; returns what the module exports. Throws what it throws. */
export type Load = (globals: Record<string, unknown>) => Record<string, unknown>;

/** What a function's code finds in its sandbox instead of in this process. */
export const sandboxedNames = [
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
  'fetch',
  'performance',
  'Date',
  'Math',
  'AbortSignal',
  'globalThis',
] as const;

type CodeErrorName =
  | 'Runtime.ImportModuleError'
  | 'Runtime.UserCodeSyntaxError'
  | 'Runtime.HandlerNotFound'
  | 'Runtime.CallbackHandlerDeprecated';

/** A deployment package whose code cannot be loaded; the name is the runtime's own. */
export class CodeError extends Error {
  constructor(name: CodeErrorName, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = name;
  }
}

/** What is compiled stays so: the code of a hash is always the same. */
const compiled = new Map<string, Promise<Load>>();

interface Zip {
  sha256: string;
  zip: Uint8Array;
}

/**
 * The code of a deployment package and of the layers in its `/opt`, which is compiled once in this process. `handler` is as
 * in the configuration.
 */
export function codeOf(code: Zip, handler: string, layers: readonly Zip[] = []): Promise<Load> {
  const key = [code, ...layers].map(({ sha256 }) => sha256).join(' ') + handler;
  const known = compiled.get(key);
  if (known) return known;
  const inOpt = layers.flatMap(({ zip }) => Object.entries(unzipSync(zip)));
  const files = { ...unzipSync(code.zip), ...Object.fromEntries(inOpt.map(([name, text]) => [`opt/${name}`, text])) };
  const load = compile(files, handler);
  compiled.set(key, load);
  return load;
}

/** Makes one function of the modules of a package, so that each execution environment evaluates them anew. */
async function compile(files: Record<string, Uint8Array>, handler: string): Promise<Load> {
  const { entry, text } = await scriptOf(files, handler);
  const run = new Script(text, { filename: `/var/task/${entry}` }).runInThisContext() as (...all: unknown[]) => void;
  return (globals) => {
    const module = { exports: {} as Record<string, unknown> };
    try {
      run(module, module.exports, ...sandboxedNames.map((name) => globals[name]));
    } catch (thrown) {
      const error = asNodeSays(thrown);
      const { code, message } = error as NodeJS.ErrnoException;
      if (code !== 'MODULE_NOT_FOUND') throw error;
      throw new CodeError('Runtime.ImportModuleError', `Error: ${message}`, error);
    }
    return module.exports;
  };
}

/** A script whose value is one function of the modules of a package. */
export interface ModuleScript {
  /** The module with the handler. */
  entry: string;
  text: string;
  /** Where the text between the first `{` and the last `}` comes from, where that was asked for. */
  map?: string;
}

/** The script for the files of a package. `sourceMap` says whether to tell where its text comes from. */
export async function scriptOf(
  files: Record<string, Uint8Array>,
  handler: string,
  { sourceMap = false } = {},
): Promise<ModuleScript> {
  const module = handler.slice(0, handler.lastIndexOf('.'));
  const entry = ['.js', '.mjs', '.cjs'].map((extension) => module + extension).find((name) => files[name]);
  if (!entry) {
    throw new CodeError('Runtime.ImportModuleError', `Error: Cannot find module '${module}'`);
  }
  const outputs = await bundle(files, entry, sourceMap);
  const code = outputs.find(({ path }) => !path.endsWith('.map'))!.text;
  return {
    entry,
    text: `(function (module, exports, ${sandboxedNames.join(', ')}) {${code}\n})`,
    map: outputs.find(({ path }) => path.endsWith('.map'))?.text,
  };
}

async function bundle(files: Record<string, Uint8Array>, entry: string, sourceMap: boolean): Promise<OutputFile[]> {
  try {
    const { outputFiles } = await build({
      entryPoints: [`./${entry}`],
      bundle: true,
      write: false,
      // Nothing is written there.
      outdir: '/var/task',
      sourcemap: sourceMap && 'external',
      platform: 'node',
      format: 'cjs',
      // A script cannot import.
      supported: { 'dynamic-import': false },
      define: { 'import.meta.url': JSON.stringify(`file:///var/task/${entry}`) },
      logLevel: 'silent',
      plugins: [packaged(files, sourceMap)],
    });
    return outputFiles;
  } catch (cause) {
    const [error] = (cause as { errors?: { text: string }[] }).errors ?? [];
    throw new CodeError(
      'Runtime.UserCodeSyntaxError',
      `SyntaxError: ${error?.text ?? (cause as Error).message}`,
      cause,
    );
  }
}

/**
 * Reads files out of the package; what is not there is left to `require`, as are Node's own modules, or is an error of the
 * import. A bare name is looked for in the layers and in the root too, which Lambda has in NODE_PATH, in this order.
 */
function packaged(files: Record<string, Uint8Array>, sourceMap: boolean): Plugin {
  return {
    name: 'packaged',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /.*/ }, ({ path, importer, kind }) => {
        if (isBuiltin(path)) return { path, external: true };
        const from = path.startsWith('.') ? importer : '';
        const resolved = new URL(path, `file:///${from}`).pathname.slice(1);
        const inLayer = /^[./]/.test(path) ? undefined : layerModule(files, path);
        const name = inLayer ?? moduleAt(files, resolved);
        if (name) return { path: name, namespace: 'package' };
        if (kind === 'require-call' || kind === 'require-resolve') return { path, external: true };
        const missing = path.startsWith('.') ? `module '/var/task/${resolved}'` : `package '${path}'`;
        const message = `Cannot find ${missing} imported from /var/task/${importer}`;
        return { path: `${path}.cjs`, namespace: 'missing', pluginData: message };
      });
      onLoad({ filter: /.*/, namespace: 'missing' }, ({ pluginData }) => ({
        contents: `throw Object.assign(new Error(${JSON.stringify(pluginData)}), { code: 'ERR_MODULE_NOT_FOUND' });`,
      }));
      onLoad({ filter: /.*/, namespace: 'package' }, ({ path }) => {
        const contents = files[path]!;
        if (isEsModule(path, files)) return withoutCommonJs(path, contents, sourceMap);
        return { contents, loader: path.endsWith('.json') ? 'json' : 'js' };
      });
    },
  };
}

function moduleAt(files: Record<string, Uint8Array>, path: string): string | undefined {
  return [path, `${path}.js`, `${path}.json`, `${path}/index.js`].find((one) => files[one]?.length);
}

/** A module that a layer has in `/opt/nodejs/node_modules`; a package's own file says which one it begins with. */
function layerModule(files: Record<string, Uint8Array>, name: string): string | undefined {
  const path = `opt/nodejs/node_modules/${name}`;
  const described = files[`${path}/package.json`];
  const { main } = described ? (JSON.parse(Buffer.from(described).toString()) as { main?: string }) : {};
  return (main && moduleAt(files, new URL(main, `file:///${path}/`).pathname.slice(1))) ?? moduleAt(files, path);
}
