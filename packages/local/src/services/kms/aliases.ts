import { regionalArn } from '../../arn.ts';
import { AwsError } from '../../errors.ts';
import type { Call } from '../../service.ts';
import { getChangeableKey, getKeyById } from './find-key.ts';
import { managedAliases } from './managed.ts';
import { page } from './pages.ts';
import { type AliasRecord, aliases, keys, type Operations } from './records.ts';

export const aliasOperations: Operations = {
  CreateAlias({ AliasName: name = '', TargetKeyId }, call) {
    checkName(name);
    const { id } = getChangeableKey(TargetKeyId, call);
    const arn = regionalArn('kms', name, call);
    if (aliases(call).has(name)) {
      throw new AwsError('AlreadyExistsException', `An alias with the name ${arn} already exists`);
    }
    const now = new Date(call.clock.now());
    aliases(call).set(name, { name, arn, keyId: id, created: now, updated: now });
    return {};
  },

  UpdateAlias({ AliasName: name = '', TargetKeyId }, call) {
    checkName(name);
    const alias = getAlias(name, call);
    alias.keyId = getChangeableKey(TargetKeyId, call).id;
    alias.updated = new Date(call.clock.now());
    return {};
  },

  DeleteAlias({ AliasName: name = '' }, call) {
    checkName(name);
    aliases(call).delete(getAlias(name, call).name);
    return {};
  },

  ListAliases({ KeyId, ...input }, call) {
    const id = KeyId === undefined ? undefined : getKeyById(KeyId, call).id;
    const all = [...managedAliases.map((name) => ({ name, arn: regionalArn('kms', name, call) })), ...present(call)];
    const unique = new Map<string, Partial<AliasRecord> & { name: string }>(all.map((alias) => [alias.name, alias]));
    const asked = [...unique.values()].filter(({ keyId }) => id === undefined || keyId === id);
    const { items, more } = page(asked, ({ name }) => name, input, 50);
    const Aliases = items.map(({ name, arn, keyId, created, updated }) => ({
      AliasName: name,
      AliasArn: arn,
      TargetKeyId: keyId,
      CreationDate: created,
      LastUpdatedDate: updated,
    }));
    return { Aliases, ...more };
  },
};

/** The aliases of keys that are still there. */
function present(call: Call): AliasRecord[] {
  const there = keys(call);
  return [...aliases(call).values()].filter(({ keyId }) => there.has(keyId));
}

/** Throws NotFoundException. */
function getAlias(name: string, call: Call): AliasRecord {
  const alias = present(call).find((one) => one.name === name);
  if (alias) return alias;
  throw new AwsError('NotFoundException', `Alias ${regionalArn('kms', name, call)} is not found.`);
}

function checkName(name: string): void {
  if (!name.startsWith('alias/')) {
    throw new AwsError(
      'ValidationException',
      'Alias must start with the prefix "alias/". Please see https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html',
    );
  }
  if (name.startsWith('alias/aws/')) {
    throw new AwsError('InvalidAliasNameException', `The alias name cannot begin with alias/aws/: ${name}`);
  }
}
