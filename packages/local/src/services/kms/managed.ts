import { regionalArn } from '../../arn.ts';
import type { Call } from '../../service.ts';
import { createKey } from './create-key.ts';
import { aliases } from './records.ts';

/** The services that have a key of their own in each account, as the condition key `kms:ViaService` names them. */
const services: Readonly<Record<string, string>> = {
  codecommit: 'codecommit',
  elasticfilesystem: 'elasticfilesystem',
  lambda: 'lambda',
  s3: 's3',
  sagemaker: 'sagemaker',
  secretsmanager: 'secretsmanager',
  sns: 'sns',
  ssm: 'ssm',
};

/** The aliases of AWS's own keys, whether there is such a key already or not. */
export const managedAliases: readonly string[] = Object.keys(services).map((name) => `alias/aws/${name}`);

/** A service's own key exists from the moment that a caller asks for it. */
export function ensureManagedKey(alias: string, call: Call, place: { account: string; region: string }): void {
  const service = services[/^alias\/aws\/(.+)$/.exec(alias)?.[1] ?? ''];
  const all = aliases(call, place);
  if (service === undefined || all.has(alias)) return;
  const { id, created } = createKey(call, {
    ...place,
    manager: 'AWS',
    description: `Default key that protects my ${service} data when no other key is defined`,
    policy: managedPolicy(service, place),
  });
  const arn = regionalArn('kms', alias, place);
  all.set(alias, { name: alias, arn, keyId: id, created, updated: created });
}

/**
 * All principals of the account use it through the service, and see what it is: as `aws kms get-key-policy` shows for
 * such a key.
 */
function managedPolicy(service: string, { account, region }: { account: string; region: string }): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Id: `auto-${service}-2`,
    Statement: [
      {
        Sid: `Allow access through ${service} for all principals in the account that are authorized to use it`,
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Action: [
          'kms:Encrypt',
          'kms:Decrypt',
          'kms:ReEncrypt*',
          'kms:GenerateDataKey*',
          'kms:CreateGrant',
          'kms:DescribeKey',
        ],
        Resource: '*',
        Condition: {
          StringEquals: { 'kms:CallerAccount': account, 'kms:ViaService': `${service}.${region}.amazonaws.com` },
        },
      },
      {
        Sid: 'Allow direct access to key metadata to the account',
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${account}:root` },
        Action: ['kms:Describe*', 'kms:Get*', 'kms:List*', 'kms:RevokeGrant'],
        Resource: '*',
      },
    ],
  });
}
