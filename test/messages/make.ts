import { PutObjectCommand } from '@aws-sdk/client-s3';
import { readTemplate } from '../stacks/cloud.ts';
import { run } from '../stacks/run.ts';
import { bucket, token } from './base.ts';
import type { Mistake } from './mistake.ts';

type Make = Mistake['make'];
type Properties = Readonly<Record<string, unknown>>;

/** A custom resource of ours: `resource('StudioDomain', {…})`. */
export function resource(name: string, properties: Properties) {
  return { Type: `Custom::${name}`, Properties: { ServiceToken: token(name), ...properties } };
}

/** Creates a stack with one resource, whose creation fails; the message is the event's reason. */
export function created(one: object): Make {
  return stackOf({ Resources: { Mine: one } });
}

/** Creates a stack, which is refused or fails. */
export function stackOf(template: object | string, parameters?: Record<string, string>): Make {
  const text = typeof template === 'string' ? template : JSON.stringify(template);
  return (world) => told(() => world.cloud.deploy(world.stackName(), { template: text, parameters }));
}

/** Creates a stack of a template in `cloudformation`, which is refused or fails. */
export function ours(file: string, parameters: Record<string, string>): Make {
  return async (world) => stackOf(await readTemplate(file), parameters)(world);
}

/** Creates a stack with the first resource, and changes it to the second, which fails. */
export function changed(before: object, after: object): Make {
  return async ({ cloud, stackName }) => {
    const name = stackName();
    const deploy = (one: object) => cloud.deploy(name, { template: JSON.stringify({ Resources: { Mine: one } }) });
    const { failures } = await deploy(before);
    if (failures.length > 0) throw new Error(`Creating what is to be changed: ${failures.join('; ')}`);
    return told(() => deploy(after));
  };
}

/** Puts a file into the world's bucket first. */
export function withFile(Key: string, Body: string | Uint8Array, then: Make): Make {
  return async (world) => {
    await world.cloud.clients.s3.send(
      new PutObjectCommand({ Bucket: bucket, Key, Body, ContentLength: Buffer.byteLength(Body) }),
    );
    return then(world);
  };
}

/** Reads a command line, which throws what the terminal shows. */
export function typed(read: () => unknown): Make {
  return () => messageOf(read);
}

/** Runs a script of ours, which ends with an error. */
export function ran(script: string, ...args: string[]): Make {
  return async () => {
    const { exit, output } = run(script, args);
    if ((await exit) === 0) throw new Error(`Running ${script}: it has succeeded`);
    return output().trim();
  };
}

/** The reasons of a stack's failed events, or why CloudFormation refuses it. */
export async function told(deploy: () => Promise<{ failures: readonly string[]; status: string }>): Promise<string> {
  let ended: Awaited<ReturnType<typeof deploy>> | undefined;
  const refusal = await messageOf(async () => {
    ended = await deploy();
  }).catch(() => undefined);
  if (refusal !== undefined) return withoutWayOut(refusal);
  const reasons = ended!.failures.map((failure) => reasonIn(failure)).filter((each) => each !== undefined);
  if (reasons.length === 0) throw new Error(`Making a mistake: nothing has failed, and the stack is ${ended!.status}`);
  return [...new Set(reasons)].join('\n');
}

async function messageOf(act: () => unknown): Promise<string> {
  try {
    await act();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('Making a mistake: nothing was refused');
}

const frame =
  /^Received response status \[FAILED\] from custom resource\. Message returned: (.*) \(RequestId: [^)]*\)$/s;

/** The reason of `Domain: …`, without CloudFormation's frame; none where another resource was the cause. */
function reasonIn(failure: string): string | undefined {
  const [, logicalId, reason = ''] = /^(\w+): (.*)$/s.exec(failure) ?? [];
  if (/^Resource (creation|update) cancelled|^The following resource\(s\) failed/.test(reason)) return undefined;
  return `${logicalId}: ${frame.exec(reason)?.[1] ?? withoutWayOut(reason)}`;
}

/** What AWS says, without the line that the local cloud adds to it: users of AWS never see that. */
function withoutWayOut(message: string): string {
  return message
    .split('\n')
    .filter((line) => !line.startsWith('Local cloud: '))
    .join('\n');
}
