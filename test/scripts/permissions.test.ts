import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Permission } from '@studio-resources/core';
import { installing, readProvider } from '../../scripts/check/provider.ts';
import { checkRole } from '../../scripts/check/roles.ts';
import { handlerNames, pascalCase, root } from '../../scripts/handlers.ts';
import { permissionsOf } from '../../scripts/permissions/declared.ts';
import { withPermissions } from '../../scripts/permissions/role-policy.ts';

const on = (action: Permission['action'], kind: string): Permission => ({
  action,
  resource: `arn:*:sagemaker:*:*:${kind}/*`,
});
const condition = { StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } };
const passRole: Permission = { action: 'iam:PassRole', resource: 'arn:*:iam::*:role/*', condition };
const arn = (kind: string) => `!Sub arn:\${AWS::Partition}:sagemaker:\${AWS::Region}:\${AWS::AccountId}:${kind}/*`;

/** A template with a function whose role has these statements of its own. */
const template = (statements: string) => `Resources:
  StudioThing:
    Type: AWS::Lambda::Function
    Properties:
      FunctionName: studio-resources-studio-thing
      Code: { S3Key: studio-thing.zip }
      Role: !GetAtt StudioThingRole.Arn
  StudioThingRole:
    Type: AWS::IAM::Role
    Properties:
      Policies:
        - PolicyName: studio-thing
          PolicyDocument:
            Version: '2012-10-17'
            Statement:
              # Its own log.
              - Effect: Allow
                Action: [logs:CreateLogStream, logs:PutLogEvents]
                Resource: !GetAtt StudioThingLogGroup.Arn
              - !If
                - HasKmsKey
                - { Effect: Allow, Action: kms:Decrypt, Resource: !Ref KmsKeyArn }
                - !Ref AWS::NoValue
${statements}  # What follows.
  Other:
    Type: AWS::SSM::Parameter
Outputs:
  StudioThingServiceToken: { Value: !GetAtt StudioThing.Arn }
`;

const spaces = `              # The spaces of people.
              - Effect: Allow
                Action: sagemaker:DescribeSpace
                Resource: ${arn('space')}
`;
const buckets = `              # Only buckets of the parameter.
              - Effect: Allow
                Action: [s3:GetObject, s3:PutObject]
                Resource: !Sub arn:\${AWS::Partition}:s3:::\${SeedCodeBuckets}/*
`;
const getObject: Permission = { action: 's3:GetObject', resource: 'arn:*:s3:::*/*' };

test('what is declared already stays as it is written', () => {
  const text = template(spaces + buckets);
  const permissions = [
    on('sagemaker:DescribeSpace', 'space'),
    getObject,
    { ...getObject, action: 's3:PutObject' as const },
  ];
  expect(withPermissions(text, 'StudioThing', permissions)).toBe(text);
});

test('a missing action joins the statement for the same resources, whose comment and parameter stay', () => {
  const permissions = [on('sagemaker:DescribeSpace', 'space'), on('sagemaker:UpdateSpace', 'space'), getObject];
  expect(withPermissions(template(spaces + buckets), 'StudioThing', permissions)).toBe(
    template(
      spaces.replace('sagemaker:DescribeSpace', '[sagemaker:DescribeSpace, sagemaker:UpdateSpace]') +
        buckets.replace('[s3:GetObject, s3:PutObject]', 's3:GetObject'),
    ),
  );
});

test('many actions take a line each, and go back to one line when there are few', () => {
  const verbs = ['Create', 'Describe', 'Update', 'Delete', 'Frobnicate'];
  const permissions = verbs.map((verb) => on(`sagemaker:${verb}Space`, 'space'));
  const many = withPermissions(template(spaces), 'StudioThing', permissions);
  expect(many).toContain(`                Action:
                  - sagemaker:DescribeSpace
                  - sagemaker:CreateSpace
                  - sagemaker:UpdateSpace
                  - sagemaker:DeleteSpace
                  - sagemaker:FrobnicateSpace
                Resource: `);
  expect(withPermissions(many, 'StudioThing', [permissions[1]!])).toBe(template(spaces));
});

