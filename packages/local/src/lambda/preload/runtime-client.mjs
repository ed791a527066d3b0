/**
 * Lets `aws-lambda-ric` run without its native part: it asks for `./rapid-client.node`, which has to be compiled, and
 * gets a client in plain JavaScript.
 */
import { registerHooks } from 'node:module';

const rapidClient = new URL('rapid-client.cjs', import.meta.url).href;

registerHooks({
  resolve(specifier, context, nextResolve) {
    if (specifier === './rapid-client.node' && context.parentURL?.endsWith('/aws-lambda-ric/index.mjs')) {
      return { url: rapidClient, format: 'commonjs', shortCircuit: true };
    }
    return nextResolve(specifier, context);
  },
});
