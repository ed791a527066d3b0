import type { PolicyDocument } from '../../iam/policy.ts';
import { type Call, scopeOf } from '../../service.ts';
import { actionsOf } from './permissions.ts';
import { isVisibleTo, type ShareRecord, shares } from './records.ts';

/**
 * The policy that RAM puts on a resource for the shares that it is in, as far as it is about the caller's account: each
 * share that the account is in allows it what its permission says, on the resource and on what is in it, which has
 * ARNs that begin with `arn/`.
 */
export function policyOfShared(arn: string, call: Call): PolicyDocument {
  const all = sharesInForce(call).filter((one) => entitiesOf(one).includes(arn));
  return {
    Version: '2012-10-17',
    Statement: all.map(({ permissionArns }) => ({
      Effect: 'Allow',
      Principal: { AWS: call.account },
      Action: actionsOf(permissionArns, arn, call),
      Resource: [arn, `${arn}/*`],
    })),
  };
}

/** The ARNs of what other accounts share with the caller's by a permission to search for it. */
export function sharedForSearch(call: Call): string[] {
  const searched = sharesInForce(call).flatMap((share) =>
    entitiesOf(share).filter((arn) => {
      return arn.includes(':sagemaker:') && actionsOf(share.permissionArns, arn, call).includes('sagemaker:Search');
    }),
  );
  return [...new Set(searched)];
}

/** The shares that the caller's account is in. */
function sharesInForce(call: Call): ShareRecord[] {
  const { account, cloud, region } = call;
  const table: Call['table'] = (name, of) => cloud.store.table('ram', scopeOf({}, { account, region, ...of }), name);
  const all = [...shares({ ...call, table }).values()];
  return all.filter((one) => one.status === 'ACTIVE' && isVisibleTo(one, account));
}

function entitiesOf({ associations }: ShareRecord): string[] {
  return associations.filter(({ status }) => status === 'ASSOCIATED').map(({ entity }) => entity);
}
