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
  [
    'an import of a package that does not exist',
    { 'index.mjs': 'import pad from "left-pad"; export const handler = async () => pad;' },
    'Error',
    "Cannot find package 'left-pad' imported from ",
  ],
  [
    'an import of a file that does not exist',
    { 'index.mjs': 'import { pad } from "./left-pad.mjs"; export const handler = async () => pad;' },
    'Error',
    "left-pad.mjs' imported from ",
  ],
  [
    'CommonJS in a file for an ES module',
    { 'index.mjs': 'module.exports = { handler: async () => 1 };' },
    'ReferenceError',
    'module is not defined in ES module scope',
  ],
  [
    'exports of CommonJS in a package of ES modules',
    { 'index.js': 'exports.handler = async () => 1;', 'package.json': '{ "type": "module" }' },
    'ReferenceError',
    'exports is not defined in ES module scope',
  ],
  [
    'require in an ES module',
    { 'index.mjs': 'const { sep } = require("node:path"); export const handler = async () => sep;' },
    'ReferenceError',
    'require is not defined in ES module scope, you can use import instead',
  ],
  [
    'a require that a bundler has put aside',
    {
      'index.mjs': `
        const load = typeof require !== 'undefined' ? require : (name) => {
          throw Error('Dynamic require of "' + name + '" is not supported');
        };
        export const handler = load('node:path');`,
    },
    'Error',
    'Dynamic require of "node:path" is not supported',
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
