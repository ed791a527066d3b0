import type { Files } from './function-cloud.ts';

/** Functions that fail as they load, in the same way on either cloud: what is wrong, the files, the type and text of the error. */
export const brokenFunctions: [what: string, files: Exclude<Files, string>, errorType: string, message: string][] = [
  ['a module that throws', { 'index.mjs': 'throw new RangeError("bad start")' }, 'RangeError', 'bad start'],
  [
    'a module that does not exist',
    { 'other.mjs': '' },
    'Runtime.ImportModuleError',
    "Error: Cannot find module 'index'",
  ],
  [
    'a dependency that does not exist',
    { 'index.cjs': 'require("left-pad")' },
    'Runtime.ImportModuleError',
    "Error: Cannot find module 'left-pad'",
  ],
  ['a syntax error', { 'index.mjs': 'export const handler = {' }, 'Runtime.UserCodeSyntaxError', 'SyntaxError: '],
  ['no such export', { 'index.mjs': 'export const main = 1' }, 'Runtime.HandlerNotFound', 'index.handler is undefined'],
  [
    'a handler with a callback',
    { 'index.mjs': 'export const handler = (event, context, callback) => {}' },
    'Runtime.CallbackHandlerDeprecated',
    'callback-based',
  ],
  ['an exit at load', { 'index.mjs': 'process.exit(7)' }, 'Runtime.ExitError', 'exit status 7'],
];
