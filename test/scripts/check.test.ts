import { checkArrows } from '../../scripts/check/arrows.ts';
import { checkNames } from '../../scripts/check/names.ts';
import { type ProviderFunction, readProvider } from '../../scripts/check/provider.ts';
import { checkRole } from '../../scripts/check/roles.ts';
import { checkUnanswered } from '../../scripts/check/unanswered.ts';

const file = (path: string, ...lines: string[]) => ({ path, text: lines.join('\n') });

const provider = readProvider(`
Resources:
  StudioThing:
    Type: AWS::Lambda::Function
    Properties:
      FunctionName: things
      Code: { S3Key: !Sub '\${Prefix}/studio-thing.zip' }
      Environment:
        Variables: { WAITER_ARN: !Ref Waiter, STATE_KEY_ARN: !Ref StateKey }
      Timeout: 900
      Role: !GetAtt StudioThingRole.Arn
  StudioThingRole:
    Type: AWS::IAM::Role
    Properties:
      Policies:
        - PolicyName: studio-thing
          PolicyDocument:
            Statement:
              - { Effect: Allow, Action: logs:PutLogEvents, Resource: !GetAtt LogGroup.Arn }
              - { Effect: Allow, Action: lambda:InvokeFunction, Resource: !GetAtt Responder.Arn }
              - !If
                - HasKmsKey
                - { Effect: Allow, Action: kms:Decrypt, Resource: !Ref KmsKeyArn }
                - !Ref AWS::NoValue
              - { Effect: Allow, Action: [efs:Make, efs:Look], Resource: !Sub 'arn:\${AWS::Partition}:efs:::thing/*' }
  StudioThingInvocations:
    Type: AWS::Lambda::EventInvokeConfig
    Properties:
      FunctionName: !Ref StudioThing
      DestinationConfig:
        OnFailure: { Destination: !GetAtt Responder.Arn }
  WaiterRole:
    Type: AWS::IAM::Role
    Properties:
      Policies:
        - PolicyName: waiter
          PolicyDocument:
            Statement:
              - Effect: Allow
                Action: lambda:InvokeFunction
                Resource: [!Sub 'arn:\${AWS::Partition}:lambda:::function:things']
Outputs:
  StudioThingServiceToken: { Value: !GetAtt StudioThing.Arn }
`);
const { statements } = provider.functions.get('StudioThing')!;

describe('imports', () => {
  test.each([
    ['core importing the local cloud', 'packages/core/src/a.ts', '@studio-resources/local'],
    ['core importing an AWS client', 'packages/core/src/a.ts', '@aws-sdk/client-sagemaker'],
    ['jupyter importing an AWS client', 'packages/jupyter/src/a.ts', '@aws-sdk/client-sagemaker'],
    ['sagemaker importing a handler', 'packages/sagemaker/src/a.ts', '../../../handlers/studio-thing.ts'],
    ['the local cloud importing a handler', 'packages/local/src/a.ts', '../../../handlers/studio-thing.ts'],
    ['a handler importing a handler', 'handlers/studio-thing.ts', './studio-other.ts'],
    ["a handler importing another one's file", 'handlers/studio-thing.ts', './studio-other/part.ts'],
    ['a package reaching out of the packages', 'packages/sagemaker/src/a.ts', '../../../scripts/build.ts'],
  ])('%s is found', (_, path, name) => {
    for (const statement of [
      `import { x } from '${name}';`,
      `export { x } from '${name}';`,
      `await import('${name}');`,
    ]) {
      expect(checkArrows([file(path, statement)])).toHaveLength(1);
    }
  });

  test('imports downwards have no finding, in any folder', () => {
    const sources = [
      file('packages/core/src/a.ts', "import { join } from 'node:path';", "import { b } from './b.ts';"),
      file('packages/sagemaker/src/a.ts', "import type { Context } from '@studio-resources/core';"),
      file(
        'handlers/studio-thing.ts',
        "import { serve } from '@studio-resources/core';",
        "import { findDomain } from '@studio-resources/sagemaker/domain/domain';",
      ),
      file('handlers/studio-part.ts', "import { part } from './studio-part/part.ts';"),
      file('handlers/studio-part/part.ts', "import { other } from './other.ts';"),
      file('scripts/build.ts', "import { startLocalCloud } from '@studio-resources/local';"),
    ];
    expect(checkArrows(sources)).toEqual([]);
  });
});

