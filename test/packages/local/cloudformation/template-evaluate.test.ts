import fc from 'fast-check';
import { beforeResources } from '../../../../packages/local/src/cloudformation/template/conditions.ts';
import { checkKnownValues, evaluate } from '../../../../packages/local/src/cloudformation/template/evaluate.ts';
import { parseTemplate } from '../../../../packages/local/src/cloudformation/template/parse.ts';
import { scope } from './template-scope.ts';

describe('functions', () => {
  test.each<[unknown, unknown]>([
    [{ Ref: 'Env' }, 'prod'],
    [{ Ref: 'Ids' }, ['a', 'b']],
    [{ Ref: 'Vpc' }, 'vpc-1'],
    [{ Ref: 'AWS::AccountId' }, '012345678901'],
    [{ Ref: 'AWS::Region' }, 'eu-west-1'],
    [{ Ref: 'AWS::Partition' }, 'aws'],
    [{ Ref: 'AWS::StackId' }, 'arn:stack'],
    [{ Ref: 'AWS::StackName' }, 'demo'],
    [{ Ref: 'AWS::URLSuffix' }, 'amazonaws.com'],
    [{ Ref: 'AWS::NotificationARNs' }, ['arn:topic']],
    [{ 'Fn::GetAtt': ['Vpc', 'Arn'] }, 'Vpc:Arn'],
    [{ 'Fn::GetAtt': 'Nested.Outputs.Url' }, 'Nested:Outputs.Url'],
    [{ 'Fn::GetAtt': ['Vpc', { Ref: 'Env' }] }, 'Vpc:prod'],
    [
      { 'Fn::Sub': `\${Env}-\${Vpc}-\${Vpc.Arn}-\${AWS::Region}-\${!Kept}-$` },
      `prod-vpc-1-Vpc:Arn-eu-west-1-\${Kept}-$`,
    ],
    [{ 'Fn::Sub': [`\${A} \${Env}`, { A: { Ref: 'Vpc' }, Env: 'own' }] }, 'vpc-1 own'],
    [{ 'Fn::Sub': [`\${Env}`] }, 'prod'],
    [{ 'Fn::Sub': [`<\${A}>`, { A: { Ref: 'AWS::NoValue' } }] }, '<>'],
    [{ 'Fn::Join': ['-', ['a', 1, true, { Ref: 'Env' }]] }, 'a-1-true-prod'],
    [{ 'Fn::Join': [',', { Ref: 'Ids' }] }, 'a,b'],
    [{ 'Fn::Join': [',', ['a', { Ref: 'AWS::NoValue' }, 'b']] }, 'a,b'],
    [{ 'Fn::Split': [',', 'a,,b'] }, ['a', '', 'b']],
    [{ 'Fn::Select': [1, { 'Fn::Split': ['.', 'a.b.c'] }] }, 'b'],
    [{ 'Fn::Select': ['0', { 'Fn::GetAtt': ['Vpc', 'List'] }] }, 'x'],
    [{ 'Fn::FindInMap': ['M', { Ref: 'AWS::Region' }, 'Size'] }, 3],
    [{ 'Fn::FindInMap': ['M', 'x', 'Size', { DefaultValue: { Ref: 'Env' } }] }, 'prod'],
    [{ 'Fn::If': ['Always', 'a', { Ref: 'AWS::NoValue' }] }, 'a'],
    [{ 'Fn::If': ['Never', 'a', { Ref: 'Env' }] }, 'prod'],
    [{ 'Fn::Base64': { 'Fn::Sub': `hello \${Env}` } }, 'aGVsbG8gcHJvZA=='],
    [{ 'Fn::GetAZs': '' }, ['eu-west-1a', 'eu-west-1b']],
    [{ 'Fn::GetAZs': 'us-east-1' }, ['us-east-1a', 'us-east-1b']],
    [{ 'Fn::ImportValue': { 'Fn::Sub': `\${Env}-Vpc` } }, 'imported prod-Vpc'],
    [{ 'Fn::Length': { Ref: 'Ids' } }, 2],
    [{ 'Fn::ToJsonString': { a: { Ref: 'Env' }, b: [1, true] } }, '{"a":"prod","b":[1,true]}'],
    [{ 'Fn::Equals': [{ Ref: 'Env' }, 'prod'] }, true],
    [{ 'Fn::Not': [{ Condition: 'Always' }] }, false],
    [{ 'Fn::Cidr': ['192.168.0.0/24', 3, 5] }, ['192.168.0.0/27', '192.168.0.32/27', '192.168.0.64/27']],
    [{ 'Fn::Cidr': ['10.0.7.9/16', '2'] }, ['10.0.0.0/24', '10.0.1.0/24']],
    [{ 'Fn::Cidr': ['2600:1f18:abc:de00::/56', 2] }, ['2600:1f18:abc:de00::/64', '2600:1f18:abc:de01::/64']],
    [{ a: { Ref: 'AWS::NoValue' }, b: [{ Ref: 'AWS::NoValue' }, { Ref: 'Env' }] }, { b: ['prod'] }],
    [
      { Ref: 'Env', Other: 'data' },
      { Ref: 'Env', Other: 'data' },
    ],
    [{ Condition: 'data' }, { Condition: 'data' }],
    [{ Ref: 'AWS::NoValue' }, undefined],
  ])('%j', async (value, expected) => {
    expect(await evaluate(value, scope)).toEqual(expected);
  });

  test.each<[unknown, string]>([
    [{ 'Fn::Select': [3, ['a', 'b']] }, 'Template error: Fn::Select cannot select nonexistent value at index 3'],
    [
      { 'Fn::Select': [{ Ref: 'Env' }, ['a']] },
      'Template error: Fn::Select requires a list argument with two elements',
    ],
    [{ 'Fn::Join': [',', [{ Ref: 'Ids' }]] }, 'Template error: every Fn::Join object requires two parameters'],
    [{ 'Fn::Join': [',', { Ref: 'Env' }] }, 'Template error: every Fn::Join object requires two parameters'],
    [{ 'Fn::Split': [',', { Ref: 'Ids' }] }, 'Template error: every Fn::Split object requires two parameters'],
    [
      { 'Fn::Sub': [`\${A}`, { A: { Ref: 'Ids' } }] },
      'Template error: variable A in Fn::Sub expression does not resolve to a string',
    ],
    [{ 'Fn::FindInMap': ['M', 'us-east-1', 'Size'] }, 'Template error: Unable to get mapping for M::us-east-1::Size'],
    [{ 'Fn::FindInMap': [{ Ref: 'Env' }, 'a', 'b'] }, "Mapping named 'prod' is not present in the 'Mappings' section"],
    [{ 'Fn::FindInMap': [{ Ref: 'AWS::NoValue' }, 'a', 'b'] }, 'every Fn::FindInMap object requires three parameters'],
    [{ 'Fn::Cidr': ['10.0.0/16', 1, 8] }, '10.0.0/16 is no CIDR block'],
    [{ 'Fn::Cidr': ['10.0.0.0/24', 9, 5] }, '9 blocks of 5 bits do not fit into 10.0.0.0/24'],
    [{ 'Fn::Cidr': ['10.0.0.0/8', 257, 5] }, 'the number of blocks must be 1 to 256, not 257'],
    [{ 'Fn::RefAll': 'AWS::EC2::VPC::Id' }, 'Encountered unsupported function: Fn::RefAll'],
  ])('%j is refused', async (value, expected) => {
    await expect(evaluate(value, scope)).rejects.toThrow(expected);
  });
});

