import { rolesOf } from '../../../packages/local/src/iam/records.ts';
import type { PrincipalRecord } from '../../../packages/local/src/services/service-catalog/records.ts';
import { stacksIn } from '../play.ts';
import { claimsIn } from '../registers.ts';
import type { Finding, Scene } from '../scene.ts';
import { account, region } from '../world.ts';

/** Only roles in a stack may use SageMaker Projects; no service role is left. */
export function projects(scene: Scene): Finding[] {
  const { world } = scene;
  const claimed = new Set(claimsIn(world));
  const principals = world.store.table<PrincipalRecord>('service-catalog', { account, region }, 'principals');
  const associated = new Set([...principals.values()].map(({ arn }) => arn));
  const isDone = stacksIn(world).every(({ resources }) =>
    Object.values(resources)
      .filter(({ type }) => type === 'Custom::StudioProjects')
      .every(({ status }) => /^(CREATE|UPDATE|DELETE)_COMPLETE$/.test(status)),
  );
  const strangers = [...associated].filter((arn) => !claimed.has(arn));
  const strays = [...claimed].filter((arn) => !associated.has(arn));
  return [
    ...strangers.map((arn) => ({ rule: 'a role may use Projects that no stack has associated', detail: arn })),
    // One that failed half-way may have claimed a role and gone no further.
    ...(isDone ? strays : []).map((arn) => ({ rule: 'a role was associated, and may not use Projects', detail: arn })),
    ...strayRoles(scene).map((name) => ({ rule: 'a service role of Projects is left', detail: name })),
  ];
}

/** The service roles whose creator is gone, and that no template retains. */
function strayRoles({ world, seen }: Scene): string[] {
  const made = [...rolesOf(world.store, account).values()].filter(({ path }) => path === '/service-role/');
  return made
    .filter(({ tags }) => {
      const tagOf = (key: string) => tags.find(({ Key }) => Key === `studio-resources:${key}`)?.Value ?? '';
      const [stackId, logicalId] = [tagOf('stack-id'), tagOf('logical-id')];
      const holder = stacksIn(world).find(({ id }) => id === stackId)?.resources[logicalId];
      const isKept = seen.requests.some(
        ({
          RequestType,
          PhysicalResourceId: id,
          StackId,
          LogicalResourceId,
          ResourceProperties: { DeleteServiceRoles },
        }) =>
          RequestType === 'Delete' &&
          id?.startsWith('studio-projects-') &&
          StackId === stackId &&
          LogicalResourceId === logicalId &&
          DeleteServiceRoles !== 'true',
      );
      return !isKept && (!holder || holder.status === 'DELETE_COMPLETE');
    })
    .map(({ name }) => name);
}
