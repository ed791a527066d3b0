import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { CloudFormationClient, DeleteStackCommand, waitUntilStackDeleteComplete } from '@aws-sdk/client-cloudformation';
import { CodePipelineClient, ListPipelineExecutionsCommand } from '@aws-sdk/client-codepipeline';
import { ECRClient, GetAuthorizationTokenCommand } from '@aws-sdk/client-ecr';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { DescribeDomainCommand, SageMakerClient } from '@aws-sdk/client-sagemaker';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';

/**
 * Stands for the `aws` command line in builds, with what our buildspecs ask of it: the tests do not need that program.
 * The place and the credentials come from the environment, as everywhere.
 */
const [service, command, ...rest] = process.argv.slice(2);
const options = new Map(rest.flatMap((arg, i) => (arg.startsWith('--') ? [[arg.slice(2), rest[i + 1] ?? '']] : [])));

/** Where the call goes, if not to the build's own Region. */
const place = options.has('region') ? { region: options.get('region') } : {};

const s3Uri = /^s3:\/\/([^/]+)\/(.+)$/;

const commands: Record<string, () => Promise<void>> = {
  async 'ecr get-login-password'() {
    const { authorizationData } = await new ECRClient({}).send(new GetAuthorizationTokenCommand({}));
    const [, password] = Buffer.from(authorizationData![0]!.authorizationToken!, 'base64').toString().split(':');
    console.log(password);
  },
  async 's3 cp'() {
    const s3 = new S3Client({ forcePathStyle: true });
    const [from = '', to = ''] = rest;
    if (options.has('recursive')) {
      const [, Bucket, prefix] = s3Uri.exec(to)!;
      const files = await readdir(from, { recursive: true, withFileTypes: true });
      for (const file of files.filter((one) => one.isFile())) {
        const path = join(file.parentPath, file.name);
        const Key = `${prefix}/${relative(from, path)}`;
        await s3.send(new PutObjectCommand({ Bucket, Key, Body: await readFile(path) }));
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
  async 'sagemaker describe-domain'() {
    const DomainId = options.get('domain-id');
    console.log((await new SageMakerClient(place).send(new DescribeDomainCommand({ DomainId }))).Status);
  },
  async 'codepipeline list-pipeline-executions'() {
    const input = { pipelineName: options.get('pipeline-name') };
    const { pipelineExecutionSummaries: all = [] } = await new CodePipelineClient({}).send(
      new ListPipelineExecutionsCommand(input),
    );
    const under = all.filter(({ status }) => status === 'InProgress');
    console.log(under.map(({ pipelineExecutionId }) => pipelineExecutionId).join('\t'));
  },
  async 'cloudformation delete-stack'() {
    const input = { StackName: options.get('stack-name'), RoleARN: options.get('role-arn') };
    await new CloudFormationClient(place).send(new DeleteStackCommand(input));
  },
  async 'cloudformation wait'() {
    const client = new CloudFormationClient(place);
    const waiting = { client, maxWaitTime: 600, minDelay: 1, maxDelay: 1 };
    await waitUntilStackDeleteComplete(waiting, { StackName: options.get('stack-name') });
  },
  async 'ssm put-parameter'() {
    const input = { Name: options.get('name'), Value: options.get('value'), Overwrite: options.has('overwrite') };
    await new SSMClient({}).send(new PutParameterCommand(input));
  },
};

const perform = commands[`${service} ${command}`];
if (!perform) throw new Error(`Standing for aws: it knows no ${service} ${command}`);
await perform().catch((error: Error) => {
  console.error(`An error occurred (${error.name}) when calling ${service} ${command}: ${error.message}`);
  process.exitCode = 254;
});
