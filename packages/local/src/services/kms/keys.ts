import type * as KMS from '@aws-sdk/client-kms';
import { AwsError } from '../../errors.ts';
import { createKey, newKeyId } from './create-key.ts';
import { getChangeableKey, getKey, getKeyById } from './find-key.ts';
import { page } from './pages.ts';
import { checkKeyPolicy, defaultPolicy } from './policies.ts';
import { type KeyRecord, keys, type Operations } from './records.ts';
import { checkTags, tagsFrom } from './tags.ts';

const day = 86_400_000;

export const keyOperations: Operations = {
  CreateKey(input, call) {
    const {
      KeySpec: spec = input.CustomerMasterKeySpec ?? 'SYMMETRIC_DEFAULT',
      KeyUsage: usage,
      Origin = 'AWS_KMS',
    } = input;
    if (spec !== 'SYMMETRIC_DEFAULT' || Origin !== 'AWS_KMS') {
      const asked = spec === 'SYMMETRIC_DEFAULT' ? `Origin ${Origin}` : `KeySpec ${spec}`;
      const message = `The local cloud has keys of KeySpec SYMMETRIC_DEFAULT and Origin AWS_KMS only, not ${asked}.`;
      throw new AwsError('UnsupportedOperationException', message);
    }
    if (usage !== undefined && usage !== 'ENCRYPT_DECRYPT') {
      throw invalid(`KeyUsage ${usage} is not compatible with KeySpec ${spec}`);
    }
    const tags = tagsFrom(input.Tags);
    checkTags(tags);
    const { account, region } = call;
    const multiRegion = input.MultiRegion ?? false;
    const id = newKeyId(call, multiRegion);
    const policy = input.Policy ?? defaultPolicy(account, region);
    checkKeyPolicy(policy, id, input.BypassPolicyLockoutSafetyCheck, call);
    const made = { account, region, policy, multiRegion, tags, description: input.Description ?? '' };
    return { KeyMetadata: describe(createKey(call, { ...made, manager: 'CUSTOMER' }, id)) };
  },

  DescribeKey: ({ KeyId }, call) => ({ KeyMetadata: describe(getKey(KeyId, call)) }),

  ListKeys(input, call) {
    const { items, more } = page(keys(call).values(), ({ id }) => id, input, 100);
    return { Keys: items.map(({ id, arn }) => ({ KeyId: id, KeyArn: arn })), ...more };
  },

  EnableKey({ KeyId }, call) {
    getChangeableKey(KeyId, call).enabled = true;
    return {};
  },

  DisableKey({ KeyId }, call) {
    getChangeableKey(KeyId, call).enabled = false;
    return {};
  },

  UpdateKeyDescription({ KeyId, Description = '' }, call) {
    getChangeableKey(KeyId, call).description = Description;
    return {};
  },

  ScheduleKeyDeletion({ KeyId, PendingWindowInDays: days = 30 }, call) {
    if (days < 7 || days > 30) {
      throw invalid(`PendingWindowInDays must be between 7 and 30, inclusive: ${days}`);
    }
    const key = getChangeableKey(KeyId, call);
    key.deletion = { due: new Date(call.clock.now() + days * day), days };
    // Once it is taken back, the key is disabled: CancelKeyDeletion's reference.
    key.enabled = false;
    return { KeyId: key.arn, DeletionDate: key.deletion.due, KeyState: 'PendingDeletion', PendingWindowInDays: days };
  },

  CancelKeyDeletion({ KeyId }, call) {
    const key = getKeyById(KeyId, call);
    if (!key.deletion) throw new AwsError('KMSInvalidStateException', `${key.arn} is not pending deletion.`);
    delete key.deletion;
    return { KeyId: key.arn };
  },
};

function describe(key: KeyRecord): KMS.KeyMetadata {
  const { id, arn, account, deletion } = key;
  const [, , , region] = arn.split(':');
  return {
    AWSAccountId: account,
    KeyId: id,
    Arn: arn,
    CreationDate: key.created,
    Enabled: key.enabled,
    Description: key.description,
    KeyUsage: 'ENCRYPT_DECRYPT',
    KeyState: stateOf(key),
    DeletionDate: deletion?.due,
    Origin: 'AWS_KMS',
    KeyManager: key.manager,
    CustomerMasterKeySpec: 'SYMMETRIC_DEFAULT',
    KeySpec: 'SYMMETRIC_DEFAULT',
    EncryptionAlgorithms: ['SYMMETRIC_DEFAULT'],
    MultiRegion: key.multiRegion,
    ...(key.multiRegion && {
      MultiRegionConfiguration: {
        MultiRegionKeyType: 'PRIMARY',
        PrimaryKey: { Arn: arn, Region: region },
        ReplicaKeys: [],
      },
    }),
  };
}

function stateOf({ enabled, deletion }: KeyRecord): KMS.KeyState {
  if (deletion) return 'PendingDeletion';
  return enabled ? 'Enabled' : 'Disabled';
}

function invalid(message: string): AwsError {
  return new AwsError('ValidationException', message);
}
