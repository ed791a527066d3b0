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
  const { region, cloud } = call;
  const table: Call['table'] = (name, of) =>
    cloud.store.table('ram', scopeOf({}, { account: call.account, region, ...of }), name);
  const inForce = ({ associations, status }: ShareRecord) =>
    status === 'ACTIVE' && associations.some((one) => one.entity === arn && one.status === 'ASSOCIATED');
  const all = [...shares({ ...call, table }).values()].filter((one) => inForce(one) && isVisibleTo(one, call.account));
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