describe('dynamic references', () => {
  test.each<[unknown, unknown]>([
    ['{{resolve:ssm:/a/b:3}}', '<ssm /a/b:3>'],
    ['x{{resolve:ssm-secure:a}}y{{resolve:ssm:b}}', 'x<ssm-secure a>y<ssm b>'],
    [
      [{ k: '{{resolve:secretsmanager:arn:aws:x:secret:s:SecretString:password::}}' }],
      [{ k: '<secretsmanager arn:aws:x:secret:s:SecretString:password::>' }],
    ],
    [{ 'Fn::Sub': `{{resolve:ssm:\${Env}}}` }, '<ssm prod>'],
    [{ 'Fn::Join': [':', ['{{resolve', 'ssm', 'a}}']] }, '<ssm a>'],
    ['{{other}}', '{{other}}'],
  ])('%j', async (value, expected) => {
    expect(await evaluate(value, scope)).toEqual(expected);
  });

  test.each([
    ['{{resolve:ssm:}}', 'Incorrect format is used in the following SSM reference: [{{resolve:ssm:}}]'],
    ['{{resolve:secretsmanager:}}', 'Incorrect format is used in the following Secrets Manager reference'],
    ['{{resolve:vault:x}}', 'the dynamic reference {{resolve:vault:x}} names none of the services ssm, ssm-secure'],
  ])('%s is refused', async (value, expected) => {
    await expect(evaluate(value, scope)).rejects.toThrow(expected);
  });
});

