import { AwsError } from '../../errors.ts';
import type { Call } from '../../service.ts';
import * as tags from '../tag-operations.ts';
import { type Operations, type StateMachineRecord, stateMachines } from './records.ts';

const maxTags = 50;

export const tagOperations: Operations = tags.tagOperations(getTagged, (all, { arn }) => {
  if (Object.keys(all).length <= maxTags) return;
  const message = `A state machine can have at most ${maxTags} tags.`;
  throw new AwsError('TooManyTags', message, { members: { resourceName: arn } });
});

function getTagged(arn = '', call: Call): StateMachineRecord {
  const record = stateMachines(call).get(arn);
  if (record) return record;
  throw new AwsError('ResourceNotFound', `Resource not found: '${arn}'`, { members: { resourceName: arn } });
}
