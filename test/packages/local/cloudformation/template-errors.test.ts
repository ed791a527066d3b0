import { checkSize, parseTemplate } from '../../../../packages/local/src/cloudformation/template/parse.ts';
import { errorOf, property, RESOURCE } from './template-error.ts';

test.each([
  ['Resources:\n  A: {\n', 'Template format error: YAML not well-formed. (line 3, column 1)'],
  ['Resources:\n  A:\n    Type: X\n   Y: 1\n', 'Template format error: YAML not well-formed. (line 4, column 1)'],
  ['Resources:\n  A: !Reff B\n', 'Template format error: YAML not well-formed. (line 2, column 12)'],
  ['Resources:\n  A: !!set {a}\n', 'Template format error: YAML not well-formed. (line 2, column 12)'],
  ['{"Resources": {"A": {"Type": "X"},}}', 'Template format error: JSON not well-formed. (line 1, column 35)'],
  ['{"Resources": {"A": {Type: "X"}}}', 'Template format error: JSON not well-formed. (line 1, column 22)'],
  ['{"Resources": {"A": {"Type": X}}}', 'Template format error: JSON not well-formed. (line 1, column 30)'],
  ['{"Resources": {"A": {"Type": "X"}}', 'Template format error: JSON not well-formed. (line 1, column 35)'],
  ['{"Resources": {"A": {"Type": "X"}}} {}', 'Template format error: JSON not well-formed. (line 1, column 37)'],
  ['Resources:\n  : {Type: X}\n', 'Template format error: YAML not well-formed. (line 2, column 3)'],
  [
    'Resources:\n  [a]: {Type: X}\n',
    'Template format error: [/Resources] map keys must be strings; received a list instead (line 2, column 3)',
  ],
  ["{'Resources': {}}", 'Template format error: JSON not well-formed. (line 1, column 2)'],
  ['{"Resources": {"A": null}}', "[/Resources/A] 'null' values are not allowed in templates (line 1, column 16)"],
  ['{"Resources": {"A": # no\n {"Type": "X"}}}', 'Template format error: JSON not well-formed. (line 1, column 1)'],
  ['just text', 'Template format error: unsupported structure. (line 1, column 1)'],
  ['', 'Template format error: unsupported structure. (line 1, column 1)'],
  ['- a', 'Template format error: unsupported structure. (line 1, column 1)'],
  [
    'Resources:\n  A: {Type: X}\n  A: {Type: Y}\n',
    'Template format error: the same key is given twice in one map (line 3, column 3)',
  ],
  [
    'Resources:\n  A: &a {Type: X}\n  B: *a\n',
    'Template error: YAML aliases are not allowed in CloudFormation templates (line 3, column 6)',
  ],
  [
    'Resources:\n  A:\n    <<: {Type: X}\n',
    "Template format error: YAML merge keys ('<<') are not supported (line 3, column 5)",
  ],
  [
    'Resources:\n  A:\n    Type: X\n    Properties:\n      Y:\n',
    "[/Resources/A/Properties/Y] 'null' values are not allowed in templates (line 5, column 7)",
  ],
  [
    'Resources:\n  A:\n    Type: X\n    Properties:\n      Y: [a, ~]\n',
    "[/Resources/A/Properties/Y/1] 'null' values are not allowed in templates (line 5, column 14)",
  ],
  [
    'Resources:\n  A:\n    Type: X\n    Properties:\n      {a: b}: c\n',
    'Template format error: [/Resources/A/Properties] map keys must be strings; received a map instead (line 5, column 7)',
  ],
])('text that cannot be parsed is refused: %j', (body, expected) => {
  expect(errorOf(body)).toBe(expected);
});

