import type { ResourceStatus, StackEvent, StackStatus } from '@aws-sdk/client-cloudformation';
import { eventsOf } from '../../packages/local/src/cloudformation/events.ts';
import { type Home, type StackRecord, stacksOf } from '../../packages/local/src/cloudformation/stack.ts';
import { accountPrincipal } from '../../packages/local/src/principal.ts';

/** What CloudFormation shows of a stack. */
export interface ShownStack {
  stackId: string;
  status?: StackStatus;
  /** The logical ids that its template has. */
  template?: readonly string[];
  /** The statuses of its resources by their logical ids; if left out, those of the template are created. */
  resources?: Record<string, ResourceStatus>;
}

/** Makes CloudFormation show a stack, without calls of its functions, and an event that it has this status now. */
export function showStack(home: Home, { stackId, status = 'UPDATE_COMPLETE', template = [], resources }: ShownStack) {
  const now = home.cloud.clock.now();
  const statuses = resources ?? Object.fromEntries(template.map((name) => [name, 'CREATE_COMPLETE' as const]));
  const record: StackRecord = {
    id: stackId,
    name: stackId.split('/')[1]!,
    status,
    stable: true,
    created: now,
    deleted: status === 'DELETE_COMPLETE' ? now : undefined,
    definition: {
      templateBody: JSON.stringify({ Resources: Object.fromEntries(template.map((name) => [name, {}])) }),
      parameters: {},
      capabilities: [],
      tags: [],
      notificationArns: [],
    },
    resolvedParameters: {},
    noEcho: [],
    principal: accountPrincipal(home.account),
    onFailure: 'ROLLBACK',
    terminationProtection: false,
    resources: Object.fromEntries(
      Object.entries(statuses).map(([logicalId, each]) => [
        logicalId,
        {
          logicalId,
          type: 'Custom::Thing',
          physicalId: logicalId,
          status: each,
          updated: now,
          ...{ properties: {}, shownProperties: {}, attributes: {}, dependencies: [] },
        },
      ]),
    ),
    ...{ outputs: [], imports: [], cleanup: [] },
  };
  stacksOf(home).set(stackId, record);
  const event: StackEvent = {
    ...{ StackId: stackId, StackName: record.name, EventId: `${stackId}-${status}`, Timestamp: new Date(now) },
    ...{ LogicalResourceId: record.name, PhysicalResourceId: stackId, ResourceStatus: status as ResourceStatus },
  };
  eventsOf(home).set(stackId, [...(eventsOf(home).get(stackId) ?? []), event]);
}
