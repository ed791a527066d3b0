import { accountPrincipal } from '../../../../packages/local/src/principal.ts';
import type { Input, OperationName, Output } from '../../../../packages/local/src/service.ts';
import { ram } from '../../../../packages/local/src/services/ram/index.ts';
import { AuthorisedCloud, account } from '../authorised-cloud.ts';
import { error } from '../studio.ts';

type Module = typeof import('@aws-sdk/client-ram');

const consumer = '444455556666';
const pipeline = `arn:aws:sagemaker:eu-west-1:${account}:pipeline/train`;
const hour = 3_600_000;
let cloud: AuthorisedCloud;

/** Calls RAM as an account. */
function as(id: string) {
  return <Name extends OperationName<Module>>(
    operation: Name,
    input: Input<Module, Name>,
  ): Promise<Output<Module, Name>> => cloud.call(ram, operation, input, accountPrincipal(id));
}

const owner = as(account);
const other = as(consumer);

beforeEach(() => {
  cloud = new AuthorisedCloud([ram]);
});
afterEach(() => cloud.cloud.close());

async function share(more: Partial<Input<Module, 'CreateResourceShare'>> = {}): Promise<string> {
  const input = { name: 'pipelines', resourceArns: [pipeline], principals: [consumer], ...more };
  const { resourceShare } = await owner('CreateResourceShare', input);
  await cloud.clock.pass(60_000);
  return resourceShare!.resourceShareArn!;
}

async function invitation() {
  const { resourceShareInvitations } = await other('GetResourceShareInvitations', {});
  return resourceShareInvitations!.at(-1)!;
}

async function accepted(): Promise<string> {
  const arn = await share();
  const { resourceShareInvitationArn } = await invitation();
  await other('AcceptResourceShareInvitation', { resourceShareInvitationArn });
  await cloud.clock.pass(60_000);
  return arn;
}

async function shown() {
  const { resourceShares } = await other('GetResourceShares', { resourceOwner: 'OTHER-ACCOUNTS' });
  return resourceShares!.map(({ name, owningAccountId, status }) => ({ name, owningAccountId, status }));
}

async function principalStatus(arn: string) {
  const { resourceShareAssociations } = await owner('GetResourceShareAssociations', {
    associationType: 'PRINCIPAL',
    resourceShareArns: [arn],
  });
  return resourceShareAssociations!.map(({ associatedEntity, status, external }) => ({
    associatedEntity,
    status,
    external,
  }));
}