test.each([
  ['Parameters: {}', 'Template format error: At least one Resources member must be defined. (line 1, column 1)'],
  ['Resources: {}', 'Template format error: At least one Resources member must be defined. (line 1, column 1)'],
  ['Resources: [a]', 'Template format error: [/Resources] Every Resources object must be a map. (line 1, column 1)'],
  [`${RESOURCE}Bogus: 1\nOther: 2\n`, 'Invalid template property or properties [Bogus, Other] (line 3, column 1)'],
  [
    `${RESOURCE}AWSTemplateFormatVersion: 2010-09-08\n`,
    'Template format error: unsupported value for AWSTemplateFormatVersion. (line 3, column 1)',
  ],
  [
    `${RESOURCE}Description: ${'x'.repeat(1025)}\n`,
    "Template format error: 'Description' length is greater than 1024. (line 3, column 1)",
  ],
  [
    'Resources:\n  A-1: {Type: X}\n',
    'Template format error: Resource name A-1 is non alphanumeric. (line 2, column 3)',
  ],
  [
    'Resources:\n  A: X\n',
    'Template format error: [/Resources/A] Every Resource member must be an object. (line 2, column 3)',
  ],
  [
    'Resources:\n  A: {Properties: {}}\n',
    'Template format error: [/Resources/A] Every Resources object must contain a Type member. (line 2, column 3)',
  ],
  [
    'Resources:\n  A:\n    Type: [X]\n',
    'Template format error: [/Resources/A/Type] Every Type member must be a string. (line 3, column 5)',
  ],
  ['Resources:\n  A:\n    Type: X\n    Tags: []\n', "Invalid template resource property 'Tags' (line 4, column 5)"],
  [
    'Resources:\n  A: {Type: X, DependsOn: {B: C}}\n',
    'Template format error: DependsOn must be a string or list of strings. (line 2, column 16)',
  ],
  [
    'Resources:\n  A: {Type: X, DependsOn: [A, 5]}\n',
    'Template format error: Every DependsOn value must be a string. (line 2, column 31)',
  ],
  [
    'Resources:\n  A: {Type: X, Condition: [C]}\n',
    'Template format error: Every Condition member must be a string. (line 2, column 16)',
  ],
  [
    'Resources:\n  A:\n    Type: X\n    DeletionPolicy: Keep\n',
    'Template format error: Unrecognized DeletionPolicy Keep for resource A (line 4, column 5)',
  ],
  [
    'Resources:\n  A:\n    Type: X\n    UpdateReplacePolicy: RetainExceptOnCreate\n',
    'Template format error: Unrecognized UpdateReplacePolicy RetainExceptOnCreate for resource A (line 4, column 5)',
  ],
  [
    'Resources:\n  A:\n    Type: X\n    DeletionPolicy: !Ref P\n',
    'Template format error: [/Resources/A/DeletionPolicy] Every DeletionPolicy member must be a string. (line 4, column 5)',
  ],
  [
    `${RESOURCE}Mappings:\n  M: {a: b}\n`,
    'Template format error: [/Mappings/M/a] Every Mappings attribute must be a map. (line 4, column 7)',
  ],
  [
    `${RESOURCE}Mappings:\n  M: {a: {b: {c: d}}}\n`,
    'Template format error: Every Mappings attribute must be a String or a List. (line 4, column 11)',
  ],
  [
    `${RESOURCE}Conditions:\n  C: true\n`,
    'Template format error: Conditions can only be boolean operations on parameters and other conditions (line 4, column 3)',
  ],
  [
    `${RESOURCE}Conditions:\n  C: {a: b}\n`,
    'Template format error: Conditions can only be boolean operations on parameters and other conditions (line 4, column 3)',
  ],
  [
    `${RESOURCE}Rules:\n  R: {Assertions: [{}]}\n`,
    'Template format error: Rule R must contain Assertions, a list of objects with an Assert (line 4, column 3)',
  ],
  [
    `${RESOURCE}Rules:\n  R: {Asserts: []}\n`,
    "Template format error: Invalid rule property 'Asserts' (line 4, column 7)",
  ],
  [
    `${RESOURCE}Outputs:\n  O: {Description: x}\n`,
    'Template format error: Every Outputs member must contain a Value object (line 4, column 3)',
  ],
  [
    `${RESOURCE}Outputs:\n  O: {Value: x, Exports: y}\n`,
    "Template format error: [/Outputs/O] Invalid template output property 'Exports' (line 4, column 17)",
  ],
  [
    `${RESOURCE}Outputs:\n  O: {Value: x, Export: {Names: y}}\n`,
    'Template format error: Output O is malformed. Its Export must have a Name, and only that (line 4, column 17)',
  ],
  [
    `${RESOURCE}Outputs:\n  O: {Value: x, Description: ${'x'.repeat(1025)}}\n`,
    "Template format error: 'Description' length is greater than 1024. (line 4, column 17)",
  ],
])('an invalid section is refused: %j', (body, expected) => {
  expect(errorOf(body)).toBe(expected);
});

