import type { Stack } from '@aws-sdk/client-cloudformation';
import type { Clients } from './clients.ts';
import { actAsPeople } from './people.ts';
import { deleteStack, updateStack } from './stack.ts';
import type { View } from './view.ts';

/** A security group that does not exist: the domain's update with it fails, and has to roll back. */
const noSuchSecurityGroup = 'sg-00000000000000000';

/**
 * The rest of a stack's life: people work in the domain, the stack changes in place, a change fails and rolls back with
 * the service's own reason, and everything is deleted. Returns whether each step had the expected result.
 */
export async function playOnce(
  { cloudformation, sagemaker }: Clients,
  view: View,
  { provider, studio }: { provider: Stack; studio: Stack },
): Promise<boolean> {
  const output = (key: string) => studio.Outputs?.find(({ OutputKey }) => OutputKey === key)?.OutputValue ?? '';
  const DomainId = output('DomainId');

  view.say('People work in the domain …');
  const made = await actAsPeople(sagemaker, { DomainId, UserProfileName: output('UserProfileName') });
  view.say(`Created meanwhile, outside the stack: ${made.join(', ')}\n`);

  const changed = await updateStack(cloudformation, view, {
    stack: studio,
    title: 'Changing default settings, a tag, the subnets, and what a deletion may delete',
    parameters: {
      IdleTimeoutInMinutes: '120',
      CostCenter: 'research',
      SubnetCount: '3',
      DeleteContents: 'All',
    },
  });
  const inPlace = changed.stack.Outputs?.find(({ OutputKey }) => OutputKey === 'DomainId')?.OutputValue === DomainId;
  view.say(inPlace ? `Still the same domain: ${DomainId}\n` : `The domain was replaced: ${DomainId} is gone\n`);

  const refused = await updateStack(cloudformation, view, {
    stack: changed.stack,
    title: 'Making a change that SageMaker refuses',
    parameters: { SecurityGroupIds: noSuchSecurityGroup },
  });
  const reason = refused.failures[0]?.ResourceStatusReason ?? '';
  const rolledBack = refused.stack.StackStatus === 'UPDATE_ROLLBACK_COMPLETE' && reason.includes(noSuchSecurityGroup);
  view.say(rolledBack ? `Rolled back: ${reason}\n` : `Expected a rollback, not ${refused.stack.StackStatus}\n`);

  const deleted = await deleteStack(cloudformation, view, refused.stack);
  const uninstalled = await deleteStack(cloudformation, view, provider);
  return changed.succeeded && inPlace && rolledBack && deleted.succeeded && uninstalled.succeeded;
}
