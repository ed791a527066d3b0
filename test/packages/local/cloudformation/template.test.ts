import { parseTemplate } from '../../../../packages/local/src/cloudformation/template/parse.ts';

/** The resource `A` with these lines as its properties, the first of them on line 6. */
const withProperties = (...lines: string[]) =>
  [
    'Resources:',
    '  Other: {Type: Custom::Other}',
    '  A:',
    '    Type: Custom::A',
    '    Properties:',
    ...lines.map((line) => `      ${line}`),
  ].join('\n');

const propertiesOf = (...lines: string[]) => parseTemplate(withProperties(...lines)).resources.get('A')?.properties;

describe('values of a template', () => {
  test('unquoted yes, no, on and off are booleans, and quoted they are text', () => {
    expect(propertiesOf('A: yes', 'B: NO', 'C: On', 'D: off', 'E: true', "F: 'yes'", 'G: y')).toEqual({
      ...{ A: true, B: false, C: true, D: false, E: true, F: 'yes', G: 'y' },
    });
  });

  test('a date stays text', () => {
    expect(propertiesOf('Version: 2012-10-17')).toEqual({ Version: '2012-10-17' });
  });

  test('a number is a number only if it is printed as it is written', () => {
    expect(
      propertiesOf(
        'A: 5',
        'B: 012345678901',
        'C: 123456789012',
        'D: 1.10',
        'E: 12345678901234567890',
        'F: 1e3',
        'G: -0.5',
      ),
    ).toEqual({ A: 5, B: '012345678901', C: 123456789012, D: '1.10', E: '12345678901234567890', F: '1e3', G: -0.5 });
  });

  test('every short tag is read as its long form', () => {
    expect(
      propertiesOf('A: !Ref AWS::Region', 'B: !GetAtt Other.B.C', `C: !Join [",", [!Sub "x\${Other}", !GetAZs ""]]`),
    ).toEqual({
      A: { Ref: 'AWS::Region' },
      B: { 'Fn::GetAtt': ['Other', 'B.C'] },
      C: { 'Fn::Join': [',', [{ 'Fn::Sub': `x\${Other}` }, { 'Fn::GetAZs': '' }]] },
    });
  });

  test('the text after a short tag is always a string', () => {
    expect(propertiesOf('A: !Base64 yes', 'B: !ImportValue 5')).toEqual({
      A: { 'Fn::Base64': 'yes' },
      B: { 'Fn::ImportValue': '5' },
    });
  });

  test('a block scalar keeps its lines', () => {
    expect(propertiesOf('A: !Sub |', `  one \${AWS::Region}`, '  two')).toEqual({
      A: { 'Fn::Sub': `one \${AWS::Region}\ntwo\n` },
    });
  });

  test('a key with the name of a member of Object.prototype is an ordinary key', () => {
    const properties = propertiesOf('__proto__: {a: b}', 'constructor: c');
    expect(Object.keys(properties ?? {})).toEqual(['__proto__', 'constructor']);
  });

  test('JSON and YAML give the same', () => {
    const json = '{"Resources": {"A": {"Type": "Custom::A", "Properties": {"N": 5, "T": "yes", "F": true}}}}';
    expect(parseTemplate(json).resources.get('A')?.properties).toEqual({ N: 5, T: 'yes', F: true });
  });
});

