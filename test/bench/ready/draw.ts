import * as SageMaker from '@aws-sdk/client-sagemaker';
import type { ExecutionRecord } from '../../../packages/local/src/services/sfn/records.ts';
import { VirtualCloud } from '../../../packages/local/src/virtual/virtual-cloud.ts';
import { assertDeployed, type Installation } from './installation.ts';

/** Who creates a domain: its function, all functions that work for it, and its state machine. */
export interface Contender {
  name: string;
  /** What its ServiceToken is in a template. */
  token: unknown;
  functions: readonly string[];
  stateMachine?: string;
}

const arn = (name: string) => `arn:aws:lambda:us-east-1:000000000000:function:${name}`;

const framework = (prefix: string) =>
  ['on-event', 'user-on-event', 'is-complete', 'user-is-complete'].map((name) => `${prefix}-${name}`);

export const ours = 'Custom::StudioDomain';

export const contenders: readonly Contender[] = [
  {
    name: ours,
    token: { 'Fn::ImportValue': 'StudioDomainServiceToken' },
    functions: ['studio-resources-studio-domain'],
    stateMachine: 'studio-resources-waiter',
  },
  { name: 'polling in one invocation, every 5 s', token: arn('poll'), functions: ['poll'] },
  ...[5, 30].map((interval) => ({
    name: `the CDK's provider framework, every ${interval} s`,
    token: arn(`Cdk${interval}-on-event`),
    functions: framework(`Cdk${interval}`),
    stateMachine: `Cdk${interval}-waiter`,
  })),
];

/** What it took a contender to create a domain. */
export interface Creation {
  /** Virtual seconds from when the domain was ready until the response was there. */
  lag: number;
  describeCalls: number;
  invocations: number;
  gigabyteSeconds: number;
  /** States that were entered, and retries of tasks. */
  transitions: number;
}

/** Each contender creates a domain that takes so many seconds, in one cloud at virtual time. */
export async function draw(
  { from, domain }: Installation,
  seconds: number,
  seed: number,
): Promise<Map<string, Creation>> {
  const virtual = new VirtualCloud({
    seed,
    from,
    faults: [
      { on: 'resource', fault: 'stuck', kind: 'domain', during: 'create', seconds },
      { on: 'quota', fault: 'limit', quota: 'Total domains', value: contenders.length },
    ],
  });
  try {
    const responded = new Map<string, number>();
    virtual.cloud.events.on('objectCreated', ({ bucket, body }) => {
      if (!bucket.startsWith('cloudformation-custom-resource-response-')) return;
      const { StackId } = JSON.parse(Buffer.from(body).toString()) as { StackId: string };
      responded.set(StackId.split('/')[1]!, virtual.now().getTime());
    });
    const stacks = await Promise.all(
      contenders.map(({ token }, n) =>
        virtual.deploy(`stack-${n}`, { template: templateOf(token, `domain-${n}`, domain) }),
      ),
    );
    assertDeployed('Creating domains', stacks);
    // The state machines and functions end after the response.
    await virtual.pass(60_000);
    const client = new SageMaker.SageMakerClient(virtual.clientOptions());
    const { Domains = [] } = await client.send(new SageMaker.ListDomainsCommand({}));
    const calls = virtual.calls();
    const creations = contenders.map(async ({ name, functions, stateMachine }, n) => {
      const { DomainId, CreationTime } = Domains.find(({ DomainName }) => DomainName === `domain-${n}`)!;
      const reports = (await Promise.all(functions.map((one) => virtual.logLines(one)))).flat().flatMap(reported);
      const creation: Creation = {
        lag: (responded.get(`stack-${n}`)! - CreationTime!.getTime()) / 1000 - seconds,
        describeCalls: calls.filter(
          ({ operation, request }) =>
            operation === 'DescribeDomain' && (request as { DomainId?: string }).DomainId === DomainId,
        ).length,
        invocations: reports.length,
        gigabyteSeconds: reports.reduce((sum, { ms, megabytes }) => sum + (ms / 1000) * (megabytes / 1024), 0),
        transitions: transitionsOf(virtual, stateMachine),
      };
      return [name, creation] as const;
    });
    return new Map(await Promise.all(creations));
  } finally {
    await virtual.discard();
  }
}

function templateOf(ServiceToken: unknown, DomainName: string, domain: Record<string, unknown>): string {
  const Type = typeof ServiceToken === 'string' ? 'Custom::Domain' : ours;
  return JSON.stringify({ Resources: { Domain: { Type, Properties: { ServiceToken, DomainName, ...domain } } } });
}

/** A REPORT line of Lambda, as text or as JSON. */
function reported(line: string): { ms: number; megabytes: number }[] {
  const ms = /Billed Duration: (\d+) ms/.exec(line)?.[1] ?? /"billedDurationMs":\s*(\d+)/.exec(line)?.[1];
  const megabytes = /Memory Size: (\d+) MB/.exec(line)?.[1] ?? /"memorySizeMB":\s*(\d+)/.exec(line)?.[1];
  return ms === undefined ? [] : [{ ms: Number(ms), megabytes: Number(megabytes) }];
}

/**
 * AWS bills a transition each time a step is executed, retries included
 * (https://aws.amazon.com/step-functions/pricing/, read on 2026-12-01).
 */
function transitionsOf(virtual: VirtualCloud, stateMachine: string | undefined): number {
  const executions = [...virtual.cloud.store.tables()]
    .filter(({ service, name }) => service === 'sfn' && name === 'executions')
    .flatMap(({ table }) => [...table.values()] as ExecutionRecord[])
    .filter(({ stateMachineName }) => stateMachineName === stateMachine);
  const count = (pattern: RegExp) =>
    executions.flatMap(({ history }) => history).filter(({ type = '' }) => pattern.test(type)).length;
  return count(/StateEntered$/) + count(/^(Task|LambdaFunction)Scheduled$/) - count(/^TaskStateEntered$/);
}
