import { randomUUID } from 'node:crypto';
import { readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { CreateTrailCommand, StartLoggingCommand } from '@aws-sdk/client-cloudtrail';
import { CreateBucketCommand, PutBucketPolicyCommand } from '@aws-sdk/client-s3';
import { root } from '../../scripts/handlers.ts';
import { publish } from '../../scripts/start/artifacts.ts';
import { account, type Clients, createClients } from '../../scripts/start/clients.ts';
import { deployStack, type Ended } from '../../scripts/start/stack.ts';
import type { View } from '../../scripts/start/view.ts';
import { run } from './run.ts';

/** Shows nothing. */
export const blind: View = { say() {}, begin() {}, event() {}, tick() {}, end() {} };

/** A local cloud in a process of its own, with clients for it. */
export interface TestCloud {
  readonly endpoint: string;
  readonly clients: Clients;
  /** What the process has printed. */
  output(): string;
  stop(): Promise<void>;
}

/**
 * Starts the local cloud as `npm run local` does, on a free port. The services are quick rather than the clock: on a
 * fast clock a moment's load would be minutes, and a function would run out of time.
 */
export async function startCloud(args: string[] = []): Promise<TestCloud> {
  const usual = ['--port', '0', '--speed', '20', '--durations', '0.1', ...(await recording(args))];
  const running = run('packages/local/src/cli.ts', [...usual, ...args]);
  const [endpoint] = await running.until(/http:\/\/127\.0\.0\.1:\d+/);
  return { endpoint, clients: createClients(endpoint), output: running.output, stop: running.stop };
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

/** The text of a template of ours, such as `examples/studio.yaml`. */
export function readTemplate(name: string): Promise<string> {
  return readFile(join(root, 'cloudformation', name), 'utf8');
}

/** Installs the built zips with provider.yaml. */
export async function installProvider(
  { cloudformation, s3 }: Clients,
  parameters: Record<string, string> = {},
): Promise<Ended> {
  const bucket = 'studio-resources-artifacts';
  const url = await publish(s3, { bucket, prefix: 'test' });
  const ended = await deployStack(cloudformation, blind, {
    name: 'studio-resources',
    template: { url },
    parameters: {
      ArtifactBucket: bucket,
      ArtifactPrefix: 'test',
      ExecutionRoleArns: `arn:aws:iam::${account}:role/studio-*`,
      ...parameters,
    },
  });
  if (!ended.succeeded) throw new Error(`Installing the provider: ${reasons(ended).join('; ')}`);
  return ended;
}

/**
 * Has a trail log the account's management events, as an account that is looked after has one: what EventBridge is told of
 * calls, it is told of by CloudTrail.
 */
export async function logManagementEvents({ cloudtrail, s3 }: Clients): Promise<void> {
  const Name = 'management-events';
  const Bucket = 'studio-resources-trail';
  await s3.send(new CreateBucketCommand({ Bucket }));
  const Statement = {
    Effect: 'Allow',
    Principal: { Service: 'cloudtrail.amazonaws.com' },
    Action: ['s3:GetBucketAcl', 's3:PutObject'],
    Resource: [`arn:aws:s3:::${Bucket}`, `arn:aws:s3:::${Bucket}/AWSLogs/${account}/*`],
  };
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement });
  await s3.send(new PutBucketPolicyCommand({ Bucket, Policy }));
  await cloudtrail.send(new CreateTrailCommand({ Name, S3BucketName: Bucket }));
  await cloudtrail.send(new StartLoggingCommand({ Name }));
}

/** Why a stack operation ended as it did: the reasons of its failures, oldest first. */
export function reasons({ failures }: Ended): string[] {
  return failures.map(({ LogicalResourceId, ResourceStatusReason }) => `${LogicalResourceId}: ${ResourceStatusReason}`);
}