describe('what a template declares', () => {
  test('each declaration is read, with its line', () => {
    const template = parseTemplate(`AWSTemplateFormatVersion: 2010-09-09
Description: All of it
Metadata: {Team: ml}
Parameters:
  Size: {Type: Number, Default: 5, AllowedValues: [5, 6], MinValue: 1, MaxValue: '9', NoEcho: true, ConstraintDescription: is small}
  Name: {Type: String, AllowedPattern: '[a-z]+', MinLength: 1, MaxLength: 3, Description: A name}
Mappings:
  Sizes: {eu-west-1: {Small: 5, List: [a, b]}}
Conditions:
  Big: !Equals [!Ref Size, 6]
Rules:
  R: {RuleCondition: !Equals [!Ref Size, 6], Assertions: [{Assert: !Contains [[a], !Ref Name], AssertDescription: must be a}]}
Resources:
  A:
    Type: Custom::A
    Condition: Big
    DependsOn: [B]
    DeletionPolicy: RetainExceptOnCreate
    UpdateReplacePolicy: Retain
    Metadata: {M: 1}
    CreationPolicy: {ResourceSignal: {Count: 1}}
    UpdatePolicy: {UseOnlineResharding: true}
  B: {Type: Custom::B, DependsOn: C}
  C: {Type: Custom::C}
Outputs:
  O: {Value: !Ref C, Description: The id, Condition: Big, Export: {Name: !Sub '\${AWS::StackName}-O'}}
`);
    expect(template).toMatchObject({ version: '2010-09-09', description: 'All of it', metadata: { Team: 'ml' } });
    expect(template.parameters.get('Size')).toEqual({
      ...{ name: 'Size', type: 'Number', default: '5', allowedValues: ['5', '6'], minValue: 1, maxValue: 9 },
      ...{ noEcho: true, constraintDescription: 'is small', line: 5 },
    });
    expect(template.parameters.get('Name')).toMatchObject({ allowedPattern: '[a-z]+', minLength: 1, maxLength: 3 });
    expect(template.mappings.get('Sizes')?.get('eu-west-1')?.get('List')).toEqual(['a', 'b']);
    expect(template.conditions.get('Big')).toEqual({ 'Fn::Equals': [{ Ref: 'Size' }, 6] });
    expect(template.rules.get('R')).toEqual({
      name: 'R',
      condition: { 'Fn::Equals': [{ Ref: 'Size' }, 6] },
      assertions: [{ assert: { 'Fn::Contains': [['a'], { Ref: 'Name' }] }, description: 'must be a' }],
      line: 12,
    });
    expect(template.resources.get('A')).toEqual({
      ...{ logicalId: 'A', type: 'Custom::A', properties: {}, dependsOn: ['B'], condition: 'Big', line: 14 },
      ...{ deletionPolicy: 'RetainExceptOnCreate', updateReplacePolicy: 'Retain', metadata: { M: 1 } },
      ...{ creationPolicy: { ResourceSignal: { Count: 1 } }, updatePolicy: { UseOnlineResharding: true } },
    });
    expect(template.resources.get('B')?.dependsOn).toEqual(['C']);
    expect(template.outputs.get('O')).toEqual({
      ...{ name: 'O', value: { Ref: 'C' }, description: 'The id', condition: 'Big', line: 26 },
      exportName: { 'Fn::Sub': `\${AWS::StackName}-O` },
    });
  });

  test('a template without IAM needs no capability', () => {
    const { capabilities, capabilitiesReason } = parseTemplate(withProperties('A: 1'));
    expect({ capabilities, capabilitiesReason }).toEqual({ capabilities: [], capabilitiesReason: undefined });
  });

  test('a role needs CAPABILITY_IAM', () => {
    expect(parseTemplate('Resources: {R: {Type: AWS::IAM::Role}}')).toMatchObject({
      capabilities: ['CAPABILITY_IAM'],
      capabilitiesReason: 'The following resource(s) require capabilities: [AWS::IAM::Role]',
    });
  });

  test('a role with a name needs CAPABILITY_NAMED_IAM, and a transform CAPABILITY_AUTO_EXPAND', () => {
    const body =
      'Transform: AWS::LanguageExtensions\nResources: {R: {Type: AWS::IAM::Role, Properties: {RoleName: r}}}';
    expect(parseTemplate(body).capabilities).toEqual(['CAPABILITY_NAMED_IAM', 'CAPABILITY_AUTO_EXPAND']);
  });
});
