import { setTimeout as sleep } from 'node:timers/promises';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { type ClientConfig, type Clients, clientsOf } from '../start/clients.ts';
import { unless } from './answers.ts';

/** Time as a run of the kit has it. */
export interface Time {
  now(): number;
  pause(ms: number): Promise<unknown>;
}

const realTime: Time = { now: () => Date.now(), pause: (ms) => sleep(ms) };

/** Something that a run has created, and how to remove it. */
interface Made {
  what: string;
  remove(): Promise<unknown>;
}

export interface Identity {
  id: string;
  arn: string;
  partition: string;
}

/** The account that a run asks, and what it has created there. */
export class Account {
  readonly clients: Clients;
  readonly region: string;
  /** What is created has a name that begins with it. */
  readonly prefix: string;
  readonly identity: Identity;
  readonly #config: ClientConfig;
  readonly #time: Time;
  readonly #made: Made[] = [];
  readonly #once = new Map<string, Promise<unknown>>();
  /** Aborted when the user interrupts the run. */
  readonly #signal: AbortSignal | undefined;

  constructor({ config, identity, region, prefix, time = realTime, signal }: AccountOptions & { identity: Identity }) {
    this.clients = clientsOf(config);
    this.#config = config;
    this.identity = identity;
    this.region = region;
    this.prefix = prefix;
    this.#time = time;
    this.#signal = signal;
  }

  /** The clients of a session of this role; undefined while it cannot be assumed. */
  async assume(RoleArn: string): Promise<Clients | undefined> {
    const request = new AssumeRoleCommand({ RoleArn, RoleSessionName: this.prefix });
    const { Credentials } = (await unless(/^AccessDenied/, new STSClient(this.#config).send(request))) ?? {};
    const { AccessKeyId = '', SecretAccessKey = '', SessionToken } = Credentials ?? {};
    const credentials = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
    return Credentials && clientsOf({ ...this.#config, credentials });
  }

  /** A name for something new: the prefix and these words. */
  name(words: string): string {
    return `${this.prefix}-${words}`;
  }

  /** Remembers how to remove what was created. The last is removed first. */
  made(what: string, remove: () => Promise<unknown>): void {
    this.#made.push({ what, remove });
  }

  /** What `create` gives, from its first call on. */
  once<T>(what: string, create: () => Promise<T>): Promise<T> {
    const known = this.#once.get(what) ?? create();
    this.#once.set(what, known);
    return known as Promise<T>;
  }

  /**
   * Asks again and again until there is an answer, for so many minutes at most.
   *
   * @throws Error when there is none by then, or the run is interrupted; the message says what was waited for
   */
  async until<T>(what: string, ask: () => Promise<T | undefined>, minutes = 30): Promise<T> {
    const end = this.#time.now() + minutes * 60_000;
    for (let wait = 250; ; wait = Math.min(wait * 1.5, 15_000)) {
      const answer = await ask();
      if (answer !== undefined) return answer;
      this.#signal?.throwIfAborted();
      if (this.#time.now() > end) throw new Error(`Waiting for ${what}: ${minutes} minutes have passed`);
      await this.pause(wait);
    }
  }

  /** Asks for something of SageMaker, as `until` does, until it is no longer found. */
  async untilGone(what: string, ask: () => Promise<unknown>): Promise<void> {
    const isGone = async () => ((await unless(/^ResourceNotFound/, ask())) === undefined ? true : undefined);
    await this.until(`${what} to be deleted`, isGone);
  }

  pause(ms = 2000): Promise<unknown> {
    return this.#time.pause(ms);
  }

  /** Removes everything that was created. Gives what is left, each with the reason. */
  async removeAll(): Promise<string[]> {
    const left: string[] = [];
    for (const { what, remove } of this.#made.splice(0).toReversed()) {
      try {
        await remove();
      } catch (error) {
        left.push(`${what}: ${(error as Error).message}`);
      }
    }
    return left;
  }
}

export interface AccountOptions {
  config: ClientConfig & { profile?: string };
  region: string;
  prefix: string;
  time?: Time;
  signal?: AbortSignal;
}

/** The account that these credentials are for. Throws an Error that says so where there are none, or wrong ones. */
export async function openAccount(options: AccountOptions): Promise<Account> {
  try {
    const { Account: id = '', Arn: arn = '' } = await new STSClient(options.config).send(
      new GetCallerIdentityCommand(),
    );
    return new Account({ ...options, identity: { id, arn, partition: arn.split(':')[1] ?? 'aws' } });
  } catch (cause) {
    const reason = (cause as Error).message || (cause as NodeJS.ErrnoException).code;
    throw new Error(`Asking for the identity of the caller: ${reason}. Check the endpoint and the credentials`, {
      cause,
    });
  }
}