test.each([
  ['{}', 'Template format error: Every Parameters object must contain a Type member. (line 4, column 3)'],
  ['{Type: Bool}', 'Template format error: Unrecognized parameter type: Bool (line 4, column 7)'],
  [
    '{Type: AWS::SSM::Parameter::Value<Number>}',
    'Template format error: Unrecognized parameter type: AWS::SSM::Parameter::Value<Number> (line 4, column 7)',
  ],
  ['{Type: String, Value: x}', "Invalid template parameter property 'Value' (line 4, column 21)"],
  ['{Type: String, Default: [a]}', 'Template format error: Every Default member must be a string. (line 4, column 21)'],
  [
    '{Type: String, AllowedValues: [[a]]}',
    'Template format error: Every AllowedValues value must be a string. (line 4, column 21)',
  ],
  [
    "{Type: String, AllowedPattern: '['}",
    "Template format error: Parameter 'P' AllowedPattern must be a valid regular expression. (line 4, column 21)",
  ],
  [
    '{Type: String, MinValue: 1}',
    "Template error: Parameter 'P' MinValue must be on a parameter of type Number (line 4, column 21)",
  ],
  [
    '{Type: Number, MaxLength: 1}',
    "Template error: Parameter 'P' MaxLength must be on a parameter of type String (line 4, column 21)",
  ],
  [
    '{Type: String, MinLength: x}',
    "Template format error: Parameter 'P' MinLength must be a number. (line 4, column 21)",
  ],
  [
    `{Type: String, Description: ${'x'.repeat(4001)}}`,
    'Template format error: Description must be no longer than 4000 characters. (line 4, column 21)',
  ],
])('an invalid parameter is refused: %s', (declaration, expected) => {
  expect(errorOf(`${RESOURCE}Parameters:\n  P: ${declaration}\n`)).toBe(expected);
});

const RECEIVED =
  'Template error: every Fn::GetAtt object requires two non-empty parameters, the resource name and the resource attribute';

test.each([
  ['!Ref [P]', 'Template error: every Ref object must have a single String value.'],
  ['!GetAtt A', RECEIVED],
  ['!GetAtt [A]', RECEIVED],
  ['!GetAtt [A, b, c]', RECEIVED],
  ['{"Fn::GetAtt": A}', RECEIVED],
  ['!GetAtt [!Ref P, b]', RECEIVED],
  ['!Join [a]', 'Template error: every Fn::Join object requires two parameters,'],
  ['!Join [",", a]', 'Template error: every Fn::Join object requires two parameters,'],
  ['!Split ["", a]', 'Template error: every Fn::Split object requires two parameters,'],
  ['!Split [",", [a]]', 'Template error: every Fn::Split object requires two parameters,'],
  [
    '!Select [x, [a]]',
    'Template error: Fn::Select requires a list argument with two elements: an integer index and a list',
  ],
  [
    '!Select [0, a]',
    'Template error: Fn::Select requires a list argument with two elements: an integer index and a list',
  ],
  ['!Sub [a, b]', "Template error: One or more Fn::Sub intrinsic functions don't specify expected arguments."],
  ['!Sub {a: b}', "Template error: One or more Fn::Sub intrinsic functions don't specify expected arguments."],
  [
    `!Sub "\${a b}"`,
    'Template error: variable names in Fn::Sub syntax must contain only alphanumeric characters, underscores, periods, and colons',
  ],
  ['!FindInMap [M, a]', 'Template error: every Fn::FindInMap object requires three parameters,'],
  ['!FindInMap [M, a, b, {DefaultValue: c}]', 'Template error: every Fn::FindInMap object requires three parameters,'],
  ['!If [C, a]', 'Template error: Fn::If requires a list argument with three elements'],
  ['!Base64 [a]', 'Template error: every Fn::Base64 object must have a String-typed value.'],
  ['!GetAZs [a]', 'Template error: every Fn::GetAZs object must have a String-typed value.'],
  [
    '!ImportValue [a]',
    'Template error: the attribute in Fn::ImportValue must be a string or a function that returns a string',
  ],
  ['!Cidr [10.0.0.0/16]', 'Template error: every Fn::Cidr object requires'],
  ['!Equals [a, b]', 'Template error: Fn::Equals cannot be partially collapsed'],
  ['!Contains [[a], b]', 'Template error: Fn::Contains can only be used in Rules'],
  ['!Length [a]', 'Template Error: Encountered unsupported function: Fn::Length Supported functions are: [Fn::Base64,'],
  [
    '{"Fn::Reff": a}',
    'Template Error: Encountered unsupported function: Fn::Reff Supported functions are: [Fn::Base64,',
  ],
  [
    '{"fn::Join": a}',
    'Template Error: Encountered unsupported function: fn::Join Supported functions are: [Fn::Base64,',
  ],
  ['!Transform {Name: AWS::Include}', 'Template error: the local cloud does not have Fn::Transform of AWS::Include.'],
  [
    '{"Fn::Sub": a, b: c}',
    'Template format error: [/Resources/A/Properties/X] Fn::Sub must be the only member of its map',
  ],
  ['[{a: !Ref [P]}]', 'Template error: every Ref object must have a single String value.'],
  ['!Join [",", [!Ref [P]]]', 'Template error: every Ref object must have a single String value.'],
  [`!Sub ["\${a}", {a: !Ref [P]}]`, 'Template error: every Ref object must have a single String value.'],
])('an intrinsic function with invalid arguments is refused: %s', (value, expected) => {
  const text = errorOf(property(value));
  expect(text.startsWith(expected)).toBe(true);
  expect(text).toMatch(/ \(line 2, column \d+\)$/);
});

