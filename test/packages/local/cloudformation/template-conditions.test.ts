import { evaluateConditions, evaluateRules } from '../../../../packages/local/src/cloudformation/template/evaluate.ts';
import { dependencies } from '../../../../packages/local/src/cloudformation/template/graph.ts';
import { parseTemplate } from '../../../../packages/local/src/cloudformation/template/parse.ts';
import { AwsError } from '../../../../packages/local/src/errors.ts';
import { scope } from './template-scope.ts';

describe('conditions', () => {
  const conditionsOf = (...lines: string[]) =>
    evaluateConditions(
      parseTemplate(
        [
          'Parameters: {Env: {Type: String}, Ids: {Type: CommaDelimitedList}}',
          'Mappings: {M: {eu-west-1: {Kind: west}}}',
          'Resources: {A: {Type: X}}',
          'Conditions:',
          ...lines.map((line) => `  ${line}`),
        ].join('\n'),
      ),
      scope,
    );

  test('are evaluated whatever their order', async () => {
    const conditions = await conditionsOf(
      'Both: !And [!Condition Prod, !Not [!Condition Dev]]',
      'Either: !Or [!Condition Dev, !Condition Prod]',
      'Neither: !Or [!Condition Dev, !Not [!Condition Prod]]',
      'NotBoth: !And [!Condition Prod, !Condition Dev]',
      'Same: {Condition: Prod}',
      'Chosen: !Equals [!If [Prod, a, b], a]',
      'Prod: !Equals [!Ref Env, prod]',
      'Dev: !Equals [!Ref Env, dev]',
      'West: !Equals [!FindInMap [M, !Ref AWS::Region, Kind], west]',
      'Listed: !Equals [!Join ["", !Ref Ids], ab]',
      'Text: !Equals [5, "5"]',
    );
    expect(Object.fromEntries(conditions)).toEqual({
      ...{ Both: true, Either: true, Neither: false, NotBoth: false, Same: true, Chosen: true, Prod: true, Dev: false },
      ...{ West: true, Listed: true, Text: true },
    });
  });

  test('that are neither true nor false are refused', async () => {
    await expect(conditionsOf('C: !Ref Env')).rejects.toThrow('a condition must be true or false, not prod');
  });

  test('may be a parameter that is true', async () => {
    const template = parseTemplate(
      'Parameters: {P: {Type: String}}\nConditions: {C: !Ref P}\nResources: {A: {Type: X}}',
    );
    const conditions = await evaluateConditions(template, { ...scope, parameters: new Map([['P', 'true']]) });
    expect(conditions.get('C')).toBe(true);
  });
});

describe('rules', () => {
  const parameters = new Map<string, string | string[]>([
    ['Vpc', 'vpc-1'],
    ['Subnets', ['subnet-1', 'subnet-2']],
    ['Env', 'prod'],
  ]);

  const check = (rule: string, vpcOfSubnet2 = 'vpc-1') =>
    evaluateRules(
      parseTemplate(`
Parameters:
  Vpc: {Type: AWS::EC2::VPC::Id}
  Subnets: {Type: List<AWS::EC2::Subnet::Id>}
  Env: {Type: String}
Rules:
  R: ${rule}
Resources: {A: {Type: X}}`),
      { ...scope, parameters },
      async (type, value, attribute) =>
        attribute === 'VpcId' && type === 'AWS::EC2::Subnet::Id'
          ? value === 'subnet-2'
            ? vpcOfSubnet2
            : 'vpc-1'
          : undefined,
    );

  const assertion = (assert: string) => `{Assertions: [{Assert: ${assert}, AssertDescription: must hold}]}`;
  const SAME_VPC = '!EachMemberIn [!ValueOfAll [AWS::EC2::Subnet::Id, VpcId], !RefAll AWS::EC2::VPC::Id]';

  test.each([
    '!Contains [[dev, prod], !Ref Env]',
    '!Contains [!Ref Subnets, subnet-1]',
    '!EachMemberEquals [[prod, prod], !Ref Env]',
    '!EachMemberEquals [!ValueOf [Subnets, VpcId], !Ref Vpc]',
    '!EachMemberIn [[prod], [dev, !Ref Env]]',
    '!Equals [!Join [",", !RefAll AWS::EC2::Subnet::Id], "subnet-1,subnet-2"]',
    '!Equals [!ValueOf [Vpc, Tags.Team], ""]',
    '!And [!Equals [a, a], !Not [!Contains [[a], b]]]',
    SAME_VPC,
  ])('%s holds', async (assert) => {
    await expect(check(assertion(assert))).resolves.toBeUndefined();
  });

  test.each([
    '!Contains [[dev, test], !Ref Env]',
    '!EachMemberEquals [[prod, dev], !Ref Env]',
    '!EachMemberIn [[prod, other], [dev, !Ref Env]]',
  ])('%s fails', async (assert) => {
    await expect(check(assertion(assert))).rejects.toMatchObject({ name: 'ValidationError', message: 'must hold' });
  });

  test('subnets of another VPC fail', async () => {
    await expect(check(assertion(SAME_VPC), 'vpc-2')).rejects.toThrow('must hold');
  });

  test('a rule whose condition is false is not checked', async () => {
    await expect(
      check('{RuleCondition: !Equals [!Ref Env, dev], Assertions: [{Assert: !Equals [a, b]}]}'),
    ).resolves.toBeUndefined();
  });

  test('the error has every failed assertion, by the name of its rule when it has no description', async () => {
    await expect(
      check('{Assertions: [{Assert: !Equals [a, b]}, {Assert: !Equals [c, d], AssertDescription: c is d}]}'),
    ).rejects.toThrow('An assertion of the rule R failed; c is d');
  });
});

