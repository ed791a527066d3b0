import { chmodSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkByCfnLint } from '../../scripts/check/cfn-lint.ts';
import { shown } from '../../scripts/check/findings.ts';
import { ResultCache } from '../../scripts/check/result-cache.ts';
import { checkByValidator } from '../../scripts/check/validate.ts';
import { type Definition, definitionOf } from '../../scripts/reference/definition.ts';
import { readTemplateFile } from '../../scripts/templates/files.ts';
import { temporaryDirectory } from '../stacks/temporary-directory.ts';

const directory = temporaryDirectory();
const definition = await definitionOf('studio-lifecycle-config');
const path = 'cloudformation/thing.yaml';
const text = `AWSTemplateFormatVersion: '2010-09-09'
Resources:
  Script:
    Type: Custom::StudioLifecycleConfig
    Properties:
      ServiceToken: !ImportValue StudioLifecycleConfigServiceToken
      Name: start
      AppType: JupyterLab
      Content: echo
`;

/** A cache of its own, and what is in it. */
function newCache(name: string) {
  const folder = join(directory(), name);
  return { cache: new ResultCache(folder), entries: () => readdirSync(folder).map((each) => join(folder, each)) };
}

describe("the validator's results", () => {
  const validate = (cache: ResultCache, template = text, definitions: Definition[] = [definition]) =>
    shown(checkByValidator([readTemplateFile(path, template)], definitions, cache));
  const { cache, entries } = newCache('validator');
  const found = { ruleId: 'E1', message: 'from the cache', startLine: 1 };

  test('are taken from the cache while nothing has changed', () => {
    expect(validate(cache)).toEqual([]);
    for (const entry of entries()) writeFileSync(entry, JSON.stringify({ result: [found] }));
    expect(entries()).toHaveLength(1);
    expect(validate(cache)).toEqual([`${path}:1: E1: from the cache`]);
  });

  test('are found again for a template that has become wrong', () => {
    expect(validate(cache, text.replace('Content:', 'Contents:'))).toContainEqual(expect.stringContaining('F3002'));
  });

  test('are found again for a handler that no longer accepts a property', () => {
    const types = new Map([...definition.types].filter(([name]) => name !== 'Content'));
    expect(validate(cache, text, [{ ...definition, types }])).toEqual([
      expect.stringContaining('Properties.Content: Additional properties are not allowed'),
    ]);
  });

  test('are found anew where the stored file is unreadable', () => {
    for (const entry of entries()) writeFileSync(entry, '{"resu');
    expect(validate(cache)).toEqual([]);
  });
});

describe("cfn-lint's results", () => {
  /** A linter that finds the first line of each template wrong, and writes down what it was asked. */
  function linter(name: string) {
    const command = join(directory(), name);
    const log = `${command}.log`;
    const use = (version: string) => {
      const script = [
        '#!/usr/bin/env node',
        'const asked = process.argv.slice(2);',
        `if (asked[0] === '--version') { console.log('${version}'); process.exit(0); }`,
        "const paths = asked.slice(asked.indexOf('--') + 1);",
        `require('node:fs').appendFileSync(${JSON.stringify(log)}, paths.join(' ') + '\\n');`,
        "const Location = { Start: { LineNumber: 1 } }, Message = 'no', Rule = { Id: 'E1' };",
        'console.log(JSON.stringify(paths.map((Filename) => ({ Filename, Location, Message, Rule }))));',
      ];
      writeFileSync(command, script.join('\n'));
      chmodSync(command, 0o755);
    };
    writeFileSync(log, '');
    return { command, use, asked: () => readFileSync(log, 'utf8').split('\n').filter(Boolean) };
  }

  test('are found again after a change of a template, of one that it refers to, or of the linter', async () => {
    const { command, use, asked } = linter('cfn-lint');
    const { cache } = newCache('lint');
    const inner = { path: 'cloudformation/inner.yaml', text: 'inner' };
    const outer = { path: 'cloudformation/outer.yaml', text: 'TemplateURL: inner.yaml' };
    const other = { path: 'cloudformation/other.yaml', text: 'other' };
    const lint = async (...templates: { path: string; text: string }[]) =>
      shown((await checkByCfnLint(templates, { command, cache }))!);

    use('1.0');
    const all = [inner, other, outer].map((each) => `${each.path}:1: cfn-lint E1: no`);
    expect(await lint(inner, outer, other)).toEqual(all);
    expect(await lint(inner, outer, other)).toEqual(all);
    expect(await lint({ ...inner, text: 'inner, changed' }, outer, other)).toEqual(all);
    use('2.0');
    expect(await lint(other)).toEqual([`${other.path}:1: cfn-lint E1: no`]);
    expect(asked()).toEqual([
      'cloudformation/inner.yaml cloudformation/outer.yaml cloudformation/other.yaml',
      'cloudformation/inner.yaml cloudformation/outer.yaml',
      'cloudformation/other.yaml',
    ]);
  });
});

test('entries that were not used for a month are removed', () => {
  const { cache, entries } = newCache('old');
  cache.keep('kept', 1);
  cache.keep('asked for', 2);
  const now = new Date();
  for (const entry of entries()) utimesSync(entry, new Date(0), new Date(0));
  expect(cache.find('asked for')).toBe(2);
  cache.prune(now.getTime());
  expect(cache.find('kept')).toBeUndefined();
  expect(cache.find('asked for')).toBe(2);
});
