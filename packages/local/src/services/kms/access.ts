import type * as KMS from '@aws-sdk/client-kms';
import type { Access, Call, Definition } from '../../service.ts';
import { keyOfCiphertext } from './ciphertext.ts';
import { findKey } from './find-key.ts';
import { retirableGrant } from './grants.ts';
import { aliases, arnOf, keys } from './records.ts';

type Context = Record<string, string | string[]>;
interface OnKey {
  KeyId?: string;
  EncryptionContext?: Record<string, string>;
}

/** A key is authorised by its ARN, however it was named; one that is not there by what its ARN would be. */
function keyAccess(id: string | undefined, call: Call, more: Context = {}, action?: string): Access {
  const key = findKey(id ?? '', call);
  const named: Context = id?.includes('alias/') ? { 'kms:RequestAlias': id.replace(/^arn:.*:(?=alias\/)/, '') } : {};
  const context = { ...common(call), ...named, ...(key && ofKey(key.id, call)), ...more };
  return { action, resource: key?.arn ?? arnOf(id ?? '', call), context };
}

/** The condition keys of every call. `kms:ViaService` is there where another service calls on behalf of the principal. */
function common({ principal, via }: Call): Context {
  return { 'kms:CallerAccount': principal.account, ...(via !== undefined && { 'kms:ViaService': via }) };
}

function ofKey(id: string, call: Call): Context {
  const names = [...aliases(call).values()].filter(({ keyId }) => keyId === id).map(({ name }) => name);
  return {
    'kms:KeySpec': 'SYMMETRIC_DEFAULT',
    'kms:KeyUsage': 'ENCRYPT_DECRYPT',
    'kms:KeyOrigin': 'AWS_KMS',
    'kms:MultiRegion': String(keys(call).get(id)?.multiRegion ?? false),
    ...(names.length > 0 && { 'kms:ResourceAliases': names }),
  };
}

function encryptionContext(pairs: Record<string, string> = {}): Context {
  const names = Object.keys(pairs);
  const each = Object.fromEntries(Object.entries(pairs).map(([key, value]) => [`kms:EncryptionContext:${key}`, value]));
  return { ...each, ...(names.length > 0 && { 'kms:EncryptionContextKeys': names }) };
}

const onKey = ({ KeyId }: OnKey, call: Call): Access[] => [keyAccess(KeyId, call)];
const using = ({ KeyId, EncryptionContext }: OnKey, call: Call): Access[] => [
  keyAccess(KeyId, call, encryptionContext(EncryptionContext)),
];
const onNothing = (_: object, call: Call): Access[] => [{ resource: '*', context: common(call) }];

/** An alias is changed with a right on it, which policies of IAM give, and on the keys that it is or was for. */
function onAlias({ AliasName = '', TargetKeyId }: { AliasName?: string; TargetKeyId?: string }, call: Call): Access[] {
  const current = aliases(call).get(AliasName)?.keyId;
  const both = [...new Set([current, TargetKeyId && (findKey(TargetKeyId, call)?.id ?? TargetKeyId)])];
  const targets = both.filter((id) => id !== undefined && id !== '');
  return [{ resource: arnOf(AliasName, call), context: common(call) }, ...targets.map((id) => keyAccess(id, call))];
}

const settings = (input: Partial<KMS.CreateKeyRequest>): Context => ({
  'kms:BypassPolicyLockoutSafetyCheck': String(input.BypassPolicyLockoutSafetyCheck ?? false),
});

export const access: Definition<typeof KMS>['access'] = {
  CreateKey: (input, call) => {
    const context = {
      ...common(call),
      ...settings(input),
      'kms:KeySpec': input.KeySpec ?? 'SYMMETRIC_DEFAULT',
      'kms:KeyUsage': input.KeyUsage ?? 'ENCRYPT_DECRYPT',
      'kms:KeyOrigin': input.Origin ?? 'AWS_KMS',
      'kms:MultiRegion': String(input.MultiRegion ?? false),
    };
    const tagging = { action: 'kms:TagResource', resource: '*', context };
    return [{ resource: '*', context }, ...(input.Tags?.length ? [tagging] : [])];
  },
  DescribeKey: onKey,
  ListKeys: onNothing,
  GetKeyPolicy: onKey,
  PutKeyPolicy: (input, call) => [keyAccess(input.KeyId, call, settings(input))],
  ListKeyPolicies: onKey,
  EnableKey: onKey,
  DisableKey: onKey,
  ScheduleKeyDeletion: ({ KeyId, PendingWindowInDays: days = 30 }, call) => [
    keyAccess(KeyId, call, { 'kms:ScheduleKeyDeletionPendingWindowInDays': String(days) }),
  ],
  CancelKeyDeletion: onKey,
  EnableKeyRotation: ({ KeyId, RotationPeriodInDays: days }, call) => [
    keyAccess(KeyId, call, days === undefined ? {} : { 'kms:RotationPeriodInDays': String(days) }),
  ],
  DisableKeyRotation: onKey,
  GetKeyRotationStatus: onKey,
  RotateKeyOnDemand: onKey,
  ListKeyRotations: onKey,
  UpdateKeyDescription: onKey,

  CreateAlias: onAlias,
  UpdateAlias: onAlias,
  DeleteAlias: onAlias,
  ListAliases: onNothing,

  TagResource: onKey,
  UntagResource: onKey,
  ListResourceTags: onKey,

  Encrypt: using,
  GenerateDataKey: using,
  GenerateDataKeyWithoutPlaintext: using,
  Decrypt: ({ CiphertextBlob = new Uint8Array(), KeyId, EncryptionContext }, call) => [
    keyAccess(KeyId ?? keyOfCiphertext(CiphertextBlob) ?? '*', call, encryptionContext(EncryptionContext)),
  ],
  ReEncrypt: ({ CiphertextBlob = new Uint8Array(), SourceKeyId, DestinationKeyId, ...input }, call) => {
    const from = SourceKeyId ?? keyOfCiphertext(CiphertextBlob) ?? '*';
    const to = encryptionContext(input.DestinationEncryptionContext);
    return [
      keyAccess(from, call, encryptionContext(input.SourceEncryptionContext), 'kms:ReEncryptFrom'),
      keyAccess(DestinationKeyId, call, to, 'kms:ReEncryptTo'),
    ];
  },

  CreateGrant: ({ KeyId, GranteePrincipal = '', RetiringPrincipal, Operations = [], Constraints }, call) => {
    const [type] = Object.keys(Constraints ?? {});
    const context = {
      'kms:GranteePrincipal': GranteePrincipal,
      'kms:GrantOperations': Operations,
      'kms:GrantIsForAWSResource': String(call.via !== undefined),
      ...(RetiringPrincipal && { 'kms:RetiringPrincipal': RetiringPrincipal }),
      ...(type && { 'kms:GrantConstraintType': type }),
      ...encryptionContext(Constraints?.EncryptionContextEquals ?? Constraints?.EncryptionContextSubset),
    };
    return [keyAccess(KeyId, call, context)];
  },
  ListGrants: onKey,
  ListRetirableGrants: onNothing,
  RevokeGrant: (input, call) => [
    keyAccess(input.KeyId, call, { 'kms:GrantIsForAWSResource': String(call.via !== undefined) }),
  ],
  // RetireGrant's reference: the retiring principal, and the grantee where the grant has the operation, need no policy.
  RetireGrant: (input, call) => {
    const { key, grant } = retirableGrant(input, call);
    const { arn } = call.principal;
    if (grant && (grant.retirer === arn || grant.issuer === arn)) return [];
    return [keyAccess(key?.id ?? input.KeyId ?? '*', call)];
  },
};
