import { handler, resourceShareAcceptance } from '../../handlers/resource-share-acceptance.ts';
import { awsError } from './aws-error.ts';
import { byName, consumer, type MockRam, mockRam, owner, pipeline } from './mock-ram.ts';
import { requests } from './requests.ts';

let ram: MockRam;

beforeEach(() => {
  ram = mockRam(handler, resourceShareAcceptance);
});
afterEach(() => ram.close());

const { create, update, remove } = requests(() => ram);

/** The invitation's answer, once it has come. */
async function answered(operation: 'AcceptResourceShareInvitation' | 'RejectResourceShareInvitation') {
  await ram.pass(60);
  const { resourceShareInvitations } = await ram.asConsumer('GetResourceShareInvitations', {});
  const { resourceShareInvitationArn } = resourceShareInvitations!.at(-1)!;
  await ram.asConsumer(operation, { resourceShareInvitationArn });
}

describe('a creation', () => {
  test('waits for the invitation, accepts it, and answers what is shared', async () => {
    const arn = await ram.share();
    const answer = await create({ ResourceShareArn: arn });
    expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: arn });
    expect(answer.Data).toEqual({
      ResourceShareArn: arn,
      ResourceShareName: 'pipelines',
      OwningAccountId: owner,
      ResourceArns: pipeline,
    });
    expect(ram.mutations).toEqual(['AcceptResourceShareInvitation']);
    expect(await ram.memberships()).toEqual([arn]);
  });

  test('finds the share by its owner and its name, among others', async () => {
    await ram.share('other');
    const arn = await ram.share();
    expect(await create(byName)).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: arn });
    expect(await ram.memberships()).toEqual([arn]);
  });

  test('of a share that was accepted before succeeds, and accepts nothing', async () => {
    const arn = await ram.share();
    await answered('AcceptResourceShareInvitation');
    expect(await create(byName)).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: arn });
    expect(ram.mutations).toEqual([]);
  });

  test('of a share within the organization succeeds without an invitation', async () => {
    await ram.asOwner('EnableSharingWithAwsOrganization', {});
    const arn = await ram.share();
    expect(await create({ ResourceShareArn: arn })).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: arn });
    expect(ram.mutations).toEqual([]);
  });

  test('that is delivered twice accepts once', async () => {
    const arn = await ram.accepted();
    expect(await create({ ResourceShareArn: arn })).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: arn });
    expect(ram.mutations).toEqual(['AcceptResourceShareInvitation']);
  });

  test('accepts the newest of several invitations', async () => {
    const arn = await ram.share();
    await ram.pass(13 * 3600);
    await ram.asOwner('AssociateResourceShare', { resourceShareArn: arn, principals: [consumer] });
    await ram.pass(60);
    expect(await create({ ResourceShareArn: arn })).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: arn });
  });

  test('fails when the invitation was rejected, and says what its owner has to do', async () => {
    const arn = await ram.share();
    await answered('RejectResourceShareInvitation');
    const { Status, Reason, PhysicalResourceId } = await create({ ResourceShareArn: arn });
    expect({ Status, Reason }).toEqual({
      Status: 'FAILED',
      Reason: `Accepting ${arn}: the invitation was rejected. Have its owner share it again: remove account ${consumer} from the share and add it again`,
    });
    expect(await remove(PhysicalResourceId, { ResourceShareArn: arn, LeaveOnDelete: 'true' })).toMatchObject({
      Status: 'SUCCESS',
    });
    expect(ram.mutations).toEqual([]);
  });

  test('fails when the invitation has expired, and says how long one lasts', async () => {
    await ram.share();
    await ram.pass(13 * 3600);
    const { Status, Reason } = await create(byName);
    expect(Status).toBe('FAILED');
    expect(Reason).toContain(`Accepting the resource share pipelines of account ${owner}: the invitation has expired`);
    expect(Reason).toContain('12 hours after it was sent. Have its owner share it again');
  });

  test('without an invitation ends at the timeout, and says what it has waited for', async () => {
    const { Status, Reason } = await create({ ...byName, ServiceTimeout: '30' });
    expect(Status).toBe('FAILED');
    expect(Reason).toContain(
      `still waiting for: Accepting the resource share pipelines of account ${owner}: there is no invitation for account ${consumer} in eu-west-1`,
    );
  });

  test('fails where the name is that of several shares, and asks for the ARN', async () => {
    const arns = [await ram.share(), await ram.share()];
    await ram.pass(60);
    const { Status, Reason } = await create(byName);
    expect(Status).toBe('FAILED');
    for (const text of [...arns, 'Give ResourceShareArn instead']) expect(Reason).toContain(text);
    expect(ram.mutations).toEqual([]);
  });

  test('waits for the resources of a share that it has just accepted, which RAM lists later', async () => {
    await ram.share();
    await ram.pass(60);
    ram.answer('ListResources', { resources: [] }, { resources: [{ arn: pipeline, status: 'AVAILABLE' }] });
    expect(await create(byName)).toMatchObject({ Status: 'SUCCESS', Data: { ResourceArns: pipeline } });
  });

  test('tolerates a lost answer, and an invitation that is replaced', async () => {
    const arn = await ram.share();
    const lost = Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
    ram.answer(
      'AcceptResourceShareInvitation',
      lost,
      awsError('ResourceShareInvitationArnNotFoundException', 'could not be found'),
    );
    expect(await create({ ResourceShareArn: arn })).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: arn });
    expect(ram.mutations).toHaveLength(3);
  });

  test('treats an invitation that another caller accepts at the same moment as accepted', async () => {
    const arn = await ram.share();
    await answered('AcceptResourceShareInvitation');
    const { resourceShareInvitations: shown } = await ram.asConsumer('GetResourceShareInvitations', {});
    ram.answer('GetResourceShares', {}, {});
    ram.answer('GetResourceShareInvitations', {
      resourceShareInvitations: shown!.map((one) => ({ ...one, status: 'PENDING' })),
    });
    expect(await create({ ResourceShareArn: arn })).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: arn });
  });

  test('fails with RAM’s reason when an invitation expires just before it is accepted', async () => {
    const arn = await ram.share();
    const expired = awsError('ResourceShareInvitationExpiredException', 'The invitation has expired.');
    ram.answer('AcceptResourceShareInvitation', expired);
    const { Status, Reason } = await create({ ResourceShareArn: arn });
    expect(Status).toBe('FAILED');
    expect(Reason).toContain(
      'its owner has to share it again: ResourceShareInvitationExpiredException: The invitation',
    );
  });

  test('reads the next page after an empty one, and treats an unknown share as no share', async () => {
    const arn = await ram.share();
    await ram.pass(60);
    const { resourceShareInvitations } = await ram.asConsumer('GetResourceShareInvitations', {});
    const unknown = awsError('UnknownResourceException', 'could not be found');
    ram.answer('GetResourceShares', unknown, unknown);
    const pages = [{ resourceShareInvitations: [], nextToken: 'next' }, { resourceShareInvitations }];
    ram.answer('GetResourceShareInvitations', ...pages);
    expect(await create({ ResourceShareArn: arn })).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: arn });
  });

  test('leaves out a list of resources that is too long for a response', async () => {
    const arn = await ram.share();
    const resources = Array.from({ length: 100 }, (_, number) => ({
      arn: `${pipeline}-${number}`,
      status: 'AVAILABLE',
    }));
    ram.answer('ListResources', { resources });
    expect(await create({ ResourceShareArn: arn })).toMatchObject({ Status: 'SUCCESS', Data: { ResourceArns: '' } });
  });

  test('waits for resources that are still PENDING', async () => {
    const arn = await ram.share();
    ram.answer('ListResources', { resources: [{ arn: pipeline, status: 'PENDING' }] });
    expect(await create({ ResourceShareArn: arn })).toMatchObject({ Data: { ResourceArns: pipeline } });
  });

  test('fails with the reason of a share that has failed', async () => {
    const arn = await ram.share();
    await answered('AcceptResourceShareInvitation');
    const failed = { resourceShares: [{ resourceShareArn: arn, status: 'FAILED', statusMessage: 'No capacity' }] };
    ram.answer('GetResourceShares', failed, failed, failed);
    expect(await create({ ResourceShareArn: arn })).toMatchObject({
      Status: 'FAILED',
      Reason: `Creating ${arn}: ${arn} is FAILED: No capacity`,
    });
  });
});

