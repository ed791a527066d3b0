import * as RAM from '@aws-sdk/client-ram';
import { resourceShareAcceptance } from '../../handlers/resource-share-acceptance.ts';
import { ram } from '../../packages/local/src/services/ram/index.ts';
import { describeContract } from '../contract.ts';
import { account, type BuiltFunction, builtFunction } from './built-function.ts';
import { builtWorld } from './service-world.ts';
import { shareLacks, shareSubject } from './share-subject.ts';

const owner = '444455556666';
const pipeline = `arn:aws:sagemaker:us-east-1:${owner}:pipeline/train`;

const name = 'resource-share-acceptance';
const variables = { SHARE_OWNER_ACCOUNT_IDS: owner };
const startWorld = builtWorld(name, resourceShareAcceptance, ram, variables);
describeContract(`${name}, built`, async () => shareSubject(await startWorld()), shareLacks);

const start = builtFunction(name, resourceShareAcceptance, { variables });

describe('resource-share-acceptance, built', () => {
  let run: BuiltFunction;
  let asOwner: RAM.RAMClient;
  let asConsumer: RAM.RAMClient;

  beforeEach(async () => {
    run = await start();
    asConsumer = new RAM.RAMClient(run.options);
    asOwner = new RAM.RAMClient(run.cloud.clientOptions(owner));
  });
  afterEach(() => run.close());

  async function share(name: string, input: Partial<RAM.CreateResourceShareRequest> = {}): Promise<string> {
    const request = { name, resourceArns: [pipeline], principals: [account], ...input };
    const { resourceShare } = await asOwner.send(new RAM.CreateResourceShareCommand(request));
    return resourceShare!.resourceShareArn!;
  }

  async function memberships(): Promise<string[]> {
    const all = new RAM.GetResourceSharesCommand({ resourceOwner: 'OTHER-ACCOUNTS' });
    const { resourceShares = [] } = await asConsumer.send(all);
    return resourceShares.map(({ resourceShareArn }) => resourceShareArn!);
  }

  test('another account’s share is accepted once it is shared, changed over, and left when that is asked for', async () => {
    const first = await share('first');
    const named = { OwningAccountId: owner, ResourceShareName: 'first' };
    const created = await run.send({ RequestType: 'Create', ResourceProperties: named });
    expect(created).toMatchObject({
      Status: 'SUCCESS',
      PhysicalResourceId: first,
      Data: { ResourceShareArn: first, ResourceShareName: 'first', OwningAccountId: owner, ResourceArns: pipeline },
    });
    const second = await share('second', {
      permissionArns: ['arn:aws:ram::aws:permission/AWSRAMPermissionSageMakerPipelineAllowExecution'],
    });
    const properties = { ResourceShareArn: second, LeaveOnDelete: 'true' };
    const updated = await run.send({
      RequestType: 'Update',
      PhysicalResourceId: first,
      ResourceProperties: properties,
      OldResourceProperties: named,
    });
    expect(updated).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: second });
    const remove = (PhysicalResourceId: string, ResourceProperties: Record<string, unknown>) =>
      run.send({ RequestType: 'Delete', PhysicalResourceId, ResourceProperties });
    expect(await remove(first, named)).toMatchObject({ Status: 'SUCCESS' });
    expect((await memberships()).sort()).toEqual([first, second].sort());
    expect(await remove(second, properties)).toMatchObject({ Status: 'SUCCESS' });
    expect(await memberships()).toEqual([first]);
  });

  test('a share within the organization needs no acceptance, and cannot be left', async () => {
    await asOwner.send(new RAM.EnableSharingWithAwsOrganizationCommand({}));
    const ResourceShareArn = await share('inside', { allowExternalPrincipals: false });
    const properties = { ResourceShareArn, LeaveOnDelete: 'true' };
    const created = await run.send({ RequestType: 'Create', ResourceProperties: properties });
    expect(created).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: ResourceShareArn });
    const removed = await run.send({
      RequestType: 'Delete',
      PhysicalResourceId: ResourceShareArn,
      ResourceProperties: properties,
    });
    expect(removed).toMatchObject({ Status: 'SUCCESS' });
    expect(await memberships()).toEqual([ResourceShareArn]);
  });
});
