import type { Scene } from '../invariants.ts';
import { deliveredIn } from '../seeds.ts';
import { type Share, sharesIn } from '../shares.ts';
import type { Existing } from './ownership.ts';
import { registersIn } from './projects.ts';

/** What stacks have that is none of SageMaker's things, by its physical id. */
export function besidesIn(scene: Scene): Existing[] {
  const shares = sharesIn(scene.world).map((share) => ({ id: share.arn, mayStay: !isToBeLeft(share, scene) }));
  const all = [...registersIn(scene.world), ...deliveredIn(scene.world), ...shares];
  return all.map((one) => ({ ...one, arn: one.id, status: 'InService' }));
}

/** Was it last said of a share that whoever no longer needs it leaves it? */
function isToBeLeft({ arn, name }: Share, { seen }: Scene): boolean {
  const last = seen.requests.findLast(
    ({ ResourceProperties: { ResourceShareArn, ResourceShareName } }) =>
      ResourceShareArn === arn || ResourceShareName === name,
  );
  return last?.ResourceProperties.LeaveOnDelete === 'true';
}