describe('names', () => {
  const handler = file(
    'handlers/studio-thing.ts',
    "export const studioThing = { type: 'Custom::StudioThing' };",
    'export const handler = serve(studioThing);',
  );
  const itsTest = file('test/handlers/studio-thing.test.ts');

  test('one name in every place has no finding', () => {
    expect(checkNames([handler, itsTest], provider)).toEqual([]);
  });

  test('a handler without a test, a function or its own name is a finding', () => {
    const other = file('handlers/studio-other.ts', "export const studioThing = { type: 'Custom::StudioThing' };");
    expect(checkNames([handler, itsTest, other], provider)).toEqual([
      'handlers/studio-other.ts: its type is not Custom::StudioOther',
      'handlers/studio-other.ts: it exports no studioOther',
      'handlers/studio-other.ts: it has no "export const handler = serve(studioOther)"',
      'handlers/studio-other.ts: provider.yaml has no output StudioOtherServiceToken',
      'handlers/studio-other.ts: test/handlers/studio-other.test.ts is missing',
      'handlers/studio-other.ts: provider.yaml has no function StudioOther from studio-other.zip',
    ]);
  });

  test('the responder is not a resource: it has a test and a function, but no type and no output', () => {
    const responder = file('handlers/responder.ts', 'export const handler = respond;');
    expect(checkNames([handler, itsTest, responder], provider)).toEqual([
      'handlers/responder.ts: test/handlers/responder.test.ts is missing',
      'handlers/responder.ts: provider.yaml has no function Responder from responder.zip',
    ]);
  });

  test('a function without a handler is a finding', () => {
    expect(checkNames([], provider)).toEqual(['provider.yaml: the function StudioThing is no handler']);
  });

  test('a path that does not exist is a finding', () => {
    const vague = ['packages/core/src/utils.ts', 'packages/local/src/common/a.ts', 'scripts/misc.ts'].map((path) =>
      file(path),
    );
    expect(checkNames([...vague, handler, itsTest], provider)).toHaveLength(3);
  });
});

describe('answers', () => {
  test('a function that the waiter may invoke, and whose failures go to the responder, has no finding', () => {
    expect(checkUnanswered(provider)).toEqual([]);
  });

  test('a function whose failure would leave CloudFormation without an answer is found', () => {
    const [[id, one]] = [...provider.functions] as [[string, ProviderFunction]];
    const lonely = { ...one, variables: {}, onFailure: undefined };
    expect(checkUnanswered({ ...provider, functions: new Map([[id, lonely]]), waiter: [] })).toEqual([
      'provider.yaml: StudioThing: the waiter may not call it',
      'provider.yaml: StudioThing: it has no STATE_KEY_ARN',
      'provider.yaml: StudioThing: it has no WAITER_ARN',
      'provider.yaml: StudioThing: its failed events do not go to the responder',
    ]);
  });
});

describe('roles', () => {
  const make = { action: 'efs:Make', resource: 'arn:*:efs:::thing/*' } as const;
  const look = { action: 'efs:Look', resource: 'arn:*:efs:::thing/*' } as const;

  test('a role that grants what is declared has no finding', () => {
    expect(checkRole('StudioThing', [make, look], statements)).toEqual([]);
  });

  test('a missing right, an unused one and a wildcard action are findings', () => {
    const other = { action: 'efs:Make', resource: 'arn:*:efs:::other/*' } as const;
    expect(checkRole('StudioThing', [make, look, other], statements)).toEqual([
      'provider.yaml: the role of StudioThing lacks efs:Make on arn:*:efs:::other/*; write it with npm run permissions',
    ]);
    expect(checkRole('StudioThing', [make], statements)).toEqual([
      'provider.yaml: the role of StudioThing grants what its handler does not declare: efs:Look on arn:*:efs:::thing/*; write it with npm run permissions',
    ]);
    expect(checkRole('StudioThing', [], [{ actions: ['efs:*'], resources: ['*'] }])).toContain(
      'provider.yaml: the role of StudioThing has a wildcard action: efs:* on *',
    );
  });

  test('a condition is part of the right', () => {
    const condition = { StringEquals: { 'iam:PassedToService': ['sagemaker.amazonaws.com'] } };
    const granted = [{ actions: ['iam:PassRole'], resources: ['${ExecutionRoleArns}'], condition }];
    const declared = { action: 'iam:PassRole', resource: 'arn:*:iam::*:role/*' } as const;
    expect(checkRole('StudioThing', [{ ...declared, condition }], granted)).toEqual([]);
    expect(checkRole('StudioThing', [declared], granted)).toHaveLength(2);
  });
});
