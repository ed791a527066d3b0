import fc from 'fast-check';
import { stringify } from 'yaml';
import { parseTemplate } from '../../../../packages/local/src/cloudformation/template/parse.ts';
import {
  changedProperties,
  sameValue,
  scalarsToStrings,
} from '../../../../packages/local/src/cloudformation/template/properties.ts';
import { summary, validation } from '../../../../packages/local/src/cloudformation/template/summary.ts';

describe('properties of a custom resource', () => {
  test('have their scalars as strings at every depth, and omit what is null', () => {
    expect(scalarsToStrings({ a: true, b: 14, c: [1.5, { d: false }, null], e: null, f: '', g: {} })).toEqual({
      ...{ a: 'true', b: '14', c: ['1.5', { d: 'false' }], f: '', g: {} },
    });
  });
});

describe('a change of properties', () => {
  test('is reported by property', () => {
    expect(
      changedProperties(
        { Same: [1, { a: 1, b: 2 }], Changed: 'a', Gone: 1 },
        { Same: ['1', { b: 2, a: '1' }], Changed: 'b', New: 1 },
      ),
    ).toEqual(['Changed', 'Gone', 'New']);
  });

  test('does not exist when only the types of scalars differ', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => sameValue(value, scalarsToStrings(value))));
  });

  test('includes the order of a list', () => {
    expect(changedProperties({ A: [1, 2] }, { A: [2, 1] })).toEqual(['A']);
  });
});

test('a template in JSON and the same in YAML declare the same', () => {
  // JSON writes a negative zero as 0 and YAML as -0: two texts, not one template.
  const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((double) => double + 0);
  const scalar = fc.oneof(fc.string(), fc.integer(), fc.boolean(), number);
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      scalar,
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(fc.stringMatching(/^[A-Za-z_][\w-]{0,10}$/), tie('value'), { maxKeys: 4 }),
    ),
  }));
  fc.assert(
    fc.property(fc.dictionary(fc.stringMatching(/^[A-Z]\w{0,10}$/), value, { maxKeys: 5 }), (Properties) => {
      const template = { Resources: { A: { Type: 'Custom::A', Properties } } };
      const json = parseTemplate(JSON.stringify(template)).resources.get('A')?.properties;
      const yaml = parseTemplate(stringify(template, { version: '1.1' })).resources.get('A')?.properties;
      expect(yaml).toEqual(json);
      expect(sameValue(json, Properties)).toBe(true);
    }),
  );
});

describe('a summary', () => {
  const template = parseTemplate(`
AWSTemplateFormatVersion: 2010-09-09
Description: Roles
Metadata: {Team: ml}
Parameters:
  Name: {Type: String, Default: me, NoEcho: true, Description: The name, AllowedValues: [me, you]}
  Vpc: {Type: AWS::EC2::VPC::Id}
Resources:
  Role: {Type: AWS::IAM::Role}
  Other: {Type: AWS::IAM::Role}
  Bucket: {Type: AWS::S3::Bucket}
`);

  test('for ValidateTemplate has the parameters and the capabilities', () => {
    expect(validation(template)).toEqual({
      Description: 'Roles',
      Parameters: [
        { ParameterKey: 'Name', DefaultValue: 'me', NoEcho: true, Description: 'The name' },
        { ParameterKey: 'Vpc', DefaultValue: undefined, NoEcho: false, Description: undefined },
      ],
      Capabilities: ['CAPABILITY_IAM'],
      CapabilitiesReason: 'The following resource(s) require capabilities: [AWS::IAM::Role]',
      DeclaredTransforms: [],
    });
  });

  test('for GetTemplateSummary has the resource types as well', () => {
    expect(summary(template)).toMatchObject({
      Version: '2010-09-09',
      Metadata: '{"Team":"ml"}',
      ResourceTypes: ['AWS::IAM::Role', 'AWS::S3::Bucket'],
      Parameters: [
        { ParameterKey: 'Name', ParameterType: 'String', ParameterConstraints: { AllowedValues: ['me', 'you'] } },
        { ParameterKey: 'Vpc', ParameterType: 'AWS::EC2::VPC::Id' },
      ],
    });
  });
});
