import { Readable } from 'node:stream';
import { HttpResponse } from '@smithy/core/protocols';
import type { CallRule } from '../../packages/local/src/faults/rule.ts';
import { examine } from '../../scripts/doctor/examine.ts';
import { readOptions } from '../../scripts/doctor/options.ts';
import { isGood, reportLines } from '../../scripts/doctor/report.ts';
import { clientsOf, region } from '../../scripts/start/clients.ts';
import { installProvider } from '../stacks/provider.ts';
import { run } from '../stacks/run.ts';
import type { TestCloud } from '../stacks/test-cloud.ts';
import { startLocalProcess } from '../stacks/wire-cloud.ts';
import { installedCloud, stack } from './doctor-cloud.ts';

let cloud: TestCloud | undefined;

afterEach(async () => {
  await cloud?.stop();
  cloud = undefined;
});

/** Examines a good installation in which this call of the doctor fails. */
async function examined(fault: Omit<CallRule, 'on'>) {
  cloud = await installedCloud({ faults: [{ on: 'call', ...fault } as CallRule] });
  return examine(cloud.clients, { region, stack });
}

test.each([
  ['HeadBucket', 's3:ListBucket'],
  ['GetObject', 's3:GetObject'],
  ['HeadObject', 's3:GetObject'],
  ['GetFunctionConfiguration', 'lambda:GetFunctionConfiguration'],
  ['ListFunctions', 'lambda:ListFunctions'],
  ['GetFunctionConcurrency', 'lambda:GetFunctionConcurrency'],
  ['GetFunctionEventInvokeConfig', 'lambda:GetFunctionEventInvokeConfig'],
  ['GetAlias', 'lambda:GetAlias'],
  ['DescribeRule', 'events:DescribeRule'],
  ['GetParameter', 'ssm:GetParameter'],
  ['GetRole', 'iam:GetRole'],
  ['DescribeLogGroups', 'logs:DescribeLogGroups'],
  ['DescribeStateMachine', 'states:DescribeStateMachine'],
  ['DescribeSecret', 'secretsmanager:DescribeSecret'],
  ['ListRules', 'events:ListRules'],
  ['DescribeTrails', 'cloudtrail:DescribeTrails'],
  ['GetTrailStatus', 'cloudtrail:GetTrailStatus'],
  ['GetEventSelectors', 'cloudtrail:GetEventSelectors'],
])(
  'where %s is denied, it cannot be told, and the action is named; the other checks go on',
  async (operation, action) => {
    const all = await examined({ operation, fault: 'access-denied' });
    const findings = all.flatMap((one) => one.findings);
    expect(new Set(findings.map(({ verdict, what }) => `${verdict}: ${what}`))).toEqual(
      new Set([`could not tell: ${action}: denied`]),
    );
    expect(findings[0]!.cure).toBe(`Allow the caller ${action}, or run this as someone who may`);
    expect(all).toHaveLength(11);
    expect(isGood(all)).toBe(true);
  },
);

test.each([
  ['DescribeStacks', 'cloudformation:DescribeStacks'],
  ['ListStackResources', 'cloudformation:ListStackResources'],
])('where %s is denied, nothing can be told, and that is not good', async (operation, action) => {
  const all = await examined({ operation, fault: 'access-denied' });
  expect(reportLines(all)).toEqual([
    `could not tell  stack  ${action}: denied`,
    expect.stringContaining(`Cure: Allow the caller ${action}`),
    '',
    '0 of 1 checks found nothing, 0 to mend, 0 to look at, 1 could not be told',
  ]);
  expect(isGood(all)).toBe(false);
});

test('a service that fails is a question that may be asked again', async () => {
  const all = await examined({ operation: 'DescribeSecret', fault: 'internal-error' });
  expect(all.flatMap(({ findings }) => findings)).toEqual([
    {
      verdict: 'could not tell',
      what: expect.stringMatching(/^secretsmanager:DescribeSecret: InternalServiceError: /),
      cure: 'Run the same command again',
    },
  ]);
});

