import type * as SecretsManager from '@aws-sdk/client-secrets-manager';
import { regionalArn } from '../../arn.ts';
import { AwsError } from '../../errors.ts';
import { pageOf } from '../../pages.ts';
import { alphanumerics } from '../../random.ts';
import type { Call } from '../../service.ts';
import { decryptVersion, encryptVersion } from './encryption.ts';
import {
  findSecret,
  getLiveSecret,
  getSecret,
  invalidParameter,
  invalidRequest,
  invalidToken,
  type Operations,
  type SecretRecord,
  secrets,
} from './records.ts';
import { tagsFrom } from './tags.ts';
import { addVersion, checkValue, hasValue, stagesByVersion } from './versions.ts';

const day = 86_400_000;

/** What is written and known of secrets, but for their values. */
export const secretOperations: Operations = {
  async CreateSecret(input, call) {
    const { Name: name = '', Description: description, KmsKeyId: kmsKeyId, Type: type, Tags } = input;
    checkName(name);
    checkValue(input);
    if (input.AddReplicaRegions?.length) throw invalidParameter('The local cloud does not replicate secrets.');
    const present = secrets(call).get(name);
    if (present) {
      const repeated = present.versions.some(({ id }) => id === input.ClientRequestToken);
      if (!repeated || present.deletion) throw existing(present);
      const { id } = await addVersion(present, input, [], call);
      return { ARN: present.arn, Name: name, VersionId: id };
    }
    const now = new Date(call.clock.now());
    const arn = regionalArn('secretsmanager', `secret:${name}-${alphanumerics(call.cloud.store, 6)}`, call);
    const tags = tagsFrom(Tags);
    const secret: SecretRecord = {
      arn,
      name,
      description,
      kmsKeyId,
      type,
      tags,
      versions: [],
      created: now,
      changed: now,
    };
    const version = hasValue(input) ? await addVersion(secret, input, ['AWSCURRENT'], call) : undefined;
    // Another request may have been quicker while KMS was asked.
    const quicker = secrets(call).get(name);
    if (quicker) throw existing(quicker);
    secrets(call).set(name, secret);
    return { ARN: arn, Name: name, VersionId: version?.id };
  },

  async UpdateSecret(input, call) {
    const { SecretId, Description: description, KmsKeyId: kmsKeyId, Type: type } = input;
    const secret = getLiveSecret(call, SecretId);
    checkValue(input);
    const isOtherKey = kmsKeyId !== undefined && kmsKeyId !== secret.kmsKeyId;
    if (isOtherKey) await changeKey(secret, kmsKeyId, call);
    Object.assign(secret, {
      ...(description !== undefined && { description }),
      ...(type !== undefined && { type }),
      changed: new Date(call.clock.now()),
    });
    const version = hasValue(input) ? await addVersion(secret, input, ['AWSCURRENT'], call) : undefined;
    return { ARN: secret.arn, Name: secret.name, VersionId: version?.id };
  },

  DescribeSecret({ SecretId }, call) {
    const secret = getSecret(call, SecretId);
    return { ...summaryOf(secret), VersionIdsToStages: stagesByVersion(secret) };
  },

  ListSecrets({ IncludePlannedDeletion, MaxResults = 100, NextToken, Filters = [], SortOrder }, call) {
    const found = [...secrets(call).values()]
      .filter(({ deletion }) => IncludePlannedDeletion || !deletion)
      .filter((secret) => Filters.every((filter) => passes(secret, filter)));
    const keyOf = ({ created, name }: SecretRecord) => `${created.toISOString()} ${name}`;
    const request = { token: NextToken, size: MaxResults, descending: SortOrder === 'desc' };
    const { items, token } = pageOf(found, keyOf, request, invalidToken);
    const SecretList = items.map((secret) => ({
      ...summaryOf(secret),
      SecretVersionsToStages: stagesByVersion(secret),
    }));
    return { SecretList, NextToken: token };
  },

  DeleteSecret({ SecretId = '', RecoveryWindowInDays: days, ForceDeleteWithoutRecovery: force }, call) {
    const now = call.clock.now();
    if (force) {
      if (days !== undefined) {
        throw invalidParameter("You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.");
      }
      const secret = findSecret(call, SecretId);
      if (secret) secrets(call).delete(secret.name);
      return { ARN: secret?.arn, Name: secret?.name ?? SecretId, DeletionDate: new Date(now) };
    }
    if (days !== undefined && (days < 7 || days > 30)) {
      throw invalidParameter('The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).');
    }
    const secret = getSecret(call, SecretId);
    if (secret.deletion) {
      throw invalidRequest(
        "You can't perform this operation on the secret because it was already scheduled for deletion.",
      );
    }
    const wait = (days ?? 30) * day;
    secret.deletion = { asked: new Date(now), due: new Date(now + wait) };
    call.later(wait, 'remove', { arn: secret.arn, due: now + wait });
    return { ARN: secret.arn, Name: secret.name, DeletionDate: secret.deletion.due };
  },

  RestoreSecret({ SecretId }, call) {
    const secret = getSecret(call, SecretId);
    delete secret.deletion;
    return { ARN: secret.arn, Name: secret.name };
  },
};

