import { type BuildFailure, type OnLoadResult, transform } from 'esbuild';

/** What a module in CommonJS has, and an ES module has not. */
const names = ['require', 'module', 'exports', '__filename', '__dirname'];
const mentioned = new RegExp(`\\b(${names.join('|')})\\b`);

/** What stands for these names in an ES module: something that is not there either. */
const absent = '$notInEsModule_';
const define = Object.fromEntries(names.map((name) => [name, absent + name]));

/** Whether Node takes a file of a package as an ES module, whatever is in it. */
export function isEsModule(path: string, files: Record<string, Uint8Array>): boolean {
  return path.endsWith('.mjs') || (path.endsWith('.js') && !path.includes('/') && typeOf(files) === 'module');
}

function typeOf(files: Record<string, Uint8Array>): unknown {
  const described = files['package.json'];
  return described && (JSON.parse(Buffer.from(described).toString()) as { type?: unknown }).type;
}

/**
 * The text of an ES module, in which the names of CommonJS are not defined, as in Node: all modules of a function become
 * one script here, which has them.
 */
export async function withoutCommonJs(path: string, contents: Uint8Array, sourceMap: boolean): Promise<OnLoadResult> {
  const text = Buffer.from(contents).toString();
  if (!mentioned.test(text)) return { contents };
  try {
    const options = { define, sourcefile: path, logLevel: 'silent', platform: 'node' } as const;
    const { code } = await transform(text, { ...options, sourcemap: sourceMap ? 'inline' : false });
    return { contents: code };
  } catch (error) {
    return { errors: (error as BuildFailure).errors };
  }
}

/** An error that such a name has caused, with Node's text; any other error as it is. */
export function asNodeSays(error: unknown): unknown {
  if (!(error instanceof ReferenceError) || !error.message.startsWith(absent)) return error;
  const [name = ''] = error.message.slice(absent.length).split(' ');
  const advice = name === 'require' ? ', you can use import instead' : '';
  const message = `${name} is not defined in ES module scope${advice}`;
  error.stack = error.stack?.replace(error.message, message);
  error.message = message;
  return error;
}
