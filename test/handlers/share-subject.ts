import type * as RAM from '@aws-sdk/client-ram';
import type { Subject } from '../subject.ts';
import { account, region } from './built-function.ts';
import type { ServiceWorld } from './service-world.ts';

const owner = '444455556666';

/** The parts of the contract that do not apply: RAM does not tell who accepted a share. */
export const shareLacks = ['taken names', 'collisions', 'failures', 'statuses', 'tags', 'changes'] as const;

/** The acceptance of a resource share, to be held against the contract. */
export async function shareSubject(own: ServiceWorld<typeof RAM>): Promise<Subject> {
  const [asOwner, asConsumer] = [own.as(owner), own.as()];
  const memberships = async () => {
    const { resourceShares = [] } = await asConsumer('GetResourceShares', { resourceOwner: 'OTHER-ACCOUNTS' });
    return resourceShares;
  };
  const share = async (name: string) => {
    const resourceArns = [`arn:aws:sagemaker:${region}:${owner}:pipeline/${name}`];
    const { resourceShare } = await asOwner('CreateResourceShare', { name, resourceArns, principals: [account] });
    return resourceShare!.resourceShareArn!;
  };
  const [first, second] = [await share('first'), await share('second')];
  const properties = { ResourceShareArn: first, LeaveOnDelete: 'true' };
  const nothing = async () => {
    throw new Error('Tampering with a resource share: it has nothing of the kind');
  };

  return {
    world: {
      send: own.send,
      existing: async () => (await memberships()).map(({ resourceShareArn }) => resourceShareArn!),
      async look(id) {
        const found = (await memberships()).find(({ resourceShareArn }) => resourceShareArn === id);
        if (!found) throw new Error(`Looking at ${id}: the account is not in it`);
        return { ...found };
      },
      mutations: async () => own.mutations(),
      refuseNext: async (_, code, message) => own.refuse('AcceptResourceShareInvitation', code, message),
      failNext: nothing,
      setStatus: nothing,
      async deleteBehindItsBack(id) {
        await asOwner('DeleteResourceShare', { resourceShareArn: id });
        const isGone = async () => (await memberships()).every(({ resourceShareArn }) => resourceShareArn !== id);
        await own.until(isGone, `share ${id} to be gone`);
      },
      disown: nothing,
      close: own.close,
    },
    id: /^arn:aws:ram:[a-z0-9-]+:444455556666:resource-share\/[\w-]+$/,
    attributes: ['ResourceShareArn', 'ResourceShareName', 'OwningAccountId', 'ResourceArns'],
    properties,
    shown: { name: 'first', owningAccountId: owner },
    changed: { ...properties, LeaveOnDelete: 'false' },
    changedShown: { name: 'first' },
    replacing: { ...properties, ResourceShareArn: second },
    strings: [{ OwningAccountId: owner, ResourceShareName: 'second', LeaveOnDelete: 'True' }, { name: 'second' }],
    wrong: [
      [{ ...properties, ShareArn: first }, 'ShareArn: unknown property; did you mean ResourceShareArn?'],
      [{ ...properties, LeaveOnDelete: 'perhaps' }, 'LeaveOnDelete: expected true or false, got "perhaps"'],
      [{ ResourceShareArn: 'first' }, 'ResourceShareArn: expected the ARN of a resource share'],
      [{ OwningAccountId: owner }, 'ResourceShareName: required with OwningAccountId, but missing'],
    ],
  };
}