export const secretTasks = {
  /** A secret's recovery window is over. */
  remove({ arn, due }: { arn: string; due: number }, call: Call): void {
    const secret = findSecret(call, arn);
    if (secret?.deletion?.due.getTime() === due) secrets(call).delete(secret.name);
  },
};

/** UpdateSecret's reference: versions with a staging label are encrypted again with the new key. */
async function changeKey(secret: SecretRecord, kmsKeyId: string, call: Call): Promise<void> {
  const labelled = secret.versions.filter(({ stages }) => stages.length > 0);
  for (const version of labelled) await decryptVersion(secret, version, call);
  const again = labelled.map((version) => ({ ...version }));
  for (const version of again) await encryptVersion({ ...secret, kmsKeyId }, version, call);
  for (const [index, { dataKey }] of again.entries()) labelled[index]!.dataKey = dataKey;
  secret.kmsKeyId = kmsKeyId;
}

function checkName(name: string): void {
  if (/^[\w/+=.@-]+$/.test(name)) return;
  throw new AwsError(
    'ValidationException',
    'Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!',
  );
}

function existing({ name, deletion }: SecretRecord): AwsError {
  if (!deletion) {
    const message = `The operation failed because the secret ${name} already exists.`;
    return new AwsError('ResourceExistsException', message);
  }
  return invalidRequest(
    "You can't create this secret because a secret with this name is already scheduled for deletion.",
  );
}

function passes({ name, description = '', tags }: SecretRecord, { Key, Values = [] }: SecretsManager.Filter): boolean {
  const texts = {
    name: [name],
    description: [description],
    'tag-key': Object.keys(tags),
    'tag-value': Object.values(tags),
    all: [name, description, ...Object.entries(tags).flat()],
  };
  if (Key === undefined || !Object.hasOwn(texts, Key)) {
    throw invalidParameter(`The local cloud filters secrets by ${Object.keys(texts).join(', ')}, not by ${Key}.`);
  }
  const own = texts[Key as keyof typeof texts];
  return Values.some((value) =>
    value.startsWith('!')
      ? !own.some((text) => text.startsWith(value.slice(1)))
      : own.some((text) => text.startsWith(value)),
  );
}

function summaryOf(secret: SecretRecord): SecretsManager.DescribeSecretResponse {
  const { arn, name, type, description, kmsKeyId, created, changed, accessed, deletion, tags } = secret;
  return {
    ARN: arn,
    Name: name,
    Type: type,
    Description: description,
    KmsKeyId: kmsKeyId,
    LastChangedDate: changed,
    LastAccessedDate: accessed,
    DeletedDate: deletion?.asked,
    CreatedDate: created,
    Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
  };
}
