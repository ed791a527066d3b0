import { randomUUID } from 'node:crypto';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { mockClient } from 'aws-sdk-client-mock';
import type { StateKey } from '../../../../packages/core/src/waiting/state-key.ts';

/** The secret of the waiter's states, as Secrets Manager has it. */
export interface StateSecret {
  /** Another one for each test. */
  readonly arn: string;
  /** Its current version. */
  readonly key: StateKey;
  /** The version that each call has asked for; undefined for the current one. */
  readonly reads: readonly (string | undefined)[];
  /** Makes a new version the current one, and the current one the previous. A random one, unless it is given. */
  rotate(version?: StateKey): StateKey;
  /** From now on calls fail with this error; undefined: no longer. */
  fail(error?: Error): void;
}

/** Gives the function a secret during each test, which the mock of a client reads. */
export function stateSecret(): StateSecret {
  const service = mockClient(SecretsManagerClient);
  let arn = '';
  let reads: (string | undefined)[] = [];
  let versions: StateKey[] = [];
  let failure: Error | undefined;
  const rotate = (version: StateKey = { id: randomUUID(), text: randomUUID() }) => {
    versions.unshift(version);
    return version;
  };
  beforeEach(() => {
    arn = `arn:aws:secretsmanager:eu-west-1:111122223333:secret:StateKey-${randomUUID()}`;
    reads = [];
    versions = [];
    failure = undefined;
    rotate();
    process.env.STATE_KEY_ARN = arn;
    service.reset();
    service.on(GetSecretValueCommand).callsFake(({ SecretId, VersionId }) => {
      reads.push(VersionId);
      if (failure) throw failure;
      const at = versions.findIndex(({ id }) => VersionId === undefined || id === VersionId);
      const found = SecretId === arn ? versions[at] : undefined;
      if (!found) throw Object.assign(new Error('not there'), { name: 'ResourceNotFoundException' });
      const stage = ['AWSCURRENT', 'AWSPREVIOUS'][at];
      return { SecretString: found.text, VersionId: found.id, VersionStages: stage === undefined ? [] : [stage] };
    });
  });
  afterEach(() => {
    delete process.env.STATE_KEY_ARN;
  });
  afterAll(() => service.restore());
  return {
    get arn() {
      return arn;
    },
    get key() {
      return versions[0]!;
    },
    get reads() {
      return reads;
    },
    rotate,
    fail(error) {
      failure = error;
    },
  };
}
