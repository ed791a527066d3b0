import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as CloudFormation from '@aws-sdk/client-cloudformation';
import * as Logs from '@aws-sdk/client-cloudwatch-logs';
import * as CodeCommit from '@aws-sdk/client-codecommit';
import * as EventBridge from '@aws-sdk/client-eventbridge';
import * as IAM from '@aws-sdk/client-iam';
import * as Lambda from '@aws-sdk/client-lambda';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import * as SageMaker from '@aws-sdk/client-sagemaker';
import * as SecretsManager from '@aws-sdk/client-secrets-manager';
import * as ServiceCatalog from '@aws-sdk/client-service-catalog';
import * as SFN from '@aws-sdk/client-sfn';
import * as SSM from '@aws-sdk/client-ssm';
import { NormalizedSchema } from '@smithy/core/schema';
import { camelCase, pascalCase, root } from '../../scripts/handlers.ts';
import { deleteBucket, publishTemplates, publishZips } from '../../scripts/start/artifacts.ts';
import type { Clients } from '../../scripts/start/clients.ts';
import { shorthand } from './aws-shorthand.ts';
import type { Caller } from './caller.ts';

type Sender = { send(command: never): Promise<unknown> };
type Waiter = (how: object, input: object) => Promise<unknown>;

/** What an SDK client exports: commands, waiters, and the schemas of inputs. */
type Module = Record<string, (new (input: object) => never) & Waiter>;

const modules: Record<
  string,
  { module: Module; client: (clients: Clients) => Sender; spell: (name: string) => string }
> = {
  cloudformation: { module: CloudFormation as never, client: (c) => c.cloudformation, spell: pascalCase },
  sagemaker: { module: SageMaker as never, client: (c) => c.sagemaker, spell: pascalCase },
  events: { module: EventBridge as never, client: (c) => c.eventbridge, spell: pascalCase },
  lambda: { module: Lambda as never, client: (c) => c.lambda, spell: pascalCase },
  ssm: { module: SSM as never, client: (c) => c.ssm, spell: pascalCase },
  iam: { module: IAM as never, client: (c) => c.iam, spell: pascalCase },
  secretsmanager: { module: SecretsManager as never, client: (c) => c.secrets, spell: pascalCase },
  servicecatalog: { module: ServiceCatalog as never, client: (c) => c.serviceCatalog, spell: pascalCase },
  logs: { module: Logs as never, client: (c) => c.logs, spell: camelCase },
  stepfunctions: { module: SFN as never, client: (c) => c.sfn, spell: camelCase },
  codecommit: { module: CodeCommit as never, client: (c) => c.codecommit, spell: camelCase },
};

/**
 * Does what a line for the `aws` command line does, with the SDK: the tests do not need that program. Gives what is
 * answered; of `--query`, what that names. Throws where the program would fail, and for a line that this does not know
 * how to do.
 */
export async function awsCommand(
  caller: Caller,
  line: string,
  variables: Readonly<Record<string, string>> = {},
): Promise<unknown> {
  const [, service, command, ...rest] = words(line, variables);
  const { options, positional } = optionsOf(rest);
  const { clients } = caller;
  if (service === 's3' && command === 'sync') {
    const [, bucket, prefix] = /^s3:\/\/([^/]+)\/(.+)$/.exec(positional[1]!)!;
    const publish = positional[0] === 'cloudformation' ? publishTemplates : publishZips;
    return publish(clients.s3, { bucket: bucket!, prefix: prefix! });
  }
  if (service === 's3' && command === 'rb') return deleteBucket(clients.s3, positional[0]!.replace('s3://', ''));
  if (service === 'cloudformation' && command === 'deploy') return deploy(caller, options);
  const { query, output: _, ...given } = options;
  const { module, client, spell } = modules[service!]!;
  if (command === 'wait') {
    const [event] = positional;
    const input = Object.fromEntries(Object.entries(given).map(([name, [value]]) => [spell(name), value]));
    return wait(caller, module[`waitFor${pascalCase(event!)}`]!, { client: client(clients), input, line });
  }
  const operation = pascalCase(command!);
  const schema = NormalizedSchema.of((module[`${operation}Request$`] ?? module[`${operation}Input$`]) as never);
  const input: Record<string, unknown> = {};
  for (const [option, values] of Object.entries(given)) {
    // `--no-retain-stacks`
    const name = option.replace(/^no-/, '');
    const [member, memberSchema] = memberOf(schema, spell(name));
    input[member] = await read(memberSchema, name === option ? values : ['false']);
  }
  const answer = await client(clients).send(new module[`${operation}Command`]!(input));
  return query ? named(answer, query[0]!) : answer;
}

