import type { PrincipalRecord } from '../../../packages/local/src/services/service-catalog/records.ts';
import type { StoredParameter } from '../../../packages/local/src/services/ssm/state.ts';
import type { Finding, Scene } from '../invariants.ts';
import { stacksIn } from '../play.ts';
import { account, region, type World } from '../world.ts';

const root = '/studio-resources/projects/';

/** The ids of the resources that have a register of what they have associated. */
export function registersIn(world: World): string[] {
  return parametersIn(world)
    .map(({ name }) => name.slice(root.length))
    .filter((name) => !name.includes('/'));
}

/** Who may use SageMaker Projects may do so because a stack says it, and nobody else may. */
export function projects({ world }: Scene): Finding[] {
  const claimed = new Set(
    parametersIn(world)
      .filter(({ name }) => name.slice(root.length).includes('/'))
      .map(({ versions }) => versions.at(-1)!.value),
  );
  const principals = world.store.table<PrincipalRecord>('service-catalog', { account, region }, 'principals');
  const associated = new Set([...principals.values()].map(({ arn }) => arn));
  const isHeld = stacksIn(world).every(({ resources }) =>
    Object.values(resources)
      .filter(({ type }) => type === 'Custom::StudioProjects')
      .every(({ status }) => /^(CREATE|UPDATE|DELETE)_COMPLETE$/.test(status)),
  );
  const strangers = [...associated].filter((arn) => !claimed.has(arn));
  const strays = [...claimed].filter((arn) => !associated.has(arn));
  return [
    ...strangers.map((arn) => ({ rule: 'a role may use Projects that no stack has associated', detail: arn })),
    // One that failed half-way may have claimed a role and gone no further.
    ...(isHeld ? strays : []).map((arn) => ({ rule: 'a role was associated, and may not use Projects', detail: arn })),
  ];
}

function parametersIn({ store }: World): StoredParameter[] {
  const all = store.table<StoredParameter>('ssm', { account, region }, 'parameters');
  return [...all.values()].filter(({ name }) => name.startsWith(root));
}
