import type * as IAM from '@aws-sdk/client-iam';
import { type AccessKey, accessKeys, issueAccessKey } from '../../iam/credentials.ts';
import type { UserRecord } from '../../iam/records.ts';
import type { Call, Definition } from '../../service.ts';
import { limitExceeded, noSuchEntity } from './errors.ts';
import { page } from './lists.ts';
import { accessKeysOf, getUser } from './users.ts';

/** How many access keys one user may have. */
const most = 2;

export const accessKeyOperations = {
  CreateAccessKey(input, call) {
    const user = getUser(input, call);
    if (accessKeysOf(user, call).length >= most) {
      throw limitExceeded(`Cannot exceed quota for AccessKeysPerUser: ${most}`);
    }
    const key = issueAccessKey(call.cloud.store, call.clock, {
      kind: 'user',
      account: call.account,
      arn: user.arn,
      userName: user.name,
    });
    return { AccessKey: { ...metadata(user, key), SecretAccessKey: key.secretAccessKey } };
  },

  ListAccessKeys(input, call) {
    const user = getUser(input, call);
    const { items, more } = page(accessKeysOf(user, call), ({ accessKeyId }) => accessKeyId, input);
    return { AccessKeyMetadata: items.map((key) => metadata(user, key)), ...more };
  },

  UpdateAccessKey(input, call) {
    const key = getKey(getUser(input, call), input.AccessKeyId!, call);
    key.status = input.Status === 'Inactive' ? 'Inactive' : 'Active';
    return {};
  },

  DeleteAccessKey(input, call) {
    const key = getKey(getUser(input, call), input.AccessKeyId!, call);
    accessKeys(call.cloud.store).delete(key.accessKeyId);
    return {};
  },
} satisfies Definition<typeof IAM>['operations'];

function getKey(user: UserRecord, id: string, call: Call): AccessKey {
  const key = accessKeysOf(user, call).find(({ accessKeyId }) => accessKeyId === id);
  if (!key) throw noSuchEntity(`The Access Key with id ${id} cannot be found.`);
  return key;
}

function metadata(user: UserRecord, { accessKeyId, status, created }: AccessKey) {
  return { UserName: user.name, AccessKeyId: accessKeyId, Status: status, CreateDate: new Date(created) };
}