describe('values that are known before resources exist', () => {
  const check = (value: string) =>
    checkKnownValues(
      parseTemplate(`
Parameters: {Env: {Type: String}, Ids: {Type: CommaDelimitedList}}
Mappings: {M: {prod: {Size: 3}}}
Conditions: {Always: !Equals [a, a], Never: !Equals [a, b]}
Resources:
  A: {Type: X, Properties: {P: [${value}]}}
  B: {Type: X, Condition: Never, Properties: {P: !FindInMap [M, other, Size]}}
Outputs:
  O: {Value: !Select [1, !Ref Ids]}`),
      scope.conditions,
      scope,
    );

  test.each([
    '!FindInMap [M, other, Size]',
    `!Sub ["\${a}", {a: !FindInMap [M, other, Size]}]`,
    '!Join [",", [!Ref B, !FindInMap [M, other, Size]]]',
    '!If [Always, !FindInMap [M, other, Size], !Ref B]',
    '!If [Never, !Ref B, {a: [!FindInMap [M, other, Size]]}]',
    '!If [Always, [!GetAtt B.Arn, !FindInMap [M, other, Size]], x]',
  ])('are checked: %s', async (value) => {
    await expect(check(value)).rejects.toThrow('Template error: Unable to get mapping for M::other::Size');
  });

  test.each([
    '!FindInMap [M, !Ref Env, Size]',
    '!If [Never, !FindInMap [M, other, Size], x]',
    '!Select [5, !GetAtt B.List]',
    '!Select [5, !Split [",", !ImportValue x]]',
    '!Select [1, !GetAZs ""]',
    '{plain: data}',
  ])('values that depend on resources are not checked: %s', async (value) => {
    await expect(check(value)).resolves.toBeUndefined();
  });

  test('cannot refer to a resource', async () => {
    const before = beforeResources({ mappings: new Map() }, scope);
    await expect(evaluate({ 'Fn::GetAtt': ['A', 'Arn'] }, before)).rejects.toThrow(
      'A cannot be used before there are resources',
    );
  });
});

describe('for any value', () => {
  const name = fc.stringMatching(/^[A-Z][A-Za-z0-9]{0,8}$/);
  const data = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.string(),
      fc.integer(),
      fc.boolean(),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(name, tie('value'), { maxKeys: 3 }),
      fc.record({ Ref: fc.constantFrom('Env', 'Ids', 'Vpc', 'AWS::NoValue', 'AWS::Region') }),
      fc.record({ 'Fn::If': fc.tuple(fc.constantFrom('Always', 'Never'), tie('value'), tie('value')) }),
      fc.record({ 'Fn::ToJsonString': fc.dictionary(name, tie('value'), { maxKeys: 2 }) }),
      fc.record({ 'Fn::GetAtt': fc.tuple(name, name) }),
    ),
  })).value;

  test('evaluation leaves no intrinsic function', async () => {
    await fc.assert(
      fc.asyncProperty(data, async (value) => {
        const evaluated = JSON.stringify({ top: await evaluate(value, scope) }).replaceAll('\\"', '');
        expect(evaluated).not.toMatch(/"(Ref|Fn::[A-Za-z]+)":/);
      }),
    );
  });

  test('a text that is split and joined is unchanged', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string(), fc.string({ minLength: 1 }), async (text, delimiter) => {
        const value = { 'Fn::Join': [delimiter, { 'Fn::Split': [delimiter, { Ref: 'T' }] }] };
        const own = { ...scope, parameters: new Map([['T', text]]), dynamic: async () => 'x' };
        fc.pre(!text.includes('{{resolve:'));
        expect(await evaluate(value, own)).toBe(text);
      }),
    );
  });

  test('Fn::Sub leaves a text without variables unchanged', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string(), async (text) => {
        fc.pre(!text.includes('${') && !text.includes('{{resolve:'));
        expect(await evaluate({ 'Fn::Sub': text }, scope)).toBe(text);
        expect(await evaluate({ 'Fn::Sub': `\${!${text.replaceAll('}', '')}}` }, scope)).toBe(
          `\${${text.replaceAll('}', '')}}`,
        );
      }),
    );
  });
});