test.each([
  [
    '!And [!Equals [a, a]]',
    'Template error: every Fn::And object requires a list of at least 2 and at most 10 boolean parameters.',
  ],
  [
    '!Or [a, b]',
    'Template error: every Fn::Or object requires a list of at least 2 and at most 10 boolean parameters.',
  ],
  ['!Not [a]', 'Template error: every Fn::Not object requires a list with exactly 1 boolean parameter.'],
  ['!Not [!Equals [a]]', 'Template error: every Fn::Equals object requires a list of 2 string parameters.'],
  ['!Equals [!GetAtt A.B, b]', 'Template error: Cannot use Fn::GetAtt in Conditions.'],
  ['!Equals [!ImportValue a, b]', 'Template error: Cannot use Fn::ImportValue in Conditions.'],
  [
    '!Equals [!Ref A, b]',
    'Template format error: Unresolved dependencies [A]. Cannot reference resources in the Conditions block of the template',
  ],
  [
    `!Equals [!Sub "\${A.B}", b]`,
    'Template format error: Unresolved dependencies [A]. Cannot reference resources in the Conditions block of the template',
  ],
  ['!Condition Nope', 'Template error: unresolved condition dependency Nope in Condition'],
  ['!Not [!Condition Nope]', 'Template error: unresolved condition dependency Nope in Condition'],
  ['!Not [!Condition C]', 'Template error: Found circular condition dependency: [C]'],
  [
    '!Equals [!FindInMap [Nope, a, b], c]',
    "Template error: Mapping named 'Nope' is not present in the 'Mappings' section of template.",
  ],
])('an invalid condition is refused: %s', (condition, expected) => {
  expect(errorOf(`${RESOURCE}Conditions:\n  C: ${condition}\n`)).toMatch(expected);
});

describe('quotas', () => {
  const many = (count: number, line: (index: number) => string) =>
    Array.from({ length: count }, (_, index) => line(index)).join('\n');

  test.each([
    ['resources', 500, (count: number) => `Resources:\n${many(count, (i) => `  R${i}: {Type: X}`)}\n`],
    [
      'parameters',
      200,
      (count: number) => `${RESOURCE}Parameters:\n${many(count, (i) => `  P${i}: {Type: String}`)}\n`,
    ],
    ['outputs', 200, (count: number) => `${RESOURCE}Outputs:\n${many(count, (i) => `  O${i}: {Value: x}`)}\n`],
    ['mappings', 200, (count: number) => `${RESOURCE}Mappings:\n${many(count, (i) => `  M${i}: {a: {b: c}}`)}\n`],
  ])('of %s', (kind, limit, body) => {
    expect(parseTemplate(body(limit)).body).toBe(body(limit));
    expect(errorOf(body(limit + 1))).toContain(
      `Number of ${kind}, ${limit + 1}, is greater than maximum allowed, ${limit}`,
    );
  });

  test('of bytes depend on whether the template is a body or a URL', () => {
    const body = `${RESOURCE}# ${'ü'.repeat(25_600)}`;
    expect(() => checkSize(body, 'TemplateBody')).toThrow('Member must have length less than or equal to 51200');
    expect(() => checkSize(body, 'TemplateURL')).not.toThrow();
    expect(errorOf(`${RESOURCE}# ${'x'.repeat(1_000_000)}`)).toBe('Template may not exceed 1000000 bytes in size.');
  });
});

test.each([
  ['Transform: AWS::Serverless-2016-10-31'],
  ['Transform: [AWS::LanguageExtensions, AWS::Serverless-2016-10-31]'],
])('SAM with its Globals is refused with how to get the template that it makes: %s', (transform) => {
  const more = 'Globals: {Function: {Timeout: 3}}\nResources: {F: {Type: AWS::Serverless::Function, Properties: {}}}\n';
  expect(errorOf(`${transform}\n${more}`)).toBe(
    'Template error: the local cloud does not have the transform AWS::Serverless-2016-10-31 (SAM). Use what it makes: aws cloudformation get-template --template-stage Processed gives it of a stack in AWS. It has AWS::LanguageExtensions only (line 1, column 1)',
  );
});