/** A member of an input, whose capitals an option does not tell: `TemplateURL` is `--template-url`. */
function memberOf(schema: NormalizedSchema, name: string): [name: string, schema: NormalizedSchema] {
  const found = [...schema.structIterator()].find(([member]) => member.toLowerCase() === name.toLowerCase());
  return found ?? [name, schema.getMemberSchema(name)];
}

/** Looks once with the SDK's waiter, again and again on the cloud's clock. */
async function wait(
  { until }: Caller,
  look: Waiter,
  { client, input, line }: { client: Sender; input: object; line: string },
): Promise<void> {
  await until(async () => {
    const how = { client, maxWaitTime: 0.002, minDelay: 0.001, maxDelay: 0.001 };
    const { state, reason } = (await look(how, input)) as { state: string; reason?: unknown };
    if (state === 'FAILURE') throw new Error(`Running ${line}: ${JSON.stringify(reason)}`);
    return state === 'SUCCESS';
  }, line);
}

async function read(schema: NormalizedSchema, values: string[]): Promise<unknown> {
  if (schema.isListSchema()) return Promise.all(values.map((value) => read(schema.getValueSchema(), [value])));
  // A flag has no value.
  if (schema.isBooleanSchema()) return values[0] !== 'false';
  const [value] = values as [string];
  if (schema.isNumericSchema()) return Number(value);
  if (schema.isStructSchema() && value.startsWith('{')) return JSON.parse(value);
  if (schema.isStructSchema()) {
    const members = Object.entries(shorthand(value)).map(async ([name, text]) => {
      return [name, typeof text === 'string' ? await read(schema.getMemberSchema(name), [text]) : text];
    });
    return Object.fromEntries(await Promise.all(members));
  }
  if (schema.isMapSchema()) return shorthand(value);
  return value.startsWith('file://') ? readFile(join(root, value.slice('file://'.length)), 'utf8') : value;
}

/** What a path such as `Stacks[0].StackId` names. */
function named(answer: unknown, path: string): unknown {
  return path.split(/[.[\]]+/).reduce<unknown>((value, name) => (name ? Object(value)[name] : value), answer);
}

async function deploy({ clients, deploy }: Caller, options: Record<string, string[]>): Promise<void> {
  const text = await readFile(join(root, options['template-file']![0]!), 'utf8');
  const [Bucket] = options['s3-bucket'] ?? [];
  const Key = `${options['s3-prefix']?.[0]}/${createHash('md5').update(text).digest('hex')}.template`;
  if (Bucket) await clients.s3.send(new PutObjectCommand({ Bucket, Key, Body: text }));
  const overrides = options['parameter-overrides'] ?? [];
  const { failures, status } = await deploy(options['stack-name']![0]!, {
    template: Bucket ? { url: `https://${Bucket}.s3.amazonaws.com/${Key}` } : text,
    parameters: Object.fromEntries(overrides.map((pair) => pair.split(/=(.*)/s) as [string, string])),
  });
  // An import is what came last where there is nothing to update.
  if (!/^(CREATE|UPDATE|IMPORT)_COMPLETE$/.test(status))
    throw new Error(`Deploying: ${status}: ${failures.join('; ')}`);
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

/** The words of a line, as a shell reads them: quotes removed, and variables filled in but for single quotes. */
function words(line: string, variables: Readonly<Record<string, string>>): string[] {
  const filled = (text: string) =>
    text.replace(/\$(\w+)/g, (_, name: string) => {
      if (variables[name] === undefined) throw new Error(`Reading ${line}: nothing has set ${name}`);
      return variables[name];
    });
  return [...line.matchAll(/(?:[^\s'"]|'[^']*'|"[^"]*")+/g)].map(([word]) =>
    word.replace(
      /'([^']*)'|"([^"]*)"|[^'"]+/g,
      (part, plain?: string, quoted?: string) => plain ?? filled(quoted ?? part),
    ),
  );
}
