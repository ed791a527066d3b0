import { UpdateFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import {
  CreateResourceShareCommand,
  EnableSharingWithAwsOrganizationCommand,
  GetResourceSharesCommand,
  RAMClient,
} from '@aws-sdk/client-ram';
import { account, region } from '../../scripts/start/clients.ts';
import { removeStack, startCloud } from '../stacks/cloud.ts';
import { installProvider } from '../stacks/provider.ts';
import type { TestCloud } from '../stacks/test-cloud.ts';

const evil = '666666666666';
const trusted = '777777777777';

let cloud: TestCloud;

beforeEach(async () => {
  cloud = await startCloud();
});
afterEach(() => cloud.stop());

/** Another account shares a pipeline with this one; the share's ARN. */
async function shareOf(owner: string): Promise<string> {
  const ram = new RAMClient(cloud.as(owner).clientOptions);
  const resourceArns = [`arn:aws:sagemaker:${region}:${owner}:pipeline/train`];
  const command = new CreateResourceShareCommand({ name: 'pipelines', resourceArns, principals: [account] });
  return (await ram.send(command)).resourceShare!.resourceShareArn!;
}

/** Deploys a stack with the acceptance of a share; the reasons of its failure, if it fails. */
async function accept(properties: Record<string, string>): Promise<string> {
  const ServiceToken = { 'Fn::ImportValue': 'ResourceShareAcceptanceServiceToken' };
  const Properties = { ServiceToken, ServiceTimeout: '600', ...properties };
  const Share = { Type: 'Custom::ResourceShareAcceptance', Properties };
  const { failures } = await cloud.deploy('shares', { template: JSON.stringify({ Resources: { Share } }) });
  return failures.join('\n');
}

/** The shares of other accounts that this account is in. */
async function memberships(): Promise<string[]> {
  const ram = new RAMClient(cloud.clientOptions);
  const { resourceShares } = await ram.send(new GetResourceSharesCommand({ resourceOwner: 'OTHER-ACCOUNTS' }));
  return resourceShares!.map(({ resourceShareArn }) => resourceShareArn!);
}

const allow = (ShareOwnerAccountIds: string) => installProvider(cloud, { ShareOwnerAccountIds });

test.each(['', trusted])(
  'a share of a foreign account is not accepted where the provider allows "%s"',
  async (allowed) => {
    await allow(allowed);
    const arn = await shareOf(evil);
    const byName = { OwningAccountId: evil, ResourceShareName: 'pipelines' };
    const namings: Record<string, string>[] = [{ ResourceShareArn: arn }, byName];
    for (const properties of namings) {
      const failures = await accept(properties);
      expect(failures).toContain(`account ${evil} is not in the provider's parameter ShareOwnerAccountIds; add it`);
      await removeStack(cloud, 'shares');
    }
    expect(await memberships()).toEqual([]);
  },
);

test.each(['', trusted])(
  'the role refuses it too, where the function is told otherwise and the provider allows "%s"',
  async (allowed) => {
    await allow(allowed);
    const FunctionName = 'studio-resources-resource-share-acceptance';
    const Variables = { SHARE_OWNER_ACCOUNT_IDS: evil };
    await cloud.clients.lambda.send(
      new UpdateFunctionConfigurationCommand({ FunctionName, Environment: { Variables } }),
    );
    await cloud.pass(60_000);
    expect(await accept({ ResourceShareArn: await shareOf(evil) })).toContain(
      'is not authorized to perform: ram:AcceptResourceShareInvitation',
    );
    expect(await memberships()).toEqual([]);
  },
);

test('a share of an account that the provider allows is accepted, and one of its organization without being allowed', async () => {
  await allow(`${trusted},888888888888`);
  const accepted = await shareOf(trusted);
  expect(await accept({ ResourceShareArn: accepted })).toBe('');
  await removeStack(cloud, 'shares');
  await allow('');
  const management = new RAMClient(cloud.as(evil).clientOptions);
  await management.send(new EnableSharingWithAwsOrganizationCommand({}));
  const shared = await shareOf(evil);
  expect(await accept({ ResourceShareArn: shared })).toBe('');
  expect(await memberships()).toEqual(expect.arrayContaining([accepted, shared]));
});

test('the account does not leave the share of an owner that the provider does not allow', async () => {
  await allow(trusted);
  const arn = await shareOf(trusted);
  expect(await accept({ ResourceShareArn: arn })).toBe('');
  await removeStack(cloud, 'shares');
  await allow('');
  expect(await accept({ ResourceShareArn: arn, LeaveOnDelete: 'true' })).toBe('');
  await removeStack(cloud, 'shares');
  expect(await memberships()).toEqual([arn]);
});
