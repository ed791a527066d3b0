import {
  DescribeStackResourceCommand,
  DescribeStacksCommand,
  type ResourceStatus,
  type StackStatus,
} from '@aws-sdk/client-cloudformation';
import { serve } from '@studio-resources/core';
import type { Answer } from '../bucket.ts';
import { bucketAndLog } from '../bucket-and-log.ts';
import { event, lambda, stackId } from '../event.ts';
import { type Thing, thing } from '../thing.ts';
import { cloudFormationMock, refusal } from './cloudformation-mock.ts';

/** A stack as CloudFormation describes it to a handler that checks it, and that handler. */
export function checkedStack() {
  const { bucket, lines } = bucketAndLog();
  const cloudformation = cloudFormationMock();

  /** The status of the resource at one description after another; the last status stays. */
  function shown(...statuses: (ResourceStatus | 'gone')[]): void {
    shownAs('invented', ...statuses);
  }

  /** The same, of a resource with this physical id. */
  function shownAs(PhysicalResourceId: string, ...statuses: (ResourceStatus | 'gone')[]): void {
    cloudformation.on(DescribeStackResourceCommand).callsFake(({ LogicalResourceId }) => {
      const status = statuses.length > 1 ? statuses.shift() : statuses[0];
      if (status === 'gone') throw refusal('ValidationError', `Stack '${stackId}' does not exist`);
      return { StackResourceDetail: { LogicalResourceId, ResourceStatus: status, PhysicalResourceId } };
    });
  }

  /** The status of the stack itself. */
  function stackIs(StackStatus: StackStatus): void {
    const stack = { StackName: 'studio', CreationTime: undefined, StackStatus };
    cloudformation.on(DescribeStacksCommand).resolves({ Stacks: [stack] });
  }

  /** A thing, and `send`, which gives its answer to a request. */
  function checkingThing(own: Parameters<typeof thing>[0] = {}): Thing & { send(fields?: object): Promise<Answer> } {
    const one = thing(own);
    const handler = serve(one.resource, { checksStack: true });
    return {
      ...one,
      async send(fields = {}) {
        await handler(event({ ResponseURL: bucket.url, ...fields }), lambda());
        return bucket.answer();
      },
    };
  }

  return { bucket, lines, cloudformation, shown, shownAs, stackIs, checkingThing };
}