describe('shares with another account', () => {
  test('an account is invited, and has the resources only after it has accepted', async () => {
    const arn = await share();
    const { resourceShareInvitationArn, ...invited } = await invitation();
    expect(invited).toMatchObject({
      resourceShareArn: arn,
      resourceShareName: 'pipelines',
      senderAccountId: account,
      receiverAccountId: consumer,
      status: 'PENDING',
    });
    expect(await other('ListPendingInvitationResources', { resourceShareInvitationArn })).toMatchObject({
      resources: [{ arn: pipeline, type: 'sagemaker:Pipeline' }],
    });
    expect(await shown()).toEqual([]);
    expect(await principalStatus(arn)).toEqual([{ associatedEntity: consumer, status: 'ASSOCIATING', external: true }]);

    await other('AcceptResourceShareInvitation', { resourceShareInvitationArn });
    expect(await shown()).toEqual([]);
    await cloud.clock.pass(60_000);
    expect(await shown()).toEqual([{ name: 'pipelines', owningAccountId: account, status: 'ACTIVE' }]);
    expect(await other('ListResources', { resourceOwner: 'OTHER-ACCOUNTS' })).toMatchObject({
      resources: [{ arn: pipeline, resourceShareArn: arn, status: 'AVAILABLE' }],
    });
    expect(await principalStatus(arn)).toMatchObject([{ status: 'ASSOCIATED' }]);
    expect(await owner('ListPrincipals', { resourceOwner: 'SELF' })).toMatchObject({ principals: [{ id: consumer }] });
  });

  test('an invitation expires after twelve hours, and the account has to be added again', async () => {
    const arn = await share();
    await cloud.clock.pass(12 * hour);
    const { resourceShareInvitationArn, status } = await invitation();
    expect(status).toBe('EXPIRED');
    await expect(other('AcceptResourceShareInvitation', { resourceShareInvitationArn })).rejects.toEqual(
      error('ResourceShareInvitationExpiredException'),
    );
    expect(await principalStatus(arn)).toMatchObject([{ status: 'DISASSOCIATED' }]);
    await owner('AssociateResourceShare', { resourceShareArn: arn, principals: [consumer] });
    await cloud.clock.pass(60_000);
    const { resourceShareInvitations } = await other('GetResourceShareInvitations', { resourceShareArns: [arn] });
    expect(resourceShareInvitations!.map((one) => one.status).sort()).toEqual(['EXPIRED', 'PENDING']);
  });

  test('an invitation is accepted or rejected once, by the account that received it', async () => {
    const arn = await share();
    const { resourceShareInvitationArn } = await invitation();
    await expect(owner('AcceptResourceShareInvitation', { resourceShareInvitationArn })).rejects.toEqual(
      error('ResourceShareInvitationArnNotFoundException'),
    );
    await other('RejectResourceShareInvitation', { resourceShareInvitationArn });
    await expect(other('AcceptResourceShareInvitation', { resourceShareInvitationArn })).rejects.toEqual(
      error('ResourceShareInvitationAlreadyRejectedException'),
    );
    expect(await principalStatus(arn)).toMatchObject([{ status: 'DISASSOCIATED' }]);
  });

  test('an account can leave a share that it has accepted, and affects only itself', async () => {
    const arn = await accepted();
    const resourceShareArn = arn;
    await expect(other('DisassociateResourceShare', { resourceShareArn, principals: [account] })).rejects.toEqual(
      error('OperationNotPermittedException'),
    );
    await other('DisassociateResourceShare', { resourceShareArn, principals: [consumer] });
    await cloud.clock.pass(60_000);
    expect(await shown()).toEqual([]);
    expect(await principalStatus(arn)).toMatchObject([{ status: 'DISASSOCIATED' }]);
    await expect(other('DisassociateResourceShare', { resourceShareArn, principals: [consumer] })).rejects.toEqual(
      error('UnknownResourceException', 'could not be found'),
    );
  });

  test('a deleted share is listed for a while, for its owner only', async () => {
    const arn = await accepted();
    await owner('DeleteResourceShare', { resourceShareArn: arn });
    await cloud.clock.pass(60_000);
    expect(await shown()).toEqual([]);
    expect(await owner('GetResourceShares', { resourceOwner: 'SELF' })).toMatchObject({
      resourceShares: [{ status: 'DELETED' }],
    });
    await cloud.clock.pass(hour);
    expect(await owner('GetResourceShares', { resourceOwner: 'SELF' })).toMatchObject({ resourceShares: [] });
  });

  test('the owner withdraws a pending invitation', async () => {
    const resourceShareArn = await share();
    await owner('DisassociateResourceShare', { resourceShareArn, principals: [consumer] });
    expect(await other('GetResourceShareInvitations', {})).toMatchObject({ resourceShareInvitations: [] });
  });
});

describe('shares within the organization', () => {
  test('once the management account has enabled that, there are no invitations, and no account can leave', async () => {
    await owner('EnableSharingWithAwsOrganization', {});
    const arn = await share({ allowExternalPrincipals: false });
    expect(await other('GetResourceShareInvitations', {})).toMatchObject({ resourceShareInvitations: [] });
    expect(await shown()).toEqual([{ name: 'pipelines', owningAccountId: account, status: 'ACTIVE' }]);
    expect(await principalStatus(arn)).toMatchObject([{ external: false, status: 'ASSOCIATED' }]);
    const leaving = other('DisassociateResourceShare', { resourceShareArn: arn, principals: [consumer] });
    await expect(leaving).rejects.toEqual(error('OperationNotPermittedException'));
    await expect(other('EnableSharingWithAwsOrganization', {})).rejects.toEqual(
      error('OperationNotPermittedException', 'management account'),
    );
  });

  test('a share with a whole organization is available to every account', async () => {
    await owner('EnableSharingWithAwsOrganization', {});
    await share({ principals: [`arn:aws:organizations::${account}:organization/o-1234567890`] });
    expect(await shown()).toHaveLength(1);
  });

  test('before that, a share that excludes external principals is refused', async () => {
    await expect(share({ allowExternalPrincipals: false })).rejects.toEqual(
      error('OperationNotPermittedException', 'can only be shared within your AWS Organization'),
    );
  });
});