test('a statement that nothing needs goes with its comment; what Lambda needs, and choices, stay', () => {
  expect(withPermissions(template(spaces + buckets), 'StudioThing', [getObject])).toBe(
    template(buckets.replace('[s3:GetObject, s3:PutObject]', 's3:GetObject')),
  );
  expect(withPermissions(template(spaces + buckets), 'StudioThing', [])).toBe(template(''));
});

test('a new statement has its condition, the ARN for this account, and only the roles of the parameter', () => {
  const tagged: Permission = {
    action: 'elasticfilesystem:DeleteFileSystem',
    resource: 'arn:*:elasticfilesystem:*:*:file-system/*',
    condition: {
      StringLike: { 'aws:ResourceTag/made-by': 'arn:*:sagemaker:*:*:domain/*', 'aws:RequestTag/x': ['a', 'b'] },
    },
  };
  const list: Permission = { action: 'sagemaker:ListSpaces', resource: '*' };
  const written = withPermissions(template(''), 'StudioThing', [list, passRole, tagged]);
  expect(written).toContain(`                - !Ref AWS::NoValue
              # Lists, which support no resource-level permissions.
              - Effect: Allow
                Action: sagemaker:ListSpaces
                Resource: '*'
              - Effect: Allow
                Action: iam:PassRole
                Resource: !Split [',', !Ref ExecutionRoleArns]
                Condition:
                  StringEquals:
                    iam:PassedToService: sagemaker.amazonaws.com
              - Effect: Allow
                Action: elasticfilesystem:DeleteFileSystem
                Resource: !Sub arn:\${AWS::Partition}:elasticfilesystem:\${AWS::Region}:\${AWS::AccountId}:file-system/*
                Condition:
                  StringLike:
                    aws:ResourceTag/made-by: ${arn('domain')}
                    aws:RequestTag/x:
                      - a
                      - b
`);
  const { statements } = readProvider(written).functions.get('StudioThing')!;
  expect(checkRole('StudioThing', [list, passRole, tagged], statements)).toEqual([]);
});

test('another condition is another right: the old statement goes, and the new one comes', () => {
  const text = withPermissions(template(''), 'StudioThing', [passRole]);
  const narrow = { StringEquals: { 'iam:PassedToService': 'lambda.amazonaws.com' } };
  const changed = withPermissions(text, 'StudioThing', [{ ...passRole, condition: narrow }]);
  expect(changed).toBe(text.replace('sagemaker.amazonaws.com', 'lambda.amazonaws.com'));
});

test.each(handlerNames())(
  'the role of %s, emptied and written anew, grants what its handler declares',
  async (name) => {
    const id = pascalCase(name);
    const permissions = await permissionsOf(name);
    const texts = installing.map((file) => readFileSync(join(root, 'cloudformation', file), 'utf8'));
    const text = texts.find((each) => readProvider(each).functions.has(id))!;
    expect(withPermissions(text, id, permissions)).toBe(text);
    const anew = withPermissions(withPermissions(text, id, []), id, permissions);
    expect(checkRole(id, permissions, readProvider(anew).functions.get(id)!.statements)).toEqual([]);
  },
);

test('a function that the template lacks is refused', () => {
  expect(() => withPermissions(template(''), 'StudioOther', [])).toThrow(
    'Writing the role of StudioOther: the template has no such function',
  );
});

test('a condition whose value comes from a parameter is not written as one that allows any value', () => {
  const accept: Permission = {
    action: 'ram:AcceptResourceShareInvitation',
    resource: 'arn:*:ram:*:*:resource-share-invitation/*',
    condition: { StringLike: { 'ram:ShareOwnerAccountId': '*' } },
  };
  expect(() => withPermissions(template(''), 'StudioThing', [accept])).toThrow(
    'Writing the condition StringLike ram:ShareOwnerAccountId: its value comes from a parameter',
  );
});
