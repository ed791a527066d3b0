import { createHash } from 'node:crypto';
import { regionalArn } from '../../arn.ts';
import { requestId } from '../../request-id.ts';
import type { Call } from '../../service.ts';
import { type KeyRecord, keys } from './records.ts';

type Made = Pick<KeyRecord, 'policy' | 'manager'> &
  Partial<Pick<KeyRecord, 'description' | 'multiRegion' | 'tags'>> & { account: string; region: string };

/** The id that the next key gets; a multi-Region key's begins with `mrk-`. */
export function newKeyId(call: Call, multiRegion = false): string {
  const id = requestId(call.cloud.store);
  return multiRegion ? `mrk-${id.replaceAll('-', '')}` : id;
}

/** Writes a key down. */
export function createKey(call: Call, made: Made, id: string = newKeyId(call, made.multiRegion)): KeyRecord {
  const { account, region, ...given } = made;
  const key: KeyRecord = {
    description: '',
    multiRegion: false,
    tags: {},
    ...given,
    id,
    arn: regionalArn('kms', `key/${id}`, { account, region }),
    account,
    created: new Date(call.clock.now()),
    enabled: true,
    grants: [],
    rotated: [],
    seed: createHash('sha256')
      .update(`key material ${requestId(call.cloud.store)}`)
      .digest('hex'),
  };
  keys(call, { account, region }).set(id, key);
  return key;
}
