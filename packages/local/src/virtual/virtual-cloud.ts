import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Exchange } from '../cloud-events.ts';
import { findStack, isInProgress, type StackRecord } from '../cloudformation/stack.ts';
import { createCloud } from '../create-cloud.ts';
import { readFaults } from '../faults/read.ts';
import type { InjectedFault, Rule } from '../faults/rule.ts';
import { authorise } from '../iam/authorise.ts';
import type { FailedInvocation } from '../lambda/executor.ts';
import { accountPrincipal } from '../principal.ts';
import { redacted } from '../record.ts';
import type { Cloud, Service } from '../service.ts';
import { allServices } from '../services/all.ts';
import { createCodeBuild } from '../services/ci/codebuild/index.ts';
import { followServices } from '../services/eventbridge/bus.ts';
import { followCalls } from '../services/eventbridge/trail.ts';
import { createLambda } from '../services/lambda/index.ts';
import { logs } from '../services/logs/index.ts';
import { Store } from '../store.ts';
import { userCredentials } from '../studio/credentials.ts';
import { type ClientOptions, clientOptions, type Keys } from './client-options.ts';
import type { Deployment, StackResult } from './deployment.ts';
import { fetchFrom } from './fetch.ts';
import type { Send } from './http-module.ts';
import { network } from './network.ts';
import { noBuilds } from './no-builds.ts';
import { checkOptions, type SavedCloud, type VirtualCloudOptions } from './options.ts';
import { publish } from './publish.ts';
import { randomness } from './randomness.ts';
import { virtualRunner } from './runner.ts';
import { countEvents, resultOf, stacksInProgress, startDelete, startDeploy, startUpdate } from './stacks.ts';
import { NothingScheduled, VirtualTime } from './virtual-time.ts';

/** When a cloud begins that goes on from no other. */
const start = Date.parse('2026-11-21T06:24:00Z');

/** Virtual milliseconds: longer than any operation on a stack may take. */
const longest = 48 * 3_600_000;

const second = 1000;
const hour = 3600 * second;

/**
 * The local cloud in this process, at virtual time: its functions run within it, and SDK clients reach it without a
 * socket. Time passes only while something is waited for, and then jumps from event to event. The same calls with the
 * same seed give the same events, on any machine and under any load.
 */
export class VirtualCloud {
  /** @internal */
  readonly time: VirtualTime;
  /** @internal */
  readonly cloud: Cloud & { close(): void };
  readonly account: string;
  readonly region: string;
  /** The directory with the files of file systems, each in a directory of its own. */
  readonly files = mkdtempSync(join(tmpdir(), 'studio-resources-files-'));
  /** The invocations that failed, oldest first. */
  readonly failedInvocations: FailedInvocation[] = [];
  /** The faults that were injected, oldest first. */
  readonly injectedFaults: InjectedFault[] = [];
  readonly #exchanges: Exchange[] = [];
  /** The first of them, as others may see them. */
  readonly #redacted: Exchange[] = [];
  readonly #lambda: ReturnType<typeof createLambda>;
  readonly #send: Send;

