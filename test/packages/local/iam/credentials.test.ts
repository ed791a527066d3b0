import type { Clock } from '../../../../packages/local/src/clock.ts';
import {
  accessKeys,
  issueAccessKey,
  issueCredentials,
  principalOf,
  secretOf,
} from '../../../../packages/local/src/iam/credentials.ts';
import type { Principal } from '../../../../packages/local/src/principal.ts';
import { Store } from '../../../../packages/local/src/store.ts';

const role: Principal = {
  kind: 'role',
  account: '111122223333',
  arn: 'arn:aws:sts::111122223333:assumed-role/Handler/session',
  roleName: 'Handler',
  sessionName: 'session',
};

function clockAt(start: number): Clock & { time: number } {
  return {
    time: start,
    now() {
      return this.time;
    },
    after: () => () => {},
  };
}

test('temporary credentials look as AWS makes them, and name their principal', () => {
  const store = new Store();
  const clock = clockAt(1000);
  const credentials = issueCredentials(store, clock, role, 900);
  expect(credentials.accessKeyId).toMatch(/^ASIA[A-Z2-7]{16}$/);
  expect(credentials.secretAccessKey).toMatch(/^[A-Za-z0-9+/]{40}$/);
  expect(credentials.expiration).toBe(901_000);
  expect(principalOf(store, clock, credentials.accessKeyId, credentials.sessionToken)).toEqual(role);
  expect(secretOf(store, credentials.accessKeyId)).toBe(credentials.secretAccessKey);
});

test('temporary credentials are refused without their session token, and unknown keys are always refused', () => {
  const store = new Store();
  const clock = clockAt(0);
  const { accessKeyId } = issueCredentials(store, clock, role, 900);
  expect(principalOf(store, clock, accessKeyId)).toBeUndefined();
  expect(principalOf(store, clock, accessKeyId, 'another')).toBeUndefined();
  expect(principalOf(store, clock, 'AKIAUNKNOWN')).toBeUndefined();
  expect(secretOf(store, 'AKIAUNKNOWN')).toBeUndefined();
});

test('temporary credentials expire on the virtual clock', () => {
  const store = new Store();
  const clock = clockAt(0);
  const { accessKeyId, sessionToken } = issueCredentials(store, clock, role, 900);
  clock.time = 899_999;
  expect(principalOf(store, clock, accessKeyId, sessionToken)).toEqual(role);
  clock.time = 900_000;
  expect(() => principalOf(store, clock, accessKeyId, sessionToken)).toThrow(
    expect.objectContaining({ name: 'ExpiredToken', status: 403 }),
  );
});

test("a user's access key is valid until it is made inactive", () => {
  const store = new Store();
  const clock = clockAt(0);
  const user: Principal = {
    kind: 'user',
    account: '111122223333',
    arn: 'arn:aws:iam::111122223333:user/ana',
    userName: 'ana',
  };
  const key = issueAccessKey(store, clock, user);
  expect(key.accessKeyId).toMatch(/^AKIA[A-Z2-7]{16}$/);
  expect(principalOf(store, clock, key.accessKeyId)).toEqual(user);
  accessKeys(store).get(key.accessKeyId)!.status = 'Inactive';
  expect(principalOf(store, clock, key.accessKeyId)).toBeUndefined();
});

test('two stores with the same calls issue the same keys, and one store never issues a key twice', () => {
  const clock = clockAt(0);
  const [first, second] = [new Store(), new Store()];
  const keys = [1, 2, 3].map(() => issueCredentials(first, clock, role, 900));
  expect([1, 2, 3].map(() => issueCredentials(second, clock, role, 900))).toEqual(keys);
  expect(new Set(keys.map((key) => key.accessKeyId)).size).toBe(3);
});