describe('permissions', () => {
  const executing = 'arn:aws:ram::aws:permission/AWSRAMPermissionSageMakerPipelineAllowExecution';
  const looking = 'arn:aws:ram::aws:permission/AWSRAMDefaultPermissionSageMakerPipeline';
  const held = async (resourceShareArn: string) => {
    const { permissions } = await owner('ListResourceSharePermissions', { resourceShareArn });
    return permissions!.map(({ arn }) => arn);
  };

  test('a share has the default permission for each of its resource types, or the given one', async () => {
    const arn = await share();
    expect(await held(arn)).toEqual([looking]);
    expect(await held(await share({ permissionArns: [executing] }))).toEqual([executing]);
    const change = { resourceShareArn: arn, permissionArn: executing };
    await expect(owner('AssociateResourceSharePermission', change)).rejects.toEqual(error('InvalidParameterException'));
    await owner('AssociateResourceSharePermission', { ...change, replace: true });
    expect(await held(arn)).toEqual([executing]);
  });

  test('the permissions of SageMaker pipelines are listed by resource type, in any case', async () => {
    const { permissions } = await owner('ListPermissions', { resourceType: 'sagemaker:pipeline' });
    expect(permissions!.map(({ arn }) => arn)).toEqual([looking, executing]);
    const { permission } = await owner('GetPermission', { permissionArn: executing });
    expect(JSON.parse(permission!.permission!).Action).toContain('sagemaker:StartPipelineExecution');
  });
});

test.each([
  ['what is no ARN', { resourceArns: ['train'] }, 'MalformedArnException'],
  ['what cannot be shared', { resourceArns: [`arn:aws:s3:::${account}`] }, 'InvalidParameterException'],
  ["what is another's", { resourceArns: [pipeline.replace(account, consumer)] }, 'OperationNotPermittedException'],
  ['with a principal that does not exist', { principals: ['someone'] }, 'InvalidParameterException'],
  ['with oneself', { principals: [account] }, 'InvalidParameterException'],
  ['with a permission that does not exist', { permissionArns: ['arn:aws:ram::aws:permission/X'] }, 'UnknownResource'],
])('sharing %s is refused', async (_, more, code) => {
  await expect(share(more)).rejects.toMatchObject({ name: expect.stringContaining(code) });
});

test('a share is created once for a client token', async () => {
  const arn = await share({ clientToken: 'one' });
  expect(await share({ clientToken: 'one' })).toBe(arn);
  await expect(share({ clientToken: 'one', name: 'other' })).rejects.toEqual(
    error('IdempotentParameterMismatchException'),
  );
});

test('lists have pages of at most 500', async () => {
  for (const name of ['a', 'b', 'c']) await share({ name, principals: [] });
  const pages: string[][] = [];
  let nextToken: string | undefined;
  do {
    const found = await owner('GetResourceShares', { resourceOwner: 'SELF', maxResults: 2, nextToken });
    pages.push(found.resourceShares!.map(({ name }) => name!));
    nextToken = found.nextToken;
  } while (nextToken);
  expect(pages.map(({ length }) => length)).toEqual([2, 1]);
  expect(pages.flat().sort()).toEqual(['a', 'b', 'c']);
  const wrong = { resourceOwner: 'SELF', nextToken: 'x' } as const;
  await expect(owner('GetResourceShares', wrong)).rejects.toEqual(error('InvalidNextTokenException'));
});

test('a share is listed by its tags, which only its owner sees', async () => {
  const resourceShareArn = await accepted();
  await owner('TagResource', { resourceShareArn, tags: [{ key: 'team', value: 'red' }] });
  const tagFilters = [{ tagKey: 'team' }];
  expect(await owner('GetResourceShares', { resourceOwner: 'SELF', tagFilters })).toMatchObject({
    resourceShares: [{ resourceShareArn, tags: [{ key: 'team', value: 'red' }] }],
  });
  const { resourceShares } = await other('GetResourceShares', { resourceOwner: 'OTHER-ACCOUNTS' });
  expect(resourceShares![0]!.tags).toBeUndefined();
  await owner('UntagResource', { resourceShareArn, tagKeys: ['team'] });
  expect(await owner('GetResourceShares', { resourceOwner: 'SELF', tagFilters })).toMatchObject({ resourceShares: [] });
});

test('a caller without the permission to accept invitations is refused', async () => {
  await share({ principals: [account.replace('1', '9')] });
  const role = await cloud.role('looker', {
    Effect: 'Allow',
    Action: 'ram:GetResourceShareInvitations',
    Resource: '*',
  });
  const resourceShareInvitationArn = `arn:aws:ram:eu-west-1:${consumer}:resource-share-invitation/x`;
  const accepting = cloud.call(ram, 'AcceptResourceShareInvitation', { resourceShareInvitationArn }, role);
  await expect(accepting).rejects.toEqual(
    error('AccessDeniedException', 'not authorized to perform: ram:AcceptResourceShareInvitation'),
  );
});