describe('an update', () => {
  test('that changes only what a deletion does makes no call that changes anything', async () => {
    const arn = await ram.accepted();
    const answer = await update(arn, { ResourceShareArn: arn, LeaveOnDelete: 'true' }, { ResourceShareArn: arn });
    expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: arn, Data: { ResourceArns: pipeline } });
    expect(ram.mutations).toEqual(['AcceptResourceShareInvitation']);
  });

  test('that names the same share by other properties keeps it', async () => {
    const arn = await ram.accepted();
    const old = { ...byName, LeaveOnDelete: 'true' };
    const answer = await update(arn, { ResourceShareArn: arn, LeaveOnDelete: 'true' }, old);
    expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: arn });
    expect(await ram.memberships()).toEqual([arn]);
  });

  test('that names another share accepts it, and leaves the first to the Delete that follows', async () => {
    const first = await ram.accepted();
    const second = await ram.share('second');
    const answer = await update(first, { ResourceShareArn: second }, { ResourceShareArn: first });
    expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: second });
    await ram.pass(60);
    expect((await ram.memberships()).sort()).toEqual([first, second].sort());
    await remove(first, { ResourceShareArn: first, LeaveOnDelete: 'true' });
    expect(await ram.memberships()).toEqual([second]);
  });

  test('of a share that its owner has deleted fails, and says so', async () => {
    const arn = await ram.accepted();
    await ram.asOwner('DeleteResourceShare', { resourceShareArn: arn });
    await ram.pass(60);
    const answer = await update(arn, { ResourceShareArn: arn, LeaveOnDelete: 'true' }, { ResourceShareArn: arn });
    expect(answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: arn });
    expect(answer.Reason).toContain('it no longer exists');
  });
});

