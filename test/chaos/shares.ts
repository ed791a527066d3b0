import { ram } from '../../packages/local/src/services/ram/index.ts';
import { membershipOf, type ShareRecord } from '../../packages/local/src/services/ram/records.ts';
import { account, callerOf, region, type World } from './world.ts';

/** The account that shares something with the stacks'. */
export const owner = '444455556666';

/** A resource share of another account. */
export interface Share {
  arn: string;
  name: string;
  owner: string;
}

/** Creates a few shares without members for each stack. */
export async function makeShares(world: World): Promise<Share[][]> {
  const asOwner = callerOf(world.cloud, owner);
  const make = async (name: string): Promise<Share> => {
    const resourceArns = [`arn:aws:sagemaker:${region}:${owner}:pipeline/${name}`];
    const { resourceShare } = await asOwner(ram, 'CreateResourceShare', { name, resourceArns });
    return { arn: resourceShare!.resourceShareArn!, name, owner };
  };
  return Promise.all([0, 1].map((stack) => Promise.all([0, 1].map((number) => make(`share-${stack}-${number}`)))));
}

/** The owner adds the stacks' account to the share, unless it is in there or invited. */
export async function invite({ cloud }: World, { arn }: Share): Promise<void> {
  await callerOf(cloud, owner)(ram, 'AssociateResourceShare', { resourceShareArn: arn, principals: [account] });
}

/** The shares that the stacks' account is in. */
export function sharesIn({ store }: Pick<World, 'store'>): Share[] {
  const all = store.table<ShareRecord>('ram', { account: 'every', region }, 'shares');
  return [...all.values()].filter((share) => membershipOf(share, account)?.status === 'ASSOCIATED');
}
