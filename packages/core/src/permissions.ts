import type { Permission } from './resource.ts';

/**
 * What the runtime itself calls, beside the resources: the waiter, where there is one, and CloudFormation, about the
 * stack of a request. A role that lacks them only waits by itself, and cleans up less.
 */
export const runtimePermissions: readonly Permission[] = [
  { action: 'states:StartExecution', resource: 'arn:*:states:*:*:stateMachine:*' },
  { action: 'cloudformation:DescribeStackResource', resource: 'arn:*:cloudformation:*:*:stack/*' },
  { action: 'cloudformation:DescribeStackEvents', resource: 'arn:*:cloudformation:*:*:stack/*' },
  { action: 'cloudformation:DescribeStacks', resource: 'arn:*:cloudformation:*:*:stack/*' },
];