const arn = `arn:aws:ram:eu-west-1:${owner}:resource-share/1`;

test.each([
  [{}, 'ResourceShareArn: required, but missing; or give OwningAccountId and ResourceShareName instead'],
  [
    { ResourceShareName: 'x' },
    'OwningAccountId: required with ResourceShareName, but missing; or give ResourceShareArn',
  ],
  [
    { OwningAccountId: owner },
    'ResourceShareName: required with OwningAccountId, but missing; or give ResourceShareArn',
  ],
  [{ ...byName, ResourceShareArn: arn }, 'OwningAccountId: means the same as ResourceShareArn, which is given too'],
  [{ ResourceShareName: 'x', ResourceShareArn: arn }, 'ResourceShareName: means the same as ResourceShareArn'],
  [{ ResourceShareArn: 'rs-1' }, 'ResourceShareArn: expected the ARN of a resource share, such as arn:aws:ram:'],
  [{ ...byName, OwningAccountId: '4444' }, 'OwningAccountId: expected the 12 digits of an account, got "4444"'],
  [{ ...byName, ResourceShareName: '' }, 'ResourceShareName: expected the name of a resource share, got ""'],
  [{ ...byName, LeaveOnDelete: 'maybe' }, 'LeaveOnDelete: expected true or false, got "maybe"'],
  [{ ShareArn: arn }, 'ShareArn: unknown property; did you mean ResourceShareArn?'],
  [
    { ResourceShareArn: arn.replace('eu-west-1', 'us-east-1') },
    'it is a share of us-east-1, and this stack is in eu-west-1. Shares are accepted in their own Region',
  ],
  [{ ResourceShareArn: arn.replace(owner, consumer) }, 'ResourceShareArn names a share of this account itself'],
  [{ ...byName, OwningAccountId: consumer }, 'OwningAccountId names a share of this account itself'],
])('%j is refused, and its Delete succeeds', async (properties, reason) => {
  const answer = await create(properties);
  expect(answer).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining(reason) });
  expect(await remove(answer.PhysicalResourceId, properties)).toMatchObject({ Status: 'SUCCESS' });
  expect(ram.mutations).toEqual([]);
});
