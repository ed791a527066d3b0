import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import * as SageMaker from '@aws-sdk/client-sagemaker';

/*
 * Stands for the `aws` command line where a build calls it, with the credentials and the endpoint of its environment: as
 * much of it as the seed code of the project templates uses. Ends as the command line does where a call is refused.
 */

const [service, operation, ...rest] = process.argv.slice(2);
const { options, positional } = read(rest);

try {
  if (service === 's3' && operation === 'cp') await copyFolder(positional[0]!, positional[1]!);
  else if (service === 'sagemaker') await callSageMaker(operation!);
  else throw new Error(`aws ${service} ${operation} is not known here`);
} catch (error) {
  const { name, message } = error as Error;
  console.error(`An error occurred (${name}) when calling the ${operation} operation: ${message}`);
  process.exitCode = 254;
}

async function callSageMaker(name: string): Promise<void> {
  const client = new SageMaker.SageMakerClient({});
  const pascalCase = name.replace(/(^|-)(\w)/g, (_, __, letter: string) => letter.toUpperCase());
  const commands = SageMaker as unknown as Record<string, new (input: object) => never>;
  const input = Object.fromEntries(
    Object.entries(options)
      .filter(([option]) => option !== 'output')
      .map(([option, values]) => memberOf(option, values)),
  );
  const { $metadata, ...output } = await client.send(new commands[`${pascalCase}Command`]!(input));
  console.log(JSON.stringify(output));
  client.destroy();
}

function memberOf(option: string, values: string[]): [name: string, value: unknown] {
  const name = option.replace(/(^|-)(\w)/g, (_, __, letter: string) => letter.toUpperCase());
  if (option === 'max-items') return ['MaxResults', Number(values[0])];
  if (option === 'tags') return [name, values.map(tagIn)];
  const file = /^file:\/\/(.+)$/.exec(values[0]!)?.[1];
  return [name, file ? readFileSync(file, 'utf8') : values[0]];
}

/** `Key=team,Value=red`. */
function tagIn(text: string): object {
  return Object.fromEntries(text.split(',').map((pair) => pair.split(/=(.*)/s).slice(0, 2)));
}

async function copyFolder(folder: string, uri: string): Promise<void> {
  const [, Bucket, prefix] = /^s3:\/\/([^/]+)\/(.+)$/.exec(uri)!;
  const client = new S3Client({ forcePathStyle: true });
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const Key = `${prefix}/${relative(folder, path).split(sep).join('/')}`;
    await client.send(new PutObjectCommand({ Bucket, Key, Body: readFileSync(path) }));
  }
  client.destroy();
}

/** Options with their values; flags have none. */
function read(args: string[]): { options: Record<string, string[]>; positional: string[] } {
  const flags = new Set(['--recursive', '--only-show-errors']);
  const options: Record<string, string[]> = {};
  const positional: string[] = [];
  let current = positional;
  for (const arg of args) {
    if (flags.has(arg)) continue;
    if (arg.startsWith('--')) {
      current = [];
      options[arg.slice(2)] = current;
    } else current.push(arg);
  }
  return { options, positional };
}
