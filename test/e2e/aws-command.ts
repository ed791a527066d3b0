import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as CloudFormation from '@aws-sdk/client-cloudformation';
import * as Logs from '@aws-sdk/client-cloudwatch-logs';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import * as SageMaker from '@aws-sdk/client-sagemaker';
import { camelCase, pascalCase, root } from '../../scripts/handlers.ts';
import { publishZips } from '../../scripts/start/artifacts.ts';
import type { Clients } from '../../scripts/start/clients.ts';
import { deployStack } from '../../scripts/start/stack.ts';
import { blind, reasons } from './cloud.ts';

type Modules = Record<string, new (input: object) => never>;
type Sender = { send(command: never): Promise<unknown> };

const modules: Record<
  string,
  { module: Modules; client: (clients: Clients) => Sender; spell: (name: string) => string }
> = {
  cloudformation: { module: CloudFormation as unknown as Modules, client: (c) => c.cloudformation, spell: pascalCase },
  sagemaker: { module: SageMaker as unknown as Modules, client: (c) => c.sagemaker, spell: pascalCase },
  logs: { module: Logs as unknown as Modules, client: (c) => c.logs, spell: camelCase },
};

/**
 * Does what a line for the `aws` command line does, with the SDK: the tests do not need that program. Throws where the
 * program would fail, and for a line that this does not know how to do.
 */
export async function awsCommand(clients: Clients, line: string): Promise<void> {
  const [, service, command, ...rest] = words(line);
  const { options, positional } = optionsOf(rest);
  if (service === 's3' && command === 'sync') {
    const [, bucket, prefix] = /^s3:\/\/([^/]+)\/(.+)$/.exec(positional[1]!)!;
    return publishZips(clients.s3, { bucket: bucket!, prefix: prefix! });
  }
  if (service === 'cloudformation' && command === 'deploy') return deploy(clients, options);
  const { module, client, spell } = modules[service!]!;
  const input = Object.fromEntries(Object.entries(options).map(([name, values]) => [spell(name), values[0]]));
  await client(clients).send(new module[`${pascalCase(command!)}Command`]!(input));
}

async function deploy({ cloudformation, s3 }: Clients, options: Record<string, string[]>): Promise<void> {
  const text = await readFile(join(root, options['template-file']![0]!), 'utf8');
  const [Bucket] = options['s3-bucket'] ?? [];
  const Key = `${options['s3-prefix']?.[0]}/${createHash('md5').update(text).digest('hex')}.template`;
  if (Bucket) await s3.send(new PutObjectCommand({ Bucket, Key, Body: text }));
  const ended = await deployStack(cloudformation, blind, {
    name: options['stack-name']![0]!,
    template: Bucket ? { url: `https://${Bucket}.s3.amazonaws.com/${Key}` } : text,
    parameters: Object.fromEntries(
      options['parameter-overrides']!.map((pair) => pair.split(/=(.*)/s) as [string, string]),
    ),
  });
  if (!ended.succeeded) throw new Error(`Deploying: ${reasons(ended).join('; ')}`);
}

function words(line: string): string[] {
  return [...line.matchAll(/(?:[^\s']|'[^']*')+/g)].map(([word]) => word.replaceAll("'", ''));
}

function optionsOf(args: string[]): { options: Record<string, string[]>; positional: string[] } {
  const options: Record<string, string[]> = {};
  const positional: string[] = [];
  let current = positional;
  for (const arg of args) {
    if (arg.startsWith('--')) {
      current = [];
      options[arg.slice(2)] = current;
    } else current.push(arg);
  }
  return { options, positional };
}