type Handle = (request: { method: string; path: string }, options: object) => Promise<{ response: HttpResponse }>;

/** Examines a good installation in which requests that fit get this response. */
async function examinedWith(
  fits: (request: { method: string; path: string }) => boolean,
  response: () => HttpResponse,
) {
  cloud = await installedCloud();
  const { requestHandler } = cloud.clientOptions as unknown as { requestHandler: { handle: Handle } };
  const handle: Handle = async (request, options) =>
    fits(request) ? { response: response() } : requestHandler.handle(request, options);
  const clients = clientsOf({ ...cloud.clientOptions, requestHandler: { ...requestHandler, handle } as never });
  return (await examine(clients, { region, stack })).flatMap(({ findings }) => findings);
}

test('a bucket elsewhere is told from the response with which S3 refuses the call', async () => {
  const headers = { 'x-amz-bucket-region': 'eu-west-1' };
  const findings = await examinedWith(
    ({ method, path }) => method === 'HEAD' && !path.includes('.zip'),
    () => new HttpResponse({ statusCode: 301, headers }),
  );
  expect(findings).toMatchObject([{ what: expect.stringContaining('is in eu-west-1, and the stack in us-east-1') }]);
});

test('a function that does not start, and whose update failed, is named with the reasons', async () => {
  const configuration = {
    FunctionName: 'studio-resources-seed-code',
    ...{ State: 'Failed', StateReason: 'the key is disabled', LastUpdateStatus: 'Failed' },
    LastUpdateStatusReason: 'the subnet is full',
  };
  const findings = await examinedWith(
    ({ path }) => path.endsWith('/functions/studio-resources-seed-code/configuration'),
    () => new HttpResponse({ statusCode: 200, body: Readable.from([Buffer.from(JSON.stringify(configuration))]) }),
  );
  expect(findings.map(({ what }) => what)).toEqual([
    'studio-resources-seed-code does not start: the key is disabled',
    'studio-resources-seed-code: its update failed: the subnet is full',
    expect.stringContaining('studio-resources-seed-code runs other code'),
  ]);
});

describe('the command', () => {
  test('ends with 0 where nothing has to be mended, and otherwise with 1', async () => {
    const local = await startLocalProcess();
    try {
      const doctor = async (...args: string[]) => {
        const running = run('scripts/doctor.ts', ['--endpoint', local.endpoint, ...args]);
        return { status: await running.exit, output: running.output() };
      };
      expect(await doctor()).toMatchObject({
        status: 1,
        output: expect.stringMatching(/^The stack studio-resources in us-east-1\nmend .*there is no such stack/),
      });
      await installProvider(local);
      expect(await doctor('--stack', stack, '--region', region)).toMatchObject({
        status: 0,
        output: expect.stringContaining('11 of 11 checks found nothing'),
      });
    } finally {
      await local.stop();
    }
  });

  test('ends with 1 and says why where there are no credentials', async () => {
    const env = { AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null' };
    const running = run('scripts/doctor.ts', ['--profile', 'none'], env);
    expect(await running.exit).toBe(1);
    expect(running.output()).toMatch(
      /could not tell {2}stack {2}cloudformation:DescribeStacks: CredentialsProviderError: /,
    );
  });

  test('ends with 1 where an option is wrong', async () => {
    const running = run('scripts/doctor.ts', ['--region', 'Ireland']);
    expect(await running.exit).toBe(1);
    expect(running.output()).toMatch(
      /^Reading the command line: --region takes a Region such as eu-west-1, not "Ireland"/,
    );
  });
});

test.each([
  [['--endpoint', 'http://127.0.0.1:1', '--profile', 'p'], 'it takes either --profile or --endpoint, not both'],
  [['--endpoint', '127.0.0.1:4566'], '--endpoint takes an address such as http://127.0.0.1:4566, not "127.0.0.1:4566"'],
  [['--stack', 'arn:aws:x'], '--stack takes the name of a stack such as studio-resources, not "arn:aws:x"'],
])('%j is refused and says what is right', (args, message) => {
  expect(() => readOptions(args)).toThrow(message);
});
