import type { Tag } from '@aws-sdk/client-sagemaker';
import type { StoredParameter } from '../../packages/local/src/services/ssm/state.ts';
import { account, region, type World } from './world.ts';

const root = '/studio-resources/projects/';

/** The registers that there are of what a resource has associated, by its id; without its own parameter, too. */
export function registersIn(world: Pick<World, 'store'>): { id: string; tags: Tag[] }[] {
  const all = parametersIn(world).map(({ name, tags }) => ({
    id: name.slice(root.length).split('/')[0]!,
    tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
  }));
  return [...new Map(all.map((one) => [one.id, one])).values()];
}

/** The roles that resources have noted as associated by them. */
export function claimsIn(world: Pick<World, 'store'>): string[] {
  return parametersIn(world)
    .filter(({ name }) => name.slice(root.length).includes('/'))
    .map(({ versions }) => versions.at(-1)!.value);
}

function parametersIn({ store }: Pick<World, 'store'>): StoredParameter[] {
  const all = store.table<StoredParameter>('ssm', { account, region }, 'parameters');
  return [...all.values()].filter(({ name }) => name.startsWith(root));
}
