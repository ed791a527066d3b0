import type * as EventBridge from '@aws-sdk/client-eventbridge';
import { AwsError } from '../../errors.ts';
import type { Call, Definition } from '../../service.ts';

export type Operations = Definition<typeof EventBridge>['operations'];

export interface RuleRecord {
  shown: EventBridge.Rule & { Name: string; Arn: string };
  targets: (EventBridge.Target & { Id: string; Arn: string })[];
  tags: Record<string, string>;
}

/** An event as rules see it, and as targets get it. */
export interface BusEvent extends Record<string, unknown> {
  id: string;
  account: string;
  region: string;
  /** ISO 8601. */
  time: string;
}

export const rulesOf = (call: Pick<Call, 'table'>) => call.table<RuleRecord>('rules');

/** The bus that AWS's own events are on; there is no other here. */
export function checkBus(name = 'default'): void {
  if (name === 'default' || name.endsWith(':event-bus/default')) return;
  throw new AwsError('ResourceNotFoundException', `Event bus ${name} does not exist.`);
}

export function getRule(name: string | undefined, bus: string | undefined, call: Call): RuleRecord {
  checkBus(bus);
  const found = rulesOf(call).get(name ?? '');
  if (found) return found;
  throw new AwsError('ResourceNotFoundException', `Rule ${name} does not exist on EventBus default.`);
}
