import { createHash } from 'node:crypto';
import { requestId } from '../request-id.ts';
import type { Store } from '../store.ts';
import { type Home, partitionOf } from './stack.ts';

const CAPITALS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

/** The ARN of a new stack, its `StackId`. */
export function stackArn({ cloud, account, region }: Home, name: string): string {
  return `arn:${partitionOf(region)}:cloudformation:${region}:${account}:stack/${name}/${requestId(cloud.store)}`;
}

export function changeSetArn({ cloud, account, region }: Home, name: string): string {
  return `arn:${partitionOf(region)}:cloudformation:${region}:${account}:changeSet/${name}/${requestId(cloud.store)}`;
}

/** `length` (at most 32) capitals and digits that look random. */
export function suffix(store: Store, length = 12): string {
  const digest = createHash('sha256').update(`cloudformation ${store.next()}`).digest();
  return Array.from(digest.subarray(0, length), (byte) => CAPITALS[byte % 36]).join('');
}

/**
 * The name that CloudFormation gives to what has none: `stack-LogicalId-1A2B3C4D5E6F`. To fit into `most` characters,
 * the stack's name and the logical id are cut.
 */
export function inventedName(store: Store, stackName: string, logicalId: string, most = 255): string {
  const end = suffix(store);
  const room = most - end.length - 2;
  const forLogicalId = Math.min(logicalId.length, Math.max(Math.floor(room / 2), room - stackName.length));
  return `${stackName.slice(0, room - forLogicalId)}-${logicalId.slice(0, forLogicalId)}-${end}`;
}