  constructor({
    seed = 1,
    durations,
    faults = [],
    account = '000000000000',
    region = 'us-east-1',
    services = [],
    from,
  }: Omit<VirtualCloudOptions, 'faults'> & { faults?: readonly Rule[]; services?: readonly Service[] } = {}) {
    this.account = account;
    this.region = region;
    const store = new Store();
    this.time = new VirtualTime(from ? store.load(from.state) : start);
    // Durations are drawn from the store's numbers.
    for (let count = seed % 9973; count > 0; count -= 1) store.next();
    const chance = randomness(seed);
    this.#send = network(this.time, chance.fork('network'), () => this.cloud);
    this.#lambda = createLambda({
      runner: virtualRunner({
        time: this.time,
        randomness: chance.fork('functions'),
        send: this.#send,
        files: this.files,
      }),
      onFailure: (failure) => this.failedInvocations.push(failure),
    });
    this.cloud = createCloud({
      clock: this.time,
      store,
      endpoint: 'http://127.0.0.1:4566',
      services: [...allServices({ lambda: this.#lambda, codebuild: createCodeBuild(noBuilds) }), ...services],
      authorise,
      durations,
      faults: { rules: faults, seed },
    });
    followCalls(this.cloud);
    followServices(this.cloud);
    this.cloud.events.on('exchange', (exchange) => this.#exchanges.push(exchange));
    this.cloud.events.on('fault', (fault) => this.injectedFaults.push(fault));
  }

  /** Virtual time. */
  now(): Date {
    return new Date(this.time.now());
  }

  /** Lets virtual milliseconds pass. */
  pass(ms: number): Promise<void> {
    return this.time.pass(ms);
  }

  /**
   * Lets time pass until the condition holds; it is looked at once a virtual second. Throws an Error that says `what` was
   * waited for where it did not come in 48 hours, or never will.
   */
  async until(condition: () => unknown, what = 'the condition holds'): Promise<void> {
    const end = this.time.now() + longest;
    while (!(await condition())) {
      if (this.time.now() >= end) throw this.#waitError(what, 'it has not come in 48 hours');
      await this.time.pass(second);
    }
  }

  /** Waits for a promise that depends on what happens in the cloud. Throws where nothing is left that could settle it. */
  async during<T>(promise: Promise<T>, what = 'a promise to be settled'): Promise<T> {
    try {
      return await this.time.during(promise);
    } catch (error) {
      if (error instanceof NothingScheduled) throw this.#waitError(what, error.message);
      throw error;
    }
  }

  /**
   * Options for any SDK client: it reaches this cloud, as the account or whom the keys are for. Its waits between attempts
   * are virtual too.
   */
  clientOptions(as: string | Keys = this.account, region = this.region): ClientOptions {
    return clientOptions({ time: this.time, send: this.#send, endpoint: this.cloud.endpoint, region }, as);
  }

  /** What the apps of a user profile, by its ARN, call AWS with: keys of its execution role. Throws where there is none. */
  async userKeys(userProfileArn: string): Promise<Keys> {
    const keys = this.time.during(userCredentials(this.cloud, userProfileArn));
    const { accessKeyId, secretAccessKey, sessionToken } = await keys;
    return { accessKeyId, secretAccessKey, sessionToken };
  }

  /** The global `fetch`, into this cloud: for presigned URLs. */
  fetch: typeof globalThis.fetch = (input, init) => this.time.during(fetchFrom(this.#send)(input, init));

  /** Creates the stack, or updates the one of that name, and follows it to its end. Throws where it is refused. */
  deploy(name: string, deployment: Deployment): Promise<StackResult> {
    return this.#follow(name, () => startDeploy(this.#home, name, deployment));
  }

  /** Updates the stack with what changes, and follows it to its end. It keeps what is left out. */
  update(name: string, changes: Partial<Deployment>): Promise<StackResult> {
    return this.#follow(name, () => startUpdate(this.#home, name, changes));
  }

  /** Deletes the stack, and follows it to its end. */
  remove(name: string): Promise<StackResult> {
    return this.#follow(name, () => startDelete(this.#home, name));
  }

  /**
   * Puts every file of a directory, and of those within it, into a bucket of this cloud, which is created where it does
   * not exist. Gives the URL of what is there: of `provider.yaml` it is `${url}/provider.yaml`.
   */
  publish(directory: string, place: { bucket: string; prefix: string }): Promise<string> {
    return publish(this.#home, directory, place);
  }

  /** Every call that was made so far, oldest first; secrets are left out, as in `--record`. */
  calls(): Exchange[] {
    for (const exchange of this.#exchanges.slice(this.#redacted.length)) {
      this.#redacted.push(redacted(this.cloud, exchange));
    }
    return [...this.#redacted];
  }

  /** What a function has logged, oldest first. Empty where it has not. */
  async logLines(functionName: string): Promise<string[]> {
    const as = { principal: accountPrincipal(this.account), region: this.region };
    const lines: string[] = [];
    let nextToken: string | undefined;
    do {
      const input = { logGroupName: `/aws/lambda/${functionName}`, nextToken };
      const page = await this.cloud.invoke(logs, 'FilterLogEvents', input, as).catch((error: Error) => {
        if (error.name === 'ResourceNotFoundException') return { events: [], nextToken: undefined };
        throw error;
      });
      lines.push(...(page.events ?? []).map(({ message = '' }) => message));
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    return lines;
  }

  /** The whole state, once nothing is in progress: other clouds start from it. Throws where something still runs after an hour. */
  async save(): Promise<SavedCloud> {
    await this.time.pass(hour, () => this.running().length === 0);
    const running = this.running();
    if (running.length > 0) throw new Error(`Saving the virtual cloud: still running: ${running.join(', ')}`);
    return { state: this.cloud.store.save(this.time.now()) };
  }

  /** What is under way: operations on stacks, and executions of state machines. */
  running(): string[] {
    const executions = [...this.cloud.store.tables()]
      .filter(({ service, name }) => service === 'sfn' && name === 'executions')
      .flatMap(({ table }) => [...table.values()] as { arn: string; status: string }[])
      .filter(({ status }) => status === 'RUNNING');
    return [
      ...stacksInProgress(this.cloud.store).map(({ name, status }) => `stack ${name} (${status})`),
      ...executions.map(({ arn }) => `execution ${arn}`),
    ];
  }

  /**
   * Lets what is about to end come to its end, and ends the cloud. Throws an Error that names what was still running an
   * hour later; that ends too.
   */
  async close(): Promise<void> {
    await this.time.pass(hour, () => this.running().length === 0);
    const running = this.running();
    await this.discard();
    if (running.length > 0) {
      throw new Error(`Closing the virtual cloud: still running at ${this.now().toISOString()}: ${running.join(', ')}`);
    }
  }

  /** Ends it, whatever runs. */
  async discard(): Promise<void> {
    this.cloud.close();
    await this.#lambda.close();
    rmSync(this.files, { recursive: true, force: true });
  }

  get #home() {
    return { cloud: this.cloud, account: this.account, region: this.region };
  }

  async #follow(name: string, begin: () => Promise<StackRecord>): Promise<StackResult> {
    const before = countEvents(this.#home, name);
    const stack = await this.time.during(begin());
    const isOver = () => !isInProgress(stack.status);
    await this.time.pass(longest, isOver);
    if (!isOver()) throw this.#waitError(`stack ${name} to be at rest`, 'it has not come in 48 hours');
    return resultOf(this.#home, findStack(this.#home, stack.id) ?? stack, before);
  }

  #waitError(what: string, why: string): Error {
    const running = this.running();
    const still = running.length > 0 ? ` Still running: ${running.join(', ')}` : ' Nothing is running';
    return new Error(`Waiting for ${what}: ${why}.${still}`);
  }
}

/**
 * Makes a cloud at virtual time: in this process, empty or as another was saved. Throws where an option is wrong, where the
 * faults file cannot be read, and where a rule of faults can never match.
 */
export async function startVirtualCloud(options: VirtualCloudOptions = {}): Promise<VirtualCloud> {
  checkOptions(options);
  const { faults = [], ...rest } = options;
  return new VirtualCloud({ ...rest, faults: typeof faults === 'string' ? await readFaults(faults) : faults });
}
