import type * as KMS from '@aws-sdk/client-kms';
import { type Caller, ResourceFailure } from '../resources/resource-type.ts';
import { nativeType, tagChanges } from './native-type.ts';
import { document, flag, number, optional, required, type Tag, tags, text } from './property.ts';
import { type ServiceClient, serviceClient, undefinedIfNotFound } from './service-client.ts';

const kmsClient = (caller: Caller) => serviceClient<typeof KMS>(caller, 'kms');

/** What a key keeps for its life. A change of one fails the update, so that no key is replaced and deleted by it. */
const immutable = ['KeySpec', 'KeyUsage', 'MultiRegion', 'Origin'] as const;

interface Rotation {
  EnableKeyRotation?: boolean;
  RotationPeriodInDays?: number;
}

const key = nativeType({
  type: 'AWS::KMS::Key',
  properties: {
    BypassPolicyLockoutSafetyCheck: optional(flag),
    Description: optional(text),
    Enabled: optional(flag),
    EnableKeyRotation: optional(flag),
    KeyPolicy: optional(document),
    KeySpec: optional(text),
    KeyUsage: optional(text),
    MultiRegion: optional(flag),
    Origin: optional(text),
    PendingWindowInDays: optional(number),
    RotationPeriodInDays: optional(number),
    Tags: optional(tags),
  },
  async create({ Enabled = true, KeyPolicy, Tags = [], PendingWindowInDays: _, ...values }, context) {
    const kms = kmsClient(context);
    const { EnableKeyRotation, RotationPeriodInDays, ...given } = values;
    const { KeyMetadata } = await kms('CreateKey', {
      ...given,
      KeySpec: given.KeySpec as KMS.KeySpec | undefined,
      KeyUsage: given.KeyUsage as KMS.KeyUsageType | undefined,
      Origin: given.Origin as KMS.OriginType | undefined,
      Policy: KeyPolicy,
      Tags: Tags.length > 0 ? tagsOf(Tags) : undefined,
    });
    const made = keyResource(KeyMetadata!);
    context.initiated(made.physicalId);
    await setRotation(kms, made.physicalId, { EnableKeyRotation, RotationPeriodInDays }, {});
    if (!Enabled) await kms('DisableKey', { KeyId: made.physicalId });
    return made;
  },
  async update({ physicalId: KeyId, values, old, changed }, context) {
    const kms = kmsClient(context);
    const fixed = immutable.find((name) => changed.has(name));
    if (fixed) {
      const message = `Updating of the property ${fixed} of an existing KMS key is not supported: create another key beside it`;
      throw new ResourceFailure(message, { unsent: true });
    }
    if (changed.has('KeyPolicy')) {
      const { KeyPolicy: Policy, BypassPolicyLockoutSafetyCheck } = values;
      if (Policy !== undefined) await kms('PutKeyPolicy', { KeyId, Policy, BypassPolicyLockoutSafetyCheck });
    }
    const { Enabled = true } = values;
    const wasEnabled = old.Enabled ?? true;
    // A disabled key's rotation cannot be changed: it is enabled before, or disabled after.
    if (Enabled && !wasEnabled) await kms('EnableKey', { KeyId });
    await setRotation(kms, KeyId, values, old);
    if (!Enabled && wasEnabled) await kms('DisableKey', { KeyId });
    if (changed.has('Description')) {
      await kms('UpdateKeyDescription', { KeyId, Description: values.Description ?? '' });
    }
    const { set, gone } = tagChanges(values.Tags, old.Tags);
    if (gone.length > 0) await kms('UntagResource', { KeyId, TagKeys: gone });
    if (set.length > 0) await kms('TagResource', { KeyId, Tags: tagsOf(set) });
    const { KeyMetadata } = await kms('DescribeKey', { KeyId });
    return keyResource(KeyMetadata!);
  },
  async delete(KeyId, { PendingWindowInDays }, context) {
    const kms = kmsClient(context);
    const found = await undefinedIfNotFound(kms('DescribeKey', { KeyId }));
    // Its deletion may have been scheduled outside of the stack.
    if (!found || found.KeyMetadata?.KeyState === 'PendingDeletion') return;
    await kms('ScheduleKeyDeletion', { KeyId, PendingWindowInDays });
  },
  imports: {
    identifier: ['KeyId'],
    async find({ KeyId }, caller) {
      const found = await undefinedIfNotFound(kmsClient(caller)('DescribeKey', { KeyId }));
      return found && keyResource(found.KeyMetadata!);
    },
  },
});

function keyResource({ KeyId = '', Arn }: KMS.KeyMetadata) {
  return { physicalId: KeyId, attributes: { Arn, KeyId } };
}

async function setRotation(kms: ServiceClient<typeof KMS>, KeyId: string, now: Rotation, old: Rotation): Promise<void> {
  const { EnableKeyRotation = false, RotationPeriodInDays } = now;
  const isSame = EnableKeyRotation === (old.EnableKeyRotation ?? false);
  if (isSame && RotationPeriodInDays === old.RotationPeriodInDays) return;
  if (EnableKeyRotation) await kms('EnableKeyRotation', { KeyId, RotationPeriodInDays });
  else if (!isSame) await kms('DisableKeyRotation', { KeyId });
}

function tagsOf(given: readonly Tag[]): KMS.Tag[] {
  return given.map(({ Key, Value }) => ({ TagKey: Key, TagValue: Value }));
}

const alias = nativeType({
  type: 'AWS::KMS::Alias',
  properties: { AliasName: required(text, 'replaces'), TargetKeyId: required(text) },
  async create({ AliasName, TargetKeyId }, context) {
    await kmsClient(context)('CreateAlias', { AliasName, TargetKeyId });
    return { physicalId: AliasName, attributes: {} };
  },
  async update({ physicalId: AliasName, values: { TargetKeyId } }, context) {
    await kmsClient(context)('UpdateAlias', { AliasName, TargetKeyId });
    return { physicalId: AliasName, attributes: {} };
  },
  async delete(AliasName, _, context) {
    await undefinedIfNotFound(kmsClient(context)('DeleteAlias', { AliasName }));
  },
  imports: {
    identifier: ['AliasName'],
    async find({ AliasName = '' }, caller) {
      const found = await undefinedIfNotFound(kmsClient(caller)('DescribeKey', { KeyId: AliasName }));
      return found && { physicalId: AliasName, attributes: {} };
    },
  },
});

export const kmsTypes = [key, alias];
