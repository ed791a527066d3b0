import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { startVirtualCloud, type VirtualCloud, type VirtualCloudOptions } from '@studio-resources/local';
import { openAccount } from '../../scripts/conform/account.ts';
import { readOptions } from '../../scripts/conform/options.ts';
import { count, json, outcomeLines, summary } from '../../scripts/conform/report.ts';
import { type Run, runScenarios } from '../../scripts/conform/run.ts';
import type { Scenario } from '../../scripts/conform/scenario.ts';
import { scenarios } from '../../scripts/conform/scenarios/index.ts';
import { clientsOf } from '../../scripts/start/clients.ts';
import { takeInventory } from '../../scripts/start/inventory.ts';
import { run } from '../stacks/run.ts';
import { temporaryDirectory } from '../stacks/temporary-directory.ts';

const directory = temporaryDirectory();
let cloud: VirtualCloud;

afterEach(async () => {
  await cloud?.close();
});

/** A run against a local cloud at virtual time. */
async function conform(
  chosen: readonly Scenario[],
  options: VirtualCloudOptions = {},
  signal?: AbortSignal,
): Promise<Run> {
  cloud = await startVirtualCloud(options);
  const account = await openAccount({
    config: cloud.clientOptions(),
    region: 'us-east-1',
    prefix: 'conform-test',
    time: { now: () => cloud.now().getTime(), pause: (ms) => cloud.pass(ms) },
    signal,
  });
  return runScenarios(chosen, account, undefined, signal);
}

const named = (...names: string[]) => scenarios.filter(({ name }) => names.includes(name));

test('the local cloud does all that is said of it, and nothing is left', async () => {
  const { outcomes, left } = await conform(scenarios);
  expect(outcomes.filter(({ verdict }) => verdict !== 'agreed').map(outcomeLines)).toEqual([]);
  expect(outcomes).toHaveLength(scenarios.length);
  expect(left).toEqual([]);
  const inventory = await takeInventory(clientsOf(cloud.clientOptions()));
  expect([...inventory].filter(([, found]) => found.length > 0)).toEqual([]);
}, 120_000);

test('an endpoint that does otherwise differs, and the report says what was expected and what was seen', async () => {
  const [scenario] = named('parameter-missing');
  const found = await conform([{ ...scenario!, expected: 'ParameterGone' }]);
  expect(found.outcomes.flatMap(outcomeLines)).toEqual([
    expect.stringMatching(/^differs .* parameter-missing /),
    expect.stringContaining('expected: ParameterGone'),
    expect.stringContaining('observed: ParameterNotFound'),
  ]);
  expect(count(found, 'differs')).toBe(1);
  expect(JSON.parse(json(found, { region: 'us-east-1', account: '000000000000' }))).toMatchObject({
    region: 'us-east-1',
    scenarios: [{ name: 'parameter-missing', verdict: 'differs', observed: 'ParameterNotFound' }],
    left: [],
  });
});

test('a denied call tells nothing about what was asked', async () => {
  const faults = [{ on: 'call' as const, operation: 'GetParameter', fault: 'access-denied' as const }];
  const { outcomes } = await conform(named('parameter-missing'), { faults });
  expect(outcomes).toMatchObject([
    { verdict: 'could not tell', observed: expect.stringContaining('AccessDeniedException') },
  ]);
});

test('what cannot be removed is named with the reason, and the rest is removed', async () => {
  const faults = [{ on: 'call' as const, operation: 'DeleteVpc', fault: 'access-denied' as const }];
  const found = await conform(named('security-group-in-rule'), { faults });
  expect(found.left).toEqual([expect.stringMatching(/^VPC vpc-\w+: .*DeleteVpc/)]);
  expect(summary(found)).toContainEqual(expect.stringMatching(/^Not removed: VPC vpc-/));
  const inventory = await takeInventory(clientsOf(cloud.clientOptions()));
  expect(inventory.get('Security groups') ?? []).toEqual([]);
});

