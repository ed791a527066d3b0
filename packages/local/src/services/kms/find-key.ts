import { AwsError } from '../../errors.ts';
import type { Call } from '../../service.ts';
import { ensureManagedKey } from './managed.ts';
import { aliases, arnOf, type KeyRecord, keys, parseKey } from './records.ts';

/** The key of that id, ARN, alias or alias's ARN. */
export function findKey(text: string, call: Call): KeyRecord | undefined {
  const { path, ...place } = parseKey(text, call);
  // A request is good for the keys of its own Region.
  if (place.region !== call.region) return undefined;
  ensureManagedKey(path, call, place);
  const alias = path.startsWith('alias/') ? aliases(call, place).get(path) : undefined;
  return keys(call, place).get(alias?.keyId ?? path.replace(/^key\//, ''));
}

/** Throws NotFoundException. */
export function getKey(text: string | undefined, call: Call): KeyRecord {
  const key = findKey(text ?? '', call);
  if (key) return key;
  const arn = arnOf(text ?? '', call);
  if (arn.includes(':alias/')) throw new AwsError('NotFoundException', `Alias ${arn} is not found.`);
  throw new AwsError('NotFoundException', `Key '${arn}' does not exist`);
}

/** The same, for operations that take no alias. */
export function getKeyById(text: string | undefined, call: Call): KeyRecord {
  if (parseKey(text ?? '', call).path.startsWith('alias/')) {
    throw new AwsError('NotFoundException', `Invalid keyId '${text}'`);
  }
  return getKey(text, call);
}

/** Throws KMSInvalidStateException while the key waits for its deletion. */
export function checkNotPending({ arn, deletion }: KeyRecord): void {
  if (deletion) throw new AwsError('KMSInvalidStateException', `${arn} is pending deletion.`);
}

/** Throws KMSInvalidStateException or DisabledException unless the key can be used. */
export function checkUsable(key: KeyRecord): void {
  checkNotPending(key);
  if (!key.enabled) throw new AwsError('DisabledException', `${key.arn} is disabled.`);
}

/** AWS's own keys are used, and not changed: no policy of theirs allows it, not even to the account. */
function checkCustomers({ arn, manager }: KeyRecord, call: Call): void {
  if (manager === 'CUSTOMER') return;
  const subject = `User: ${call.principal.arn} is not authorized to perform: kms:${call.operation}`;
  const message = `${subject} on resource: ${arn} because no resource-based policy allows the kms:${call.operation} action`;
  throw new AwsError('AccessDeniedException', message);
}

/** A key that can be changed now. */
export function getChangeableKey(id: string | undefined, call: Call): KeyRecord {
  const key = getKeyById(id, call);
  checkCustomers(key, call);
  checkNotPending(key);
  return key;
}
