import {
  CreateAppImageConfigRequest$,
  CreateAppRequest$,
  CreateDomainRequest$,
  CreateImageRequest$,
  CreateImageVersionRequest$,
  CreatePipelineRequest$,
  CreateSpaceRequest$,
  CreateUserProfileRequest$,
  UpdateDomainRequest$,
} from '@aws-sdk/client-sagemaker';
import { NormalizedSchema } from '@smithy/core/schema';
import { fromApi } from '@studio-resources/core';
import fc from 'fast-check';

/** Any value that the API would take, with every member that it has. */
function anyOf(shape: NormalizedSchema): fc.Arbitrary<unknown> {
  if (shape.isUnionSchema()) {
    const members = [...shape.structIterator()];
    return fc.oneof(...members.map(([name, member]) => ofMember(name, member).map((value) => ({ [name]: value }))));
  }
  if (shape.isStructSchema()) {
    const members = [...shape.structIterator()];
    return fc.record(Object.fromEntries(members.map(([name, member]) => [name, ofMember(name, member)])));
  }
  if (shape.isListSchema()) return fc.array(anyOf(shape.getValueSchema()), { maxLength: 2 });
  if (shape.isMapSchema()) return fc.dictionary(fc.string(), anyOf(shape.getValueSchema()), { maxKeys: 2 });
  if (shape.isBooleanSchema()) return fc.boolean();
  if (shape.isNumericSchema()) return fc.double({ noDefaultInfinity: true, noNaN: true });
  return fc.string();
}

/** A role is the one text that is more than a text. */
function ofMember(name: string, member: NormalizedSchema): fc.Arbitrary<unknown> {
  if (!member.isStringSchema() || !/^ExecutionRole$|RoleArn$/.test(name)) return anyOf(member);
  const role = fc.stringMatching(/^[\w+=,.@/-]{1,64}$/);
  return role.map((text) => `arn:aws:iam::111122223333:role/${text}`);
}

/** As CloudFormation hands properties on: every scalar a text. */
function asTexts(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asTexts);
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, asTexts(each)]));
}

const shapes = {
  CreateDomainRequest$,
  UpdateDomainRequest$,
  CreateUserProfileRequest$,
  CreateSpaceRequest$,
  CreateAppRequest$,
  CreateAppImageConfigRequest$,
  CreateImageVersionRequest$,
  CreatePipelineRequest$,
};

test.each(Object.entries(shapes).map(([name, shape]) => ({ name, shape })))(
  'whatever $name takes survives CloudFormation’s making texts of it',
  ({ shape }) => {
    const schema = fromApi(shape);
    fc.assert(
      fc.property(anyOf(NormalizedSchema.of(shape)), (value) => {
        // JavaScript writes -0 as "0".
        expect(schema['~standard'].validate(asTexts(value))).toEqual({
          value: JSON.parse(JSON.stringify(value), emptied),
        });
      }),
      { numRuns: 25 },
    );
  },
);

/** CloudFormation writes an empty list parameter as a list with an empty text, so that is one. */
function emptied(_: string, value: unknown): unknown {
  return Array.isArray(value) && value.length === 1 && value[0] === '' ? [] : value;
}

test.each([
  ['a name', 'studio-role'],
  ['nothing', ''],
  ['the ARN of a user', 'arn:aws:iam::111122223333:user/ada'],
  ['an ARN without an account', 'arn:aws:iam:::role/studio-role'],
])('a member that takes a role does not take %s', (_what, RoleArn) => {
  const { issues } = fromApi(CreateImageRequest$)['~standard'].validate({ ImageName: 'tools', RoleArn });
  expect(issues).toEqual([
    { path: ['RoleArn'], message: `expected the ARN of an IAM role, not its name, got ${JSON.stringify(RoleArn)}` },
  ]);
});
