import { AwsError } from '../../errors.ts';
import { getChangeableKey, getKeyById } from './find-key.ts';
import { page } from './pages.ts';
import type { KeyRecord, Operations } from './records.ts';

const day = 86_400_000;

export const rotationOperations: Operations = {
  EnableKeyRotation({ KeyId, RotationPeriodInDays: days }, call) {
    const key = getChangeableKey(KeyId, call);
    checkEnabled(key);
    if (days !== undefined && (days < 90 || days > 2560)) {
      throw new AwsError('ValidationException', `RotationPeriodInDays must be between 90 and 2560, inclusive: ${days}`);
    }
    const now = call.clock.now();
    key.rotated = rotationsOf(key, now);
    key.rotation = { days: days ?? key.rotation?.days ?? 365, from: new Date(now) };
    return {};
  },

  DisableKeyRotation({ KeyId }, call) {
    const key = getChangeableKey(KeyId, call);
    checkEnabled(key);
    key.rotated = rotationsOf(key, call.clock.now());
    delete key.rotation;
    return {};
  },

  GetKeyRotationStatus({ KeyId }, call) {
    const key = getKeyById(KeyId, call);
    const { arn, rotation, deletion } = key;
    // While it waits for its deletion, it is not rotated.
    if (!rotation || deletion) return { KeyId: arn, KeyRotationEnabled: false };
    const { days, from } = rotation;
    const times = automaticRotations(key, call.clock.now()).length;
    const NextRotationDate = new Date(from.getTime() + (times + 1) * days * day);
    return { KeyId: arn, KeyRotationEnabled: true, RotationPeriodInDays: days, NextRotationDate };
  },

  RotateKeyOnDemand({ KeyId }, call) {
    const key = getChangeableKey(KeyId, call);
    checkEnabled(key);
    const made = key.rotated.filter(({ type }) => type === 'ON_DEMAND').length;
    if (made >= 25) throw new AwsError('LimitExceededException', `${key.arn} has been rotated on demand 25 times.`);
    key.rotated.push({ at: new Date(call.clock.now()), type: 'ON_DEMAND' });
    return { KeyId: key.arn };
  },

  ListKeyRotations({ KeyId, ...input }, call) {
    const key = getKeyById(KeyId, call);
    const rotations = rotationsOf(key, call.clock.now());
    const { items, more } = page(rotations, ({ at }) => at.toISOString(), input, 100);
    const Rotations = items.map(({ at, type }) => ({ KeyId: key.id, RotationDate: at, RotationType: type }));
    return { Rotations, ...more };
  },
};

function checkEnabled({ arn, enabled }: KeyRecord): void {
  if (!enabled) throw new AwsError('DisabledException', `${arn} is disabled.`);
}

/** Every rotation of a key so far. Automatic ones follow from the time that has passed. */
export function rotationsOf(key: KeyRecord, now: number): KeyRecord['rotated'] {
  return [...key.rotated, ...automaticRotations(key, now)];
}

function automaticRotations({ rotation }: KeyRecord, now: number): KeyRecord['rotated'] {
  if (!rotation) return [];
  const period = rotation.days * day;
  const from = rotation.from.getTime();
  const times = Math.floor((now - from) / period);
  return Array.from({ length: times }, (_, index) => ({
    at: new Date(from + (index + 1) * period),
    type: 'AUTOMATIC',
  }));
}
