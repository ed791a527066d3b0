import { GetRoleCommand, ListAttachedRolePoliciesCommand } from '@aws-sdk/client-iam';
import { account, region } from '../../scripts/start/clients.ts';
import { deployTemplate, startCloud } from '../stacks/cloud.ts';
import type { TestCloud } from '../stacks/test-cloud.ts';

let cloud: TestCloud;

beforeAll(async () => {
  cloud = await startCloud({ provider: false });
});
afterAll(() => cloud?.stop());

const hex = (index: number) => index.toString(16).padStart(17, '0');
const many = (prefix: string) => Array.from({ length: 16 }, (_, index) => `${prefix}${hex(index)}`).join(',');
const longTag = (letter: string) => letter.repeat(128);

/** Every guardrail at once: a policy that is too large is refused by IAM, and then none of them is in force. */
test('the role with each of its parameters at its longest is created, with all of its policies', async () => {
  const RolePath = `/${'p'.repeat(510)}/`;
  const RoleName = 'r'.repeat(64);
  const types = Array.from({ length: 200 }, (_, index) => `ml.${index}`).join(', ');
  const role = await deployTemplate(cloud, 'role', 'execution-role.yaml', {
    RoleName,
    RolePath,
    DataBuckets: 'd'.repeat(63),
    ReadOnlyBuckets: 'o'.repeat(63),
    AllowedInstanceTypes: types.slice(0, 1024).replace(/,[^,]*$/, ''),
    SubnetIds: many('subnet-'),
    SecurityGroupIds: many('sg-'),
    KmsKeyArn: `arn:aws:kms:${region}:${account}:key/mrk-${'0'.repeat(32)}`,
    RequiredTagKey: longTag('a'),
    SecondRequiredTagKey: longTag('b'),
    ThirdRequiredTagKey: longTag('c'),
  });
  const { Role } = await cloud.clients.iam.send(new GetRoleCommand({ RoleName }));
  expect(Role!.Arn).toBe(role.ExecutionRoleArn);
  const { AttachedPolicies } = await cloud.clients.iam.send(new ListAttachedRolePoliciesCommand({ RoleName }));
  expect(AttachedPolicies!.map(({ PolicyArn }) => PolicyArn).sort()).toEqual(role.PolicyArns!.split(',').sort());
});
