import type { Tag } from '@aws-sdk/client-iam';
import type { TagRecord } from '../../iam/records.ts';
import { invalidInput, limitExceeded } from './errors.ts';

const most = 50;

/** Adds tags to those that are there; a key that is taken, whatever its case, gets the new value. */
export function withTags(tags: readonly TagRecord[], added: readonly Tag[] = []): TagRecord[] {
  const byKey = new Map(tags.map((tag) => [tag.Key.toLowerCase(), tag]));
  const seen = new Set<string>();
  for (const { Key = '', Value = '' } of added) {
    const key = Key.toLowerCase();
    if (key.startsWith('aws:')) {
      throw invalidInput('Tag keys beginning with aws: are reserved for system use.');
    }
    if (seen.has(key)) {
      throw invalidInput('Duplicate tag keys found. Please note that Tag keys are case insensitive.');
    }
    seen.add(key);
    byKey.set(key, { Key, Value });
  }
  if (byKey.size > most) throw limitExceeded(`The number of tags has reached the maximum limit of ${most}.`);
  return [...byKey.values()];
}

export function withoutTags(tags: readonly TagRecord[], keys: readonly string[] = []): TagRecord[] {
  const removed = new Set(keys.map((key) => key.toLowerCase()));
  return tags.filter(({ Key }) => !removed.has(Key.toLowerCase()));
}
