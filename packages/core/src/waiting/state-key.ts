import { InvalidRequestError, KeyUnavailableError } from '../errors.ts';
import type { SecretVersion } from './read-secret.ts';

/** A key that seals states and signs responses: a version of the secret that `STATE_KEY_ARN` names. */
export type StateKey = Pick<SecretVersion, 'id' | 'text'>;

/** After so long, in milliseconds, an environment asks whether the key was rotated. */
const FRESH = 300_000;

/** It asks again after so long where Secrets Manager could not be asked. */
const RETRY = 60_000;

/** As long as a request may take. A key that has lost its labels opens nothing for longer. */
const LONGEST_USE = 3_600_000;

/** Versions that open a state: the current one, and the one before it. */
const accepted = ['AWSCURRENT', 'AWSPREVIOUS'];

interface Read {
  readonly key: StateKey;
  readonly at: number;
}

/** What this environment has read, by the secret's ARN and the version's id. */
const keys = new Map<string, Read>();
const current = new Map<string, Read>();

/**
 * The key that seals now. Where Secrets Manager cannot be asked, the one that was current before goes on.
 *
 * @throws KeyUnavailableError where this environment has read none yet, and cannot
 */
export async function currentKey(): Promise<StateKey> {
  const arn = secretArn();
  const known = current.get(arn);
  if (known && Date.now() - known.at < FRESH) return known.key;
  try {
    return await read(arn);
  } catch (error) {
    if (!known) throw error;
    current.set(arn, { ...known, at: Date.now() - FRESH + RETRY });
    return known.key;
  }
}

/**
 * The key of an id that a state or a response names.
 *
 * @throws InvalidRequestError where the secret has no such version, or it is neither the current nor the previous one
 * @throws KeyUnavailableError where the secret cannot be read now
 */
export async function keyOf(id: string): Promise<StateKey> {
  const arn = secretArn();
  const known = keys.get(`${arn} ${id}`);
  if (known && Date.now() - known.at < LONGEST_USE) return known.key;
  const unknown = new InvalidRequestError(
    `Reading the waiter's state: ${arn} has no current or previous version ${JSON.stringify(id).slice(0, 80)}`,
  );
  // Secrets Manager's ids of versions are the tokens of the requests that wrote them.
  if (!/^[\w-]{32,64}$/.test(id)) throw unknown;
  try {
    return await read(arn, id);
  } catch (error) {
    if (!(error instanceof KeyUnavailableError) || !isNotFound(error.cause)) throw error;
    // The same error says that the whole secret does not exist; with the secret, the version may come back.
    await read(arn);
    throw unknown;
  }
}

/** Reads a version; without an id, the current one. */
async function read(arn: string, id?: string): Promise<StateKey> {
  try {
    // Off the start path: most requests need no waiter, and so no key.
    const { readSecret } = await import('./read-secret.ts');
    const { stages, ...key } = await readSecret(arn, id);
    if (!stages.some((stage) => accepted.includes(stage))) throw new LabelError(`Version ${key.id} has no label`);
    const found = { key, at: Date.now() };
    keys.set(`${arn} ${key.id}`, found);
    if (stages.includes('AWSCURRENT')) current.set(arn, found);
    return key;
  } catch (cause) {
    const message = `Reading the key of the waiter's states, by secretsmanager:GetSecretValue of ${arn}`;
    throw new KeyUnavailableError(message, { cause });
  }
}

/** A version that is no longer in use, and that Secrets Manager has not yet deleted. */
class LabelError extends Error {
  override name = 'LabelError';
}

function isNotFound(error: unknown): boolean {
  return error instanceof LabelError || (error instanceof Error && error.name === 'ResourceNotFoundException');
}

function secretArn(): string {
  const arn = process.env.STATE_KEY_ARN;
  if (!arn) throw new InvalidRequestError("Reading the waiter's state: the function has no STATE_KEY_ARN");
  return arn;
}
