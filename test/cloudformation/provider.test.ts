import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parse } from 'yaml';
import { clientConfig } from '../../packages/sagemaker/src/client/client.ts';

interface Declaration {
  Type: string;
  DependsOn?: string | string[];
  Properties: Record<string, unknown>;
}

/** A value as the long form of an intrinsic spells it. */
const intrinsic = (name: string) => ({ tag: `!${name}`, resolve: (text: string) => ({ [name]: text }) });
const listed = (name: string) => ({ tag: `!${name}`, collection: 'seq' as const });
const customTags = [
  ...['Ref', 'GetAtt', 'Sub', 'Condition'].map(intrinsic),
  ...['If', 'Equals', 'Not', 'Or', 'And', 'Join', 'Select', 'Split'].map(listed),
];

const text = await readFile(resolve(import.meta.dirname, '../../cloudformation/provider.yaml'), 'utf8');
const template: { Resources: Record<string, Declaration>; Outputs: Record<string, { Value: unknown }> } = parse(text, {
  customTags,
  logLevel: 'error',
});
const resources = Object.entries(template.Resources);
const functions = resources.filter(([, { Type }]) => Type === 'AWS::Lambda::Function');
const roles = resources.filter(([, { Type }]) => Type === 'AWS::IAM::Role');
const ofType = (type: string) => resources.filter(([, { Type }]) => Type === type).map(([id]) => id);

/** A function's name, as the text of its `!Sub`. */
const nameOf = ({ Properties }: Declaration) => (Properties.FunctionName as { Sub: string }).Sub;

test.each(functions)('the name of %s depends on NamePrefix alone: no release ever changes it', (_, declaration) => {
  expect(nameOf(declaration)).toMatch(/^\$\{NamePrefix\}(-[a-z]+)+$/);
});

test('no two functions have the same name', () => {
  const names = functions.map(([, declaration]) => nameOf(declaration));
  expect(new Set(names).size).toBe(names.length);
});

test('there are no versions, whose ARNs would strand the resources that use them, and aliases are for events only', () => {
  expect(ofType('AWS::Lambda::Version')).toEqual([]);
  for (const alias of ofType('AWS::Lambda::Alias')) {
    expect(template.Resources[alias]?.Properties).toMatchObject({ Name: 'events', FunctionVersion: '$LATEST' });
  }
});

test('every ServiceToken is the ARN of the function itself', () => {
  const tokens = Object.entries(template.Outputs).filter(([name]) => name.endsWith('ServiceToken'));
  expect(tokens.length).toBeGreaterThan(1);
  for (const [name, { Value }] of tokens) {
    expect(Value).toEqual({ GetAtt: `${name.slice(0, -'ServiceToken'.length)}.Arn` });
  }
});

test.each(functions)('%s writes to a log group of this stack, which is created before it', (_, declaration) => {
  const groups = [declaration.DependsOn ?? []].flat().map((id) => template.Resources[id]?.Properties);
  const name = { Sub: `/aws/lambda/${nameOf(declaration)}` };
  const own = groups.find((group) => JSON.stringify(group?.LogGroupName) === JSON.stringify(name));
  expect(own?.RetentionInDays).toEqual({ Ref: 'LogRetentionInDays' });
});

test.each(roles)(
  '%s cannot make a log group, which would come back after the stack is deleted',
  (_, { Properties }) => {
    const { ManagedPolicyArns, Policies } = Properties;
    expect(ManagedPolicyArns).toBeUndefined();
    const actions = JSON.stringify(Policies);
    // Step Functions delivers its logs through CloudWatch Logs itself.
    expect(actions).toMatch(/logs:(PutLogEvents|CreateLogDelivery)/);
    expect(actions).not.toMatch(/logs:(CreateLogGroup|Create?\*|\*)|"Action":\[?"\*"/);
  },
);

test('clients slow down when they are throttled, and retry more often than by default', () => {
  expect(clientConfig.retryMode).toBe('adaptive');
  expect(clientConfig.maxAttempts).toBeGreaterThan(3);
});
