import {
  leastFilledLength,
  leastItemLength,
  leastLength,
  mostLength,
  readPattern,
} from '../../scripts/check/allowed-pattern.ts';
import { checkPolicySizes } from '../../scripts/check/policy-sizes.ts';
import { readTemplateFile } from '../../scripts/templates/files.ts';

describe('the lengths of texts that match an AllowedPattern', () => {
  test.each([
    ['abc', 3, 3],
    ['a?b{2}c{1,3}', 3, 6],
    ['[a-z\\]][^-]\\.\\d', 4, 4],
    ['(one|three)?', 0, 5],
    ['^(?:a{2}|b){3}$', 3, 6],
    ['x+', 1, Number.POSITIVE_INFINITY],
    ['(ab){2,}', 4, Number.POSITIVE_INFINITY],
    ['(\\*|arn:\\d{12})*', 0, Number.POSITIVE_INFINITY],
    ['()*', 0, 0],
    ['(?!aws|ssm)(?=[a-z]{5})[a-z]{2,24}', 2, 24],
  ])('%s: %d to %d', (text, least, most) => {
    const pattern = readPattern(text);
    expect([leastLength(pattern), mostLength(pattern)]).toEqual([least, most]);
  });

  test.each([
    ['sg-[0-9a-f]{8}( *, *sg-[0-9a-f]{8})*', 12],
    ['((ml\\.[a-z0-9]+)(,ml\\.[a-z0-9]+)*)?', 5],
    ['(\\*|role/\\w+)(,(\\*|role/\\w+))*', 7],
    ['[a-z]+', undefined],
  ])('an item of %s has at least %p characters with its comma', (text, length) => {
    expect(leastItemLength(readPattern(text))).toBe(length);
  });

  test.each([
    ['(\\d{12})?', 12],
    ['a*b?', 1],
    ['(one|three|)', 3],
    ['x{2}', 2],
  ])('%s: if not empty, at least %d', (text, length) => {
    expect(leastFilledLength(readPattern(text))).toBe(length);
  });

  test('what is left over is an error', () => {
    expect(() => readPattern('a)b')).toThrow('Reading the pattern a)b: )b is left over');
  });
});

const statement = (resource: string) => `{ Effect: Allow, Action: 's3:GetObject', Resource: ${resource} }`;

function findings(parameter: string, resources: string) {
  const text = `AWSTemplateFormatVersion: '2010-09-09'
Parameters:
  Buckets:
${parameter}
Conditions:
  HasBuckets: !Not [!Equals [!Ref AWS::Region, '']]
Resources:
${resources}
`;
  return checkPolicySizes(readTemplateFile('cloudformation/some.yaml', text)).map(({ message }) => message);
}

const managed = (resource: string) => `  Policy:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument: { Version: '2012-10-17', Statement: [${statement(resource)}] }`;

describe('the sizes of policies', () => {
  const advice = 'split it, or limit the parameters in it';

  test('a text has its MaxLength, or else what its pattern or CloudFormation allows', () => {
    const resource = "!Sub 'arn:aws:s3:::${Buckets}/${Buckets}'";
    const of = (limit: string) => findings(`    Type: String\n${limit}`, managed(resource));
    expect(of('    MaxLength: 1000')).toEqual([]);
    expect(of("    AllowedPattern: '[a-z]{3,63}'")).toEqual([]);
    expect(of('    AllowedValues: [one, two]')).toEqual([]);
    const whole = 4096 * 2 + 'arn:aws:s3:::/'.length;
    const rest = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":""}]}'
      .length;
    const message = `Policy: its policy may come to ${whole + rest}, and IAM takes 6144; ${advice}`;
    expect(of('    Default: short')).toEqual([message]);
    expect(of("    AllowedPattern: '[a-z]*'")).toEqual([message]);
  });

  test('a list has as many of the shortest items as fit, each with its quotes', () => {
    const of = (limit: string) => findings(`    Type: CommaDelimitedList\n${limit}`, managed('!Ref Buckets'));
    expect(of("    AllowedPattern: '[a-z]{20,63}'")).toEqual([]);
    expect(of("    AllowedPattern: '[a-z]{2,63}'")).toHaveLength(1);
    const split = (length: number) =>
      findings(
        `    Type: String\n    MaxLength: ${length}\n    AllowedPattern: '[a-z]{2,63}(,[a-z]{2,63})*'`,
        managed("!Split [',', !Ref Buckets]"),
      );
    expect(split(3500)).toEqual([]);
    expect(split(3700)).toHaveLength(1);
  });

  test('of a condition, the longer branch counts', () => {
    const long = `'arn:aws:s3:::${'x'.repeat(6100)}'`;
    const choice = (...branches: string[]) => managed(`!If [HasBuckets, ${branches.join(', ')}]`);
    const parameter = '    Type: String\n    MaxLength: 1';
    expect(findings(parameter, choice("'*'", long))).toHaveLength(1);
    expect(findings(parameter, choice(long, '!Ref AWS::NoValue'))).toHaveLength(1);
    expect(findings(parameter, choice("'*'", '!Ref AWS::NoValue'))).toEqual([]);
  });

  test('a role’s inline policies count together, its trust policy and its managed policies for themselves', () => {
    const long = statement(`'arn:aws:s3:::${'x'.repeat(5200)}'`);
    const policy = `{ PolicyName: one, PolicyDocument: { Statement: [${long}] } }`;
    const trust = `{ Statement: [{ Effect: Allow, Principal: { AWS: '${'x'.repeat(2100)}' }, Action: 'sts:AssumeRole' }] }`;
    const role = `  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: ${trust}
      ManagedPolicyArns: [${Array(11).fill('arn').join(', ')}]
      Policies: [${policy}]
  Inline:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: two
      Roles: [!Ref Role]
      PolicyDocument: { Statement: [${long}] }`;
    const found = findings('    Type: String', role);
    expect(found).toEqual([
      expect.stringMatching(/^Role: its inline policies may come to \d+, and IAM takes 10240; /),
      expect.stringMatching(/^Role: its trust policy may come to \d+, and IAM takes 2048; /),
      `Role: the number of its managed policies may come to 11, and IAM takes 10; ${advice}`,
    ]);
  });
});
