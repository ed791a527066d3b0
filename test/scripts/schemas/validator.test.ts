import { stringify } from 'yaml';
import { checkByValidator } from '../../../scripts/check/validate.ts';
import { resourceDefinitions } from '../../../scripts/schemas/files.ts';
import { readTemplateFile } from '../../../scripts/templates/files.ts';
import { idOf, mistakes, templateOfMistakes } from './mistakes.ts';

/** That an ARN has an account in it, which mistakes and good resources have alike. */
const unrelated = ['W9002', 'W9013'];

async function findingsIn(template: object) {
  const definitions = [...(await resourceDefinitions()).values()];
  const found = checkByValidator([readTemplateFile('cloudformation/mistakes.yaml', stringify(template))], definitions);
  return found.filter(({ rule }) => !unrelated.includes(rule)).map(({ message }) => message);
}

test("AWS's validator finds each planted mistake by the schemas of the registry, and nothing else", async () => {
  const found = await findingsIn(templateOfMistakes());
  const ids = new Set(found.map((message) => /^\w+/.exec(message)![0]));
  expect([...ids].sort()).toEqual(mistakes.map(idOf));
  for (const one of mistakes) {
    const own = found.filter((message) => message.startsWith(idOf(one)));
    expect({ what: one.what, names: own.every((message) => message.includes(one.at)) }).toEqual({
      what: one.what,
      names: true,
    });
  }
});

test("AWS's validator finds an attribute that a resource does not have", async () => {
  const { Resources } = templateOfMistakes();
  const output = (name: string) => ({ Value: { 'Fn::GetAtt': ['GoodStudioDomain', name] } });
  const template = { Resources: { GoodStudioDomain: Resources.GoodStudioDomain } };
  expect(await findingsIn({ ...template, Outputs: { Url: output('Url') } })).toEqual([]);
  expect((await findingsIn({ ...template, Outputs: { Url: output('Urll') } })).join()).toContain('Urll');
});
