import {
  type GivenParameter,
  type ParameterLookups,
  parameterValues,
  resolveParameters,
} from '../../../../packages/local/src/cloudformation/template/parameters.ts';
import { parseTemplate } from '../../../../packages/local/src/cloudformation/template/parse.ts';
import { AwsError } from '../../../../packages/local/src/errors.ts';

const templateWith = (...declarations: string[]) =>
  parseTemplate(
    ['Resources: {Thing: {Type: X}}', 'Parameters:', ...declarations.map((line) => `  ${line}`)].join('\n'),
  );

const lookups: ParameterLookups = {
  async ssm(name) {
    if (name === '/broken') throw new Error('the parameter store is down');
    if (!name.startsWith('/known')) throw new AwsError('ParameterNotFound', '');
    return name === '/known/subnets' ? 'subnet-1, subnet-2' : 'vpc-1';
  },
  exists: async (_, value) => /-[12]$/.test(value),
};

const given = (values: Record<string, string>): GivenParameter[] =>
  Object.entries(values).map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue }));

const resolve = async (declaration: string, value: string) =>
  (await resolveParameters(templateWith(`P: ${declaration}`), given({ P: value }), undefined, lookups)).get('P');

test.each([
  ['{Type: String}', ' as it is ', ' as it is '],
  ['{Type: String}', '', ''],
  ['{Type: String, AllowedPattern: "a|b+"}', 'bb', 'bb'],
  ['{Type: Number, MinValue: -1, MaxValue: 2}', '1.50', '1.50'],
  ['{Type: Number, AllowedValues: [1, 2]}', '2.0', '2.0'],
  ['{Type: CommaDelimitedList}', 'a, b ,c', ['a', 'b', 'c']],
  ['{Type: CommaDelimitedList}', '', ['']],
  ['{Type: List<Number>}', '80, 443', ['80', '443']],
  ['{Type: AWS::EC2::VPC::Id}', 'vpc-1', 'vpc-1'],
  ['{Type: List<AWS::EC2::Subnet::Id>}', 'subnet-1,subnet-2', ['subnet-1', 'subnet-2']],
  ['{Type: AWS::SSM::Parameter::Name}', '/any', '/any'],
  ['{Type: AWS::SSM::Parameter::Value<String>}', '/known', 'vpc-1'],
  ['{Type: AWS::SSM::Parameter::Value<AWS::EC2::VPC::Id>}', '/known', 'vpc-1'],
  ['{Type: AWS::SSM::Parameter::Value<CommaDelimitedList>}', '/known/subnets', ['subnet-1', 'subnet-2']],
  ['{Type: AWS::SSM::Parameter::Value<List<AWS::EC2::Subnet::Id>>}', '/known/subnets', ['subnet-1', 'subnet-2']],
])('%s takes %j', async (declaration, value, expected) => {
  expect(await resolve(declaration, value)).toEqual(expected);
});

test.each([
  [
    '{Type: String, AllowedValues: [a, b]}',
    'c',
    "Parameter 'P' must be one of AllowedValues\nLocal cloud: give P one of a, b",
  ],
  [
    '{Type: CommaDelimitedList, AllowedValues: [a, b]}',
    'a,c',
    "Parameter 'P' must be one of AllowedValues\nLocal cloud: give P one of a, b",
  ],
  [
    '{Type: Number, AllowedValues: [1]}',
    '2',
    "Parameter 'P' must be one of AllowedValues\nLocal cloud: give P one of 1",
  ],
  ['{Type: String, MinLength: 2}', 'a', "Parameter 'P' must contain at least 2 characters"],
  ['{Type: String, MaxLength: 2}', 'abc', "Parameter 'P' must contain at most 2 characters"],
  ['{Type: String, AllowedPattern: "a|b"}', 'ab', "Parameter 'P' must match pattern a|b"],
  ['{Type: Number}', 'five', "Parameter 'P' must be a number"],
  ['{Type: Number}', '', "Parameter 'P' must be a number"],
  ['{Type: List<Number>}', '1,b', "Parameter 'P' must be a number"],
  ['{Type: Number, MinValue: 2}', '1', "Parameter 'P' must be a number not less than 2"],
  ['{Type: Number, MaxValue: 2}', '3', "Parameter 'P' must be a number not greater than 2"],
  [
    '{Type: String, MinLength: 2, ConstraintDescription: two letters at least}',
    'a',
    'Parameter P failed to satisfy constraint: two letters at least\nLocal cloud: P must contain at least 2 characters',
  ],
  [
    '{Type: AWS::EC2::VPC::Id}',
    'vpc-9',
    'Parameter validation failed: parameter value vpc-9 for parameter name P does not exist',
  ],
  [
    '{Type: List<AWS::EC2::Subnet::Id>}',
    'subnet-1,subnet-8,subnet-9',
    'Parameter validation failed: parameter value subnet-8 for parameter name P does not exist, parameter value subnet-9 for parameter name P does not exist',
  ],
  [
    '{Type: AWS::SSM::Parameter::Value<AWS::EC2::VPC::Id>}',
    '/missing',
    'Unable to fetch parameters [/missing] from parameter store for this account.',
  ],
])('%s refuses %j', async (declaration, value, expected) => {
  await expect(resolve(declaration, value)).rejects.toMatchObject({ name: 'ValidationError', message: expected });
});

test('an error of Parameter Store other than a missing parameter is passed on unchanged', async () => {
  await expect(resolve('{Type: AWS::SSM::Parameter::Value<String>}', '/broken')).rejects.toThrow('store is down');
});

test('a parameter that names a resource is not looked up while its value is unknown', async () => {
  const template = templateWith('P: {Type: AWS::EC2::VPC::Id}');
  const resolved = await resolveParameters(template, given({ P: 'vpc-9' }), undefined, { ssm: lookups.ssm });
  expect(resolved.get('P')).toBe('vpc-9');
});

describe('where a value comes from', () => {
  const template = templateWith('A: {Type: String, Default: a}', 'B: {Type: String}', 'C: {Type: String}');

  test('a misspelt parameter is refused with the one that was meant', () => {
    const long = templateWith('DomainName: {Type: String}');
    expect(() => parameterValues(long, given({ DomianName: 'x' }), undefined)).toThrow(
      'Parameters: [DomianName] do not exist in the template\nLocal cloud: give DomainName instead of DomianName',
    );
  });

  test('the call comes first, then the previous value, then the default', () => {
    const values = parameterValues(
      template,
      [
        { ParameterKey: 'C', ParameterValue: 'c' },
        { ParameterKey: 'B', UsePreviousValue: true },
      ],
      new Map([
        ['A', 'before'],
        ['B', 'kept'],
      ]),
    );
    expect([...values]).toEqual([
      ['A', 'a'],
      ['B', 'kept'],
      ['C', 'c'],
    ]);
  });

  test.each<[string, GivenParameter[]]>([
    ['Parameters: [B, C] must have values', []],
    ['Parameters: [X, Y] do not exist in the template', given({ B: 'b', X: 'x', Y: 'y' })],
    [
      'Invalid input for parameter key B. Cannot specify usePreviousValue as true for a parameter key not in the previous template',
      [{ ParameterKey: 'B', UsePreviousValue: true }],
    ],
    [
      'Invalid input for parameter key A. Cannot specify usePreviousValue as true and non empty value for a parameter',
      [{ ParameterKey: 'A', ParameterValue: 'x', UsePreviousValue: true }],
    ],
  ])('%s', (expected, parameters) => {
    expect(() => parameterValues(template, parameters, undefined)).toThrow(new AwsError('ValidationError', expected));
  });
});