describe('dependencies', () => {
  const template = parseTemplate(`
Parameters: {P: {Type: String}}
Conditions: {C: !Equals [!Ref P, a]}
Resources:
  A: {Type: X, DependsOn: [B, Maybe], Properties: {R: !Ref P, S: !Sub '\${AWS::Region} \${D.Arn}', I: !If [C, !Ref Maybe, !Ref E]}}
  B: {Type: X, Metadata: {M: !Ref D}}
  D: {Type: X}
  E: {Type: X, Properties: {V: !Sub ['\${D}', {D: !GetAtt B.Arn}]}}
  Maybe: {Type: X, Condition: C}
Outputs:
  O: {Value: !Ref Maybe, Condition: C}
`);

  const plain = (graph: Map<string, Set<string>>) =>
    Object.fromEntries([...graph].map(([id, needed]) => [id, [...needed].sort()]));

  test('follow only the branch that a condition selects, and ignore a DependsOn on a resource that is not created', () => {
    expect(plain(dependencies(template, new Map([['C', false]])))).toEqual({
      ...{ A: ['B', 'D', 'E'], B: ['D'], D: [], E: ['B'] },
    });
    expect(plain(dependencies(template, new Map([['C', true]])))).toEqual({
      ...{ A: ['B', 'D', 'Maybe'], B: ['D'], D: [], E: ['B'], Maybe: [] },
    });
  });

  test.each([
    ['Resources', 'Resources: {A: {Type: X, Condition: C}, B: {Type: X, Properties: {P: !Ref A}}}'],
    ['Outputs', 'Resources: {A: {Type: X, Condition: C}, B: {Type: X}}\nOutputs: {O: {Value: !GetAtt A.Arn}}'],
  ])('on a resource whose condition is false are refused in %s', (block, body) => {
    const conditional = parseTemplate(`Conditions: {C: !Equals [a, b]}\n${body}`);
    expect(() => dependencies(conditional, new Map([['C', false]]))).toThrow(
      new AwsError(
        'ValidationError',
        `Template format error: Unresolved resource dependencies [A] in the ${block} block of the template`,
      ),
    );
  });

  test('in a circle that exists under a condition are refused', () => {
    const conditional = parseTemplate(
      'Conditions: {C: !Equals [a, a]}\nResources: {A: {Type: X, DependsOn: B}, B: {Type: X, Properties: {P: !If [C, !Ref A, x]}}}',
    );
    expect(plain(dependencies(conditional, new Map([['C', false]])))).toEqual({ A: ['B'], B: [] });
    expect(() => dependencies(conditional, new Map([['C', true]]))).toThrow(
      'Circular dependency between resources: [A, B]',
    );
  });
});
