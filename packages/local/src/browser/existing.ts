import { stacksOf } from '../cloudformation/stack.ts';
import type { Cloud } from '../service.ts';
import type { FunctionRecord } from '../services/lambda/records.ts';
import type { Bucket } from '../services/s3/state.ts';
import type { Kept } from '../services/sagemaker/records.ts';

/** One thing that exists, with its status where its kind has one. */
export interface Thing {
  name: string;
  status?: string;
}

/** What exists in an account and a Region, by kind; no kind is empty. */
export interface Place {
  account: string;
  region: string;
  kinds: { kind: string; things: Thing[] }[];
}

/**
 * What exists in a cloud, as its tables have it: reading it is no call, so that no record and no trail has it.
 */
export function existingIn(cloud: Cloud): Place[] {
  const { store } = cloud;
  const places = new Map<string, { account: string; region: string }>();
  for (const { account, region } of store.tables()) {
    if (region !== 'global' && /^\d{12}$/.test(account)) places.set(`${account}/${region}`, { account, region });
  }
  const buckets = [...store.table<Bucket>('s3', { account: 'global', region: 'global' }, 'buckets').values()];
  for (const { account, region } of buckets) places.set(`${account}/${region}`, { account, region });

  return [...places.values()]
    .map((place) => {
      const studio = (kind: string) => [...store.table<Kept>('sagemaker', place, kind).values()].map(studioThing);
      const named = (service: string, table: string) =>
        [...store.table<{ name: string }>(service, place, table).values()].map(({ name }) => ({ name }));
      const kinds = {
        Stacks: [...stacksOf({ cloud, ...place }).values()]
          .filter(({ status }) => status !== 'DELETE_COMPLETE')
          .map(({ name, status }) => ({ name, status })),
        Domains: studio('domain'),
        'User profiles': studio('user-profile'),
        Spaces: studio('space'),
        // A deleted app stays listed for a day.
        Apps: studio('app').filter(({ status }) => status !== 'Deleted'),
        Functions: [...store.table<FunctionRecord>('lambda', place, 'functions').values()].map(({ name, latest }) => ({
          name,
          status: latest.State,
        })),
        'State machines': named('sfn', 'state machines'),
        Buckets: buckets
          .filter(({ account, region }) => account === place.account && region === place.region)
          .map(({ name }) => ({ name })),
        'Log groups': named('cloudwatch-logs', 'groups'),
      };
      const full = Object.entries(kinds).filter(([, things]) => things.length > 0);
      return { ...place, kinds: full.map(([kind, things]) => ({ kind, things })) };
    })
    .filter(({ kinds }) => kinds.length > 0);
}

/** The name is the end of the ARN: `d-abc/grace` of `…:user-profile/d-abc/grace`. */
function studioThing({ arn, shown }: Kept): Thing {
  return { name: arn.slice(arn.indexOf('/') + 1), status: shown.Status };
}
