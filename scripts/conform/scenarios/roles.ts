import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  DeletePolicyCommand,
  DeleteRoleCommand,
  DetachRolePolicyCommand,
} from '@aws-sdk/client-iam';
import {
  CreateAppImageConfigCommand,
  DeleteAppImageConfigCommand,
  UpdateAppImageConfigCommand,
} from '@aws-sdk/client-sagemaker';
import { CreateStateMachineCommand, DeleteStateMachineCommand } from '@aws-sdk/client-sfn';
import type { Clients } from '../../start/clients.ts';
import type { Account } from '../account.ts';
import { code, refusal, unless } from '../answers.ts';
import type { Scenario } from '../scenario.ts';
import { createRole, grant, sharedRole, trustIn } from '../shared.ts';

export const roles: readonly Scenario[] = [
  {
    name: 'role-name-taken',
    fact: 'The name of a role that exists is EntityAlreadyExists.',
    asks: 'CreateRole twice with one name',
    expected: 'EntityAlreadyExistsException',
    source: 'IAM API Reference, CreateRole, Errors; the code on the wire has no "Exception"',
    certainty: 'documented',
    needs: ['role'],
    async observe(account) {
      await sharedRole(account);
      return code(createRole(account, 'execution', trustIn('sagemaker.amazonaws.com')));
    },
  },
  {
    name: 'role-with-policy',
    fact: 'A role with an attached policy cannot be deleted.',
    asks: 'DeleteRole while a policy is attached',
    expected: 'DeleteConflictException',
    source: 'IAM API Reference, DeleteRole, Errors',
    certainty: 'documented',
    makes: 'a role with the policy ViewOnlyAccess, which no service may assume',
    async observe(account) {
      const { iam } = account.clients;
      await createRole(account, 'with-policy', {
        ...trustIn('sagemaker.amazonaws.com'),
        Effect: 'Deny',
      });
      const attached = {
        RoleName: account.name('with-policy'),
        PolicyArn: `arn:${account.identity.partition}:iam::aws:policy/job-function/ViewOnlyAccess`,
      };
      await iam.send(new AttachRolePolicyCommand(attached));
      account.made('the attached policy', () => iam.send(new DetachRolePolicyCommand(attached)));
      return code(iam.send(new DeleteRoleCommand({ RoleName: attached.RoleName })));
    },
  },
  {
    name: 'policy-malformed',
    fact: 'A policy without a statement is MalformedPolicyDocument.',
    asks: 'CreateRole with a trust policy that is an empty object',
    expected: 'MalformedPolicyDocumentException',
    source: 'IAM API Reference, CreateRole, Errors',
    certainty: 'documented',
    observe(account) {
      const RoleName = account.name('malformed');
      const request = new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: '{}' });
      return code(account.clients.iam.send(request));
    },
  },
  {
    name: 'managed-policy-size',
    fact: 'A managed policy holds 6,144 characters, and white space does not count.',
    asks: 'CreatePolicy with 6,145 characters that are not white space',
    expected: 'LimitExceededException',
    source: 'IAM User Guide, "IAM and AWS STS quotas"',
    certainty: 'documented',
    makes: 'nothing, unless the endpoint takes the policy',
    async observe(account) {
      const { iam } = account.clients;
      const document = (Resource: string) =>
        JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource }] });
      const bucket = 'arn:aws:s3:::a/';
      const PolicyDocument = document(bucket.padEnd(6145 - document('').length, 'x'));
      const PolicyName = account.name('size');
      return code(
        iam.send(new CreatePolicyCommand({ PolicyName, PolicyDocument })).then(({ Policy }) => {
          account.made(`policy ${PolicyName}`, () => iam.send(new DeletePolicyCommand({ PolicyArn: Policy!.Arn })));
        }),
      );
    },
  },
  {
    name: 'tag-condition-after-create',
    fact: 'The tags that something of SageMaker is created with count in conditions of IAM at once.',
    asks: 'UpdateAppImageConfig, at once after its creation with a tag, by a role that may do so where the tag is',
    expected: 'no error',
    source: 'no source was found for how soon; the local cloud takes them at once',
    certainty: 'unverified',
    makes: 'a role that this account may assume, two app image configurations',
    async observe(account) {
      const clients = await roleForTagged(account);
      await createTagged(account, 'tagged-first');
      const update = (words: string) =>
        clients.sagemaker.send(new UpdateAppImageConfigCommand({ AppImageConfigName: account.name(words) }));
      // The policy of a role takes some seconds, so that it has to work for one that is older first.
      await account.until('the policy of the role to count', () => unless(/^AccessDenied/, update('tagged-first')));
      await createTagged(account, 'tagged-second');
      return (await unless(/^AccessDenied/, update('tagged-second'))) ? 'no error' : 'AccessDenied';
    },
  },
  {
    name: 'state-machine-key-missing',
    fact: 'Step Functions looks at the key of a state machine, as its creator, when it is created.',
    asks: 'CreateStateMachine with the ARN of a key that does not exist',
    expected: /^(InvalidEncryptionConfiguration|KmsAccessDeniedException): /,
    source: 'Step Functions Developer Guide, Data at rest encryption; the code is unverified',
    certainty: 'unverified',
    makes: 'a role that Step Functions may assume, without permissions',
    async observe(account) {
      const { partition, id } = account.identity;
      const roleArn = await createRole(account, 'states', trustIn('states.amazonaws.com'));
      const definition = JSON.stringify({ StartAt: 'End', States: { End: { Type: 'Succeed' } } });
      const kmsKeyId = `arn:${partition}:kms:${account.region}:${id}:key/00000000-0000-4000-8000-000000000000`;
      const name = account.name('sealed');
      const encryptionConfiguration = { type: 'CUSTOMER_MANAGED_KMS_KEY' as const, kmsKeyId };
      const { sfn } = account.clients;
      const creation = sfn
        .send(new CreateStateMachineCommand({ name, definition, roleArn, encryptionConfiguration }))
        .then(({ stateMachineArn }) =>
          account.made(`state machine ${name}`, () => sfn.send(new DeleteStateMachineCommand({ stateMachineArn }))),
        );
      return refusal(creation);
    },
  },
];

/** As a role that may update app image configurations with the tag, and no others. */
async function roleForTagged(account: Account): Promise<Clients> {
  const { partition, id } = account.identity;
  const RoleArn = await createRole(account, 'tagged', {
    Effect: 'Allow',
    Principal: { AWS: `arn:${partition}:iam::${id}:root` },
    Action: 'sts:AssumeRole',
  });
  await grant(account, 'tagged', {
    Effect: 'Allow',
    Action: 'sagemaker:UpdateAppImageConfig',
    Resource: '*',
    Condition: { StringEquals: { 'aws:ResourceTag/conform': 'tagged' } },
  });
  return account.until('the role to be assumed', () => account.assume(RoleArn));
}

async function createTagged(account: Account, words: string): Promise<void> {
  const { sagemaker } = account.clients;
  const AppImageConfigName = account.name(words);
  const Tags = [{ Key: 'conform', Value: 'tagged' }];
  await sagemaker.send(new CreateAppImageConfigCommand({ AppImageConfigName, JupyterLabAppImageConfig: {}, Tags }));
  account.made(`app image configuration ${AppImageConfigName}`, () =>
    sagemaker.send(new DeleteAppImageConfigCommand({ AppImageConfigName })),
  );
}
