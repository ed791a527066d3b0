import * as SecretsManager from '@aws-sdk/client-secrets-manager';
import { regionalArn } from '../../arn.ts';
import { type Access, type Call, type Definition, service } from '../../service.ts';
import { passwordOperations } from './random-password.ts';
import { findSecret } from './records.ts';
import { secretOperations, secretTasks } from './secrets.ts';
import { tagOperations } from './tags.ts';
import { valueOperations } from './values.ts';

/** A secret is authorised by its ARN, however it was named; one that is not there by what its ARN would look like. */
function onSecret({ SecretId = '' }: { SecretId?: string }, call: Call): Access[] {
  return [{ resource: findSecret(call, SecretId)?.arn ?? arnLike(SecretId, call) }];
}

function arnLike(id: string, call: Call): string {
  return id.startsWith('arn:') ? id : regionalArn('secretsmanager', `secret:${id}-??????`, call);
}

const access: Definition<typeof SecretsManager>['access'] = {
  CreateSecret: ({ Name = '' }, call) => [{ resource: arnLike(Name, call) }],
  UpdateSecret: onSecret,
  DescribeSecret: onSecret,
  DeleteSecret: onSecret,
  RestoreSecret: onSecret,
  ListSecrets: () => [{ resource: '*' }],
  GetRandomPassword: () => [{ resource: '*' }],
  GetSecretValue: onSecret,
  PutSecretValue: onSecret,
  ListSecretVersionIds: onSecret,
  UpdateSecretVersionStage: onSecret,
  TagResource: onSecret,
  UntagResource: onSecret,
};

/** Secrets Manager without rotation functions, replication and resource policies. */
export const secretsManager = service('secrets-manager', 'secretsmanager', SecretsManager, {
  operations: { ...secretOperations, ...valueOperations, ...passwordOperations, ...tagOperations },
  tasks: secretTasks,
  access,
  tagsOf: (arn, call) => findSecret(call, arn)?.tags,
});