test('an interrupted run removes what it has created', async () => {
  const interrupt = new AbortController();
  const interrupting: Scenario = {
    ...named('security-group-in-rule')[0]!,
    async observe(account) {
      const { observe } = named('security-group-in-rule')[0]!;
      await observe(account);
      interrupt.abort(new Error('the run was interrupted'));
      return account.until<string>('something that never is', async () => undefined);
    },
  };
  const { outcomes, left } = await conform([interrupting, ...named('parameter-missing')], {}, interrupt.signal);
  expect(outcomes).toMatchObject([{ verdict: 'could not tell', observed: 'the run was interrupted' }]);
  expect(left).toEqual([]);
});

test('names and facts are unique, and every fact that is not unverified has a source', () => {
  expect(new Set(scenarios.map(({ name }) => name)).size).toBe(scenarios.length);
  expect(new Set(scenarios.map(({ fact }) => fact)).size).toBe(scenarios.length);
  const unfounded = scenarios.filter(({ certainty, source }) => certainty !== 'unverified' && /no source/.test(source));
  expect(unfounded).toEqual([]);
});

describe('the command', () => {
  let server: Server | undefined;

  afterEach(() => {
    server?.close();
  });

  /** A server that knows who calls, and nothing else; its port. `asked` has what it was asked. */
  async function serveIdentity(asked: string[] = []): Promise<number> {
    server = createServer(async (request, response) => {
      const body = (await Array.fromAsync(request)).join('');
      asked.push(request.headers['x-amz-target']?.toString() ?? /Action=(\w+)/.exec(body)?.[1] ?? request.url!);
      if (!body.includes('Action=GetCallerIdentity')) return void response.writeHead(501).end('not implemented');
      response.end(
        '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>' +
          '<Arn>arn:aws:iam::111122223333:user/tester</Arn><Account>111122223333</Account>' +
          '</GetCallerIdentityResult></GetCallerIdentityResponse>',
      );
    });
    const listening = server;
    await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
    return (listening.address() as AddressInfo).port;
  }

  const own = { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'example', AWS_MAX_ATTEMPTS: '1' };

  test('runs to its end against an endpoint that has none of the services', async () => {
    const port = await serveIdentity();
    const file = join(directory(), 'conform.json');
    const args = ['--endpoint', `http://127.0.0.1:${port}`, '--json', file];
    const running = run('scripts/conform.ts', args, own);
    expect(await running.exit).toBe(0);
    expect(running.output()).toContain(`0 agreed, 0 differ, ${scenarios.length} could not be told`);
    expect(running.output()).toContain(`The results are in ${file}`);
  }, 60_000);

  test('says what it would create, and creates nothing, where the endpoint is not on this machine and --yes is missing', async () => {
    const asked: string[] = [];
    const port = await serveIdentity(asked);
    const running = run('scripts/conform.ts', ['--endpoint', `http://0.0.0.0:${port}`], own);
    expect(await running.exit).toBe(1);
    expect(running.output()).toMatch(
      /Account 111122223333, Region us-east-1, as arn:aws:iam::111122223333:user\/tester\n.*a VPC with one subnet.*It costs less than .*add --yes\n$/s,
    );
    expect(asked).toEqual(['GetCallerIdentity']);
  });

  test('says what to check where the caller cannot be told', async () => {
    const running = run('scripts/conform.ts', ['--endpoint', 'http://127.0.0.1:9'], own);
    expect(await running.exit).toBe(1);
    expect(running.output()).toMatch(
      /^Asking for the identity of the caller: .*ECONNREFUSED.*Check the endpoint and the credentials\n$/,
    );
  });
});

test.each([
  [[], 'give either --endpoint or --profile; neither is given.\nRun npm run conform -- --help'],
  [['--endpoint', 'http://127.0.0.1:1', '--profile', 'p'], 'give either --endpoint or --profile; both are given'],
  [['--endpoint', '127.0.0.1:4566'], '--endpoint takes an address such as http://127.0.0.1:4566, not "127.0.0.1:4566"'],
  [['--profile', 'p', 'domain-mising'], 'there is no scenario "domain-mising". There are domain-missing, '],
])('%j is refused and says what is right', (args, message) => {
  expect(() => readOptions(args, scenarios)).toThrow(message);
});
