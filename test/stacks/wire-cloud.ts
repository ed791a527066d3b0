import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs';
import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import type { Exchange } from '../../packages/local/src/cloud-events.ts';
import type { InjectedFault } from '../../packages/local/src/faults/rule.ts';
import { account, type Keys, region } from '../../scripts/start/clients.ts';
import { type Caller, callerOf } from './caller.ts';
import { installProvider } from './provider.ts';
import { run } from './run.ts';
import type { TestCloud, TestCloudOptions } from './test-cloud.ts';

/** How many times as fast as real time the clock is. */
const speed = 20;

/** A local cloud in a process of its own, called as the account, with what it has printed. */
export interface LocalProcess extends Caller {
  readonly endpoint: string;
  /** A caller: another account, the owner of these keys, or the account in another Region. */
  as(who?: string | Keys, region?: string): Caller;
  output(): string;
  stop(): Promise<void>;
}

/**
 * Starts the local cloud as `npm run local` does, on a free port. The services are quick rather than the clock: on a
 * fast clock a moment's load would be minutes, and a function would run out of time.
 */
export async function startLocalProcess(args: string[] = [], env: Record<string, string> = {}): Promise<LocalProcess> {
  const usual = ['--port', '0', '--speed', `${speed}`, '--durations', '0.1', ...(await recording(args))];
  const running = run('packages/local/src/cli.ts', [...usual, ...args], env);
  const [endpoint] = await running.until(/http:\/\/127\.0\.0\.1:\d+/);
  return { endpoint, output: running.output, stop: running.stop, ...callersAt(endpoint) };
}

/** The account that calls the local cloud which listens there, and others. */
export function callersAt(endpoint: string): Pick<LocalProcess, keyof Caller | 'as'> {
  const as: LocalProcess['as'] = (who = account, inRegion = region) => {
    const credentials = typeof who === 'string' ? { accessKeyId: who, secretAccessKey: 'local' } : who;
    return callerOf({ endpoint, region: inRegion, credentials }, { pause: () => sleep(100), until });
  };
  return { ...as(), as };
}

async function until(condition: () => unknown): Promise<void> {
  while (!(await condition())) await sleep(50);
}

/** Where the environment names a directory, every cloud is recorded there, for `npm run rights`. */
export async function recording(args: readonly string[] = []): Promise<string[]> {
  const directory = process.env.RECORD_TO;
  if (!directory) return [];
  const file = join(directory, `${randomUUID()}.jsonl`);
  const own = args.indexOf('--record');
  if (own < 0) return ['--record', file];
  // A test that looks at a recording of its own removes it.
  await symlink(file, args[own + 1]!);
  return [];
}

/** The local cloud behind a socket; its functions are processes. */
export async function startWireCloud({ provider = {}, faults, seed }: TestCloudOptions): Promise<TestCloud> {
  const directory = await mkdtemp(join(tmpdir(), 'studio-resources-test-'));
  const [files, record, rules] = ['files', 'calls.jsonl', 'faults.json'].map((name) => join(directory, name));
  if (faults) await writeFile(rules!, JSON.stringify({ rules: faults }));
  const local = await startLocalProcess([
    ...['--files', files!, '--record', record!],
    ...(faults ? ['--faults', rules!] : []),
    ...(faults && seed !== undefined ? ['--seed', `${seed}`] : []),
  ]);
  const recorded = async () =>
    (await readFile(record!, 'utf8'))
      .split('\n')
      .filter((line) => line.endsWith('}'))
      .map((line): Partial<Exchange> & { fault?: InjectedFault } => JSON.parse(line));
  const cloud: TestCloud = {
    ...local,
    kind: 'wire',
    files: files!,
    pass: (ms) => sleep(ms / speed),
    userKeys: (arn) => userKeys(local.endpoint, arn),
    calls: async () => (await recorded()).filter((line): line is Exchange => line.operation !== undefined),
    injectedFaults: async () => (await recorded()).flatMap(({ fault }) => (fault ? [fault] : [])),
    async logLines(name) {
      const pages = paginateFilterLogEvents({ client: local.clients.logs }, { logGroupName: `/aws/lambda/${name}` });
      return (await Array.fromAsync(pages)).flatMap(({ events = [] }) => events.map(({ message = '' }) => message));
    },
    fetch: globalThis.fetch,
    async stop() {
      await local.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
  if (provider) await installProvider(cloud, provider);
  return cloud;
}

/** The credentials, as the SDK finds them in a user's app. */
async function userKeys(endpoint: string, userProfileArn: string): Promise<Keys> {
  const variable = 'AWS_CONTAINER_CREDENTIALS_FULL_URI';
  const before = process.env[variable];
  process.env[variable] = `${endpoint}/_sagemaker-instance-credentials/${userProfileArn}`;
  const client = new SageMakerClient({ region });
  try {
    return await client.config.credentials();
  } finally {
    client.destroy();
    if (before === undefined) delete process.env[variable];
    else process.env[variable] = before;
  }
}
