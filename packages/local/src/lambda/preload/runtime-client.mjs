/**
 * Lets `aws-lambda-ric` run without its native part: it asks for `./rapid-client.node`, which has to be compiled, and
 * gets a client in plain JavaScript. For nodejs22.x, handlers have the callbacks that this version of it no longer knows.
 */
import { registerHooks } from 'node:module';
import { takesCallbacks, withCallbacks } from '../callback-handler.ts';

const rapidClient = new URL('rapid-client.cjs', import.meta.url).href;

/** Node says so when nothing is left to wait for; the idle connection to the Runtime API does not count. */
function whenIdle(run) {
  process.once('beforeExit', run);
  return () => process.off('beforeExit', run);
}

/** What in its source refuses callbacks, or calls the handler without, and what takes its place. */
const replacements = [
  ['function errorOnDeprecatedCallback(metadata) {', 'function errorOnDeprecatedCallback() { return;'],
  [
    'await this.handler(event, context)',
    "await globalThis[Symbol.for('studio-resources.callbacks')](this.handler)(event, context)",
  ],
];

if (takesCallbacks(process.env)) {
  globalThis[Symbol.for('studio-resources.callbacks')] = (handler) => withCallbacks(handler, whenIdle);
}

registerHooks({
  resolve(specifier, context, nextResolve) {
    if (specifier === './rapid-client.node' && context.parentURL?.endsWith('/aws-lambda-ric/index.mjs')) {
      return { url: rapidClient, format: 'commonjs', shortCircuit: true };
    }
    return nextResolve(specifier, context);
  },
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    if (!takesCallbacks(process.env) || !url.endsWith('/aws-lambda-ric/index.mjs')) return loaded;
    let source = String(loaded.source);
    for (const [from, to] of replacements) {
      if (!source.includes(from)) throw new Error(`Preparing aws-lambda-ric for callbacks: it has no ${from}`);
      source = source.replace(from, () => to);
    }
    return { ...loaded, source };
  },
});
