import * as KMS from '@aws-sdk/client-kms';
import { service } from '../../service.ts';
import { access } from './access.ts';
import { aliasOperations } from './aliases.ts';
import { cryptographicOperations } from './cryptography.ts';
import { findKey } from './find-key.ts';
import { grantOperations, isGranted } from './grants.ts';
import { keyOperations } from './keys.ts';
import { policyOperations } from './policies.ts';
import { rotationOperations } from './rotation.ts';
import { tagOperations } from './tags.ts';

const isKey = (arn: string) => arn.includes(':key/');

/** KMS, with symmetric keys whose material it makes itself. */
export const kms = service('kms', 'kms', KMS, {
  operations: {
    ...keyOperations,
    ...policyOperations,
    ...rotationOperations,
    ...aliasOperations,
    ...tagOperations,
    ...cryptographicOperations,
    ...grantOperations,
  },
  access,
  bindsEveryone: true,
  tagsOf: (arn, call) => (isKey(arn) ? findKey(arn, call)?.tags : undefined),
  resourcePolicy(arn, call) {
    const key = isKey(arn) ? findKey(arn, call) : undefined;
    return key && { document: key.policy, account: key.account };
  },
  allowsOtherwise({ action, resource, context }, principals, call) {
    const key = isKey(resource) ? findKey(resource, call) : undefined;
    const prefix = 'kms:EncryptionContext:';
    const pairs = Object.entries(context).filter(([name]) => name.startsWith(prefix));
    const encryptionContext = Object.fromEntries(
      pairs.map(([name, value]) => [name.slice(prefix.length), String(value)]),
    );
    return key !== undefined && isGranted(key, action.slice('kms:'.length), principals, encryptionContext);
  },
});
