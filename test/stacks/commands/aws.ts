import { readFileSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  CloudFormationClient,
  DeleteStackCommand,
  DescribeChangeSetCommand,
  GetTemplateCommand,
  waitUntilStackDeleteComplete,
} from '@aws-sdk/client-cloudformation';
import { CodePipelineClient, ListPipelineExecutionsCommand } from '@aws-sdk/client-codepipeline';
import { ECRClient, GetAuthorizationTokenCommand } from '@aws-sdk/client-ecr';
import {
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  paginateListObjectsV2,
  S3Client,
} from '@aws-sdk/client-s3';
import * as SageMaker from '@aws-sdk/client-sagemaker';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { pascalCase } from '../../../scripts/handlers.ts';

/**
 * Stands for the `aws` command line in builds, with what our buildspecs and the seed code ask of it: the tests do not need
 * that program. The place and the credentials come from the environment, as everywhere. Ends as the command line does where
 * a call is refused.
 */
const [service, command, ...rest] = process.argv.slice(2);
const { options, positional } = read(rest);
const option = (name: string) => options.get(name)?.[0];

/** Where the call goes, if not to the build's own Region. */
const place = { region: option('region') };

const s3Uri = /^s3:\/\/([^/]+)\/(.+)$/;

const commands: Record<string, () => Promise<void>> = {
  async 'ecr get-login-password'() {
    const { authorizationData } = await new ECRClient({}).send(new GetAuthorizationTokenCommand({}));
    const [, password] = Buffer.from(authorizationData![0]!.authorizationToken!, 'base64').toString().split(':');
    console.log(password);
  },
  async 's3 cp'() {
    const s3 = new S3Client({ forcePathStyle: true });
    const [from = '', to = ''] = positional;
    if (options.has('recursive')) {
      const [, Bucket, prefix] = s3Uri.exec(from)!;
      for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket, Prefix: `${prefix}/` })) {
        for (const { Key = '' } of Contents) {
          const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
          const path = join(to, Key.slice(`${prefix}/`.length));
          await mkdir(dirname(path), { recursive: true });
          await writeFile(path, await Body!.transformToByteArray());
        }
      }
      return;
    }
    const [, Bucket, Key] = s3Uri.exec(from) ?? s3Uri.exec(to)!;
    if (s3Uri.test(to)) await s3.send(new PutObjectCommand({ Bucket, Key, Body: await readFile(from) }));
    else {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
      await writeFile(join(process.cwd(), to), await Body!.transformToByteArray());
    }
  },
  async 'codepipeline list-pipeline-executions'() {
    const input = { pipelineName: option('pipeline-name') };
    const { pipelineExecutionSummaries: all = [] } = await new CodePipelineClient({}).send(
      new ListPipelineExecutionsCommand(input),
    );
    const under = all.filter(({ status }) => status === 'InProgress');
    console.log(under.map(({ pipelineExecutionId }) => pipelineExecutionId).join('\t'));
  },
  async 'cloudformation delete-stack'() {
    const input = { StackName: option('stack-name'), RoleARN: option('role-arn') };
    await new CloudFormationClient(place).send(new DeleteStackCommand(input));
  },
  async 'cloudformation describe-change-set'() {
    const input = { StackName: option('stack-name'), ChangeSetName: option('change-set-name') };
    const { Parameters, Tags } = await new CloudFormationClient(place).send(new DescribeChangeSetCommand(input));
    console.log(JSON.stringify({ Parameters, Tags }));
  },
  async 'cloudformation get-template'() {
    const input = { StackName: option('stack-name'), ChangeSetName: option('change-set-name') };
    const { TemplateBody } = await new CloudFormationClient(place).send(new GetTemplateCommand(input));
    console.log(JSON.stringify({ TemplateBody }));
  },
  async 's3api head-object'() {
    const s3 = new S3Client({ forcePathStyle: true });
    const { ETag } = await s3.send(new HeadObjectCommand({ Bucket: option('bucket'), Key: option('key') }));
    console.log(JSON.stringify({ ETag }));
  },
  async 'cloudformation wait'() {
    const client = new CloudFormationClient(place);
    const waiting = { client, maxWaitTime: 600, minDelay: 1, maxDelay: 1 };
    await waitUntilStackDeleteComplete(waiting, { StackName: option('stack-name') });
  },
  async 'ssm put-parameter'() {
    const input = { Name: option('name'), Value: option('value'), Overwrite: options.has('overwrite') };
    await new SSMClient({}).send(new PutParameterCommand(input));
  },
};

const perform = service === 'sagemaker' ? callSageMaker : commands[`${service} ${command}`];
if (!perform) throw new Error(`Standing for aws: it knows no ${service} ${command}`);
await perform().catch((error: Error) => {
  console.error(`An error occurred (${error.name}) when calling the ${command} operation: ${error.message}`);
  process.exitCode = 254;
});

/** Any operation; prints its answer, or the one member of it that `--query` names. */
async function callSageMaker(): Promise<void> {
  const operations = SageMaker as unknown as Record<string, new (input: object) => never>;
  const given = [...options].filter(([name]) => !['output', 'query', 'region'].includes(name));
  const input = Object.fromEntries(given.map(([name, values]) => memberOf(name, values)));
  const client = new SageMaker.SageMakerClient(place);
  const { $metadata, ...output } = await client.send(new operations[`${pascalCase(command!)}Command`]!(input));
  const query = option('query');
  console.log(query === undefined ? JSON.stringify(output) : (output as Record<string, unknown>)[query]);
}

function memberOf(name: string, values: string[]): [member: string, value: unknown] {
  if (name === 'max-items') return ['MaxResults', Number(values[0])];
  if (name === 'tags') return ['Tags', values.map(tagIn)];
  const file = /^file:\/\/(.+)$/.exec(values[0]!)?.[1];
  return [pascalCase(name), file ? readFileSync(file, 'utf8') : values[0]];
}

/** `Key=team,Value=red`. */
function tagIn(text: string): object {
  return Object.fromEntries(text.split(',').map((pair) => pair.split(/=(.*)/s).slice(0, 2)));
}

/** Options with their values; flags have none. */
function read(args: string[]): { options: Map<string, string[]>; positional: string[] } {
  const flags = new Set(['--only-show-errors', '--overwrite', '--recursive']);
  const options = new Map<string, string[]>();
  const positional: string[] = [];
  let current = positional;
  for (const arg of args) {
    if (flags.has(arg)) options.set(arg.slice(2), []);
    else if (arg.startsWith('--')) {
      current = [];
      options.set(arg.slice(2), current);
    } else current.push(arg);
  }
  return { options, positional };
}
