import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CreateStackCommand } from '@aws-sdk/client-cloudformation';
import {
  GetFunctionConfigurationCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { CreateDomainCommand, CreateSpaceCommand, DescribeDomainCommand } from '@aws-sdk/client-sagemaker';
import { strToU8, zipSync } from 'fflate';
import type { Rule } from '../../packages/local/src/faults/rule.ts';
import type { StackResult } from '../../packages/local/src/virtual/deployment.ts';
import { root, zipPath } from '../../scripts/handlers.ts';
import { account } from '../../scripts/start/clients.ts';
import { assumedRole } from '../security/assumed-role.ts';
import { readTemplate, startCloud } from './cloud.ts';
import { runLines, shellLines } from './shell.ts';
import type { TestCloud } from './test-cloud.ts';

const page = 'docs/TROUBLESHOOTING.md';
const FunctionName = 'studio-resources-studio-domain';

/** The sections about what an event shows, by their headings. */
const symptoms = [...readFileSync(join(root, page), 'utf8').matchAll(/^## (`(.+)`)$/gm)].map(
  ([, heading, text]) => [text!, heading!] as const,
);

let cloud: TestCloud;
let example: string;

afterEach(() => cloud?.stop());

/** A cloud with the provider, and with these faults. */
async function start(faults: Rule[] = [], provider: Record<string, string> | false = {}): Promise<void> {
  cloud = await startCloud({ faults, provider });
  example = await readTemplate('examples/studio.yaml');
}

/** The example with something else in it, as the stack `studio`. */
function deploy(from = '', to = '', parameters: Record<string, string> = {}): Promise<StackResult> {
  expect(example).toContain(from);
  return cloud.deploy('studio', { template: example.replace(from, to), parameters });
}

const inDomain = (line: string) => ['      AuthMode: IAM\n', `      AuthMode: IAM\n      ${line}\n`] as const;

async function reasonOf(ended: Promise<StackResult>): Promise<string> {
  return (await ended).failures.join('\n');
}

/** What the event, or the refusal of the operation, says in a situation that the page describes. */
const situations: Record<string, () => Promise<string>> = {
  'Requires capabilities : [CAPABILITY_IAM]': async () => {
    await start();
    const create = new CreateStackCommand({ StackName: 'studio', TemplateBody: example });
    return cloud.clients.cloudformation.send(create).then(String, String);
  },
  'No export named StudioDomainServiceToken found': async () => {
    await start([], false);
    return deploy().then(({ failures }) => failures.join(), String);
  },
  'Invalid service token': async () => {
    await start();
    const token = `arn:aws:lambda:eu-west-1:${account}:function:${FunctionName}`;
    return reasonOf(deploy(tokenOf(example), `ServiceToken: ${token}`));
  },
  'Modifying service token is not allowed': async () => {
    await start();
    expect((await deploy()).failures).toEqual([]);
    return reasonOf(deploy(tokenOf(example), 'ServiceToken: !ImportValue StudioSpaceServiceToken'));
  },
  'not authorized to perform: lambda:InvokeFunction': async () => {
    await start();
    const team = await assumedRole(cloud, 'team', [{ Action: ['cloudformation:*', 'ec2:*', 'iam:*'] }]);
    return reasonOf(team.deploy('studio', { template: example }));
  },
  'did not receive a response from your Custom Resource': async () => {
    await start([{ on: 'response', fault: '403', resource: 'Domain', count: 1 }]);
    return reasonOf(deploy(...inDomain('ServiceTimeout: 60\n      AuthMod: IAM')));
  },
  'still waiting for: TimeoutError': async () => {
    await start([{ on: 'call', fault: 'slow', ms: 3_600_000, service: 'sagemaker', function: FunctionName }]);
    return reasonOf(deploy(...inDomain('ServiceTimeout: 1200')));
  },
  'still waiting for': async () => {
    await start([{ on: 'resource', fault: 'stuck', kind: 'domain', during: 'create', seconds: 3000, count: 1 }]);
    return reasonOf(deploy(...inDomain('ServiceTimeout: 1200')));
  },
  'Task timed out after': async () => {
    await start();
    const hanging = 'export const handler = () => new Promise(() => setInterval(() => {}, 1000));';
    await change(new UpdateFunctionCodeCommand({ FunctionName, ZipFile: zipSync({ 'index.mjs': strToU8(hanging) }) }));
    await change(new UpdateFunctionConfigurationCommand({ FunctionName, Timeout: 5 }));
    const reason = await reasonOf(deploy());
    await change(new UpdateFunctionCodeCommand({ FunctionName, ZipFile: await readFile(zipPath('studio-domain')) }));
    return reason;
  },
  'unknown property; did you mean': async () => {
    await start();
    return reasonOf(deploy('AuthMode: IAM', 'AuthMod: IAM'));
  },
  'the template no longer has': async () => {
    await start();
    expect(
      (await deploy(...inDomain('DomainSettings: { DockerSettings: { EnableDockerAccess: ENABLED } }'))).failures,
    ).toEqual([]);
    return reasonOf(deploy());
  },
  'cannot be made in place': async () => {
    await start();
    expect((await deploy()).failures).toEqual([]);
    return reasonOf(deploy('AuthMode: IAM', 'AuthMode: SSO'));
  },
  'is not open to this resource': async () => {
    await start();
    const DomainId = await domainByHand((await deploy()).outputs.DomainId!);
    const template = await readFile(join(root, 'docs/examples/studio-user-profile.yaml'), 'utf8');
    return reasonOf(cloud.deploy('profile', { template, parameters: { DomainId } }));
  },
  'is not authorized to perform: iam:PassRole': async () => {
    await start();
    return reasonOf(
      deploy('ExecutionRole: !GetAtt ExecutionRole.Arn', `ExecutionRole: arn:aws:iam::${account}:role/admin`),
    );
  },
  'account-level service limit': async () => {
    await start([{ on: 'quota', fault: 'limit', quota: 'Total domains', value: 0 }]);
    return reasonOf(deploy());
  },
  'blocked by': async () => {
    await start();
    const DomainId = (await deploy()).outputs.DomainId!;
    await cloud.clients.sagemaker.send(new CreateSpaceCommand({ DomainId, SpaceName: 'thesis' }));
    await cloud.pass(60_000);
    return reasonOf(cloud.remove('studio'));
  },
  'has dependencies and cannot be deleted': async () => {
    await start();
    expect((await deploy('', '', { HomeEfsFileSystem: 'Retain' })).failures).toEqual([]);
    return reasonOf(cloud.remove('studio'));
  },
};

function tokenOf(template: string): string {
  return /ServiceToken: !ImportValue\n.*StudioDomainServiceToken.*/.exec(template)![0];
}

async function change(command: UpdateFunctionCodeCommand | UpdateFunctionConfigurationCommand): Promise<void> {
  const { lambda } = cloud.clients;
  await lambda.send(command as UpdateFunctionCodeCommand);
  await cloud.until(async () => {
    const { LastUpdateStatus } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
    return LastUpdateStatus === 'Successful';
  }, 'the function to be changed');
}

/** A domain in the network of another one, which no resource of the provider has made. */
async function domainByHand(other: string): Promise<string> {
  const { sagemaker } = cloud.clients;
  const { VpcId, SubnetIds, DefaultUserSettings } = await sagemaker.send(
    new DescribeDomainCommand({ DomainId: other }),
  );
  const input = { DomainName: 'by-hand', AuthMode: 'IAM', VpcId, SubnetIds, DefaultUserSettings } as const;
  const { DomainArn } = await sagemaker.send(new CreateDomainCommand(input));
  const DomainId = DomainArn!.split('/')[1]!;
  await cloud.until(async () => {
    const { Status } = await sagemaker.send(new DescribeDomainCommand({ DomainId }));
    return Status === 'InService';
  }, 'the domain to be in service');
  return DomainId;
}

test('the page has a section for each situation here, and none without one', () => {
  expect(symptoms.map(([text]) => text).sort()).toEqual(Object.keys(situations).sort());
});

test.each(symptoms)('%s is what is seen, and the commands of its section run', async (text, heading) => {
  expect(await situations[text]!()).toContain(text);
  await runLines(cloud, shellLines(page, heading));
});

test('the commands that say where to look run while a stack is created', async () => {
  await start();
  expect((await deploy()).failures).toEqual([]);
  await runLines(cloud, shellLines(page, 'Where to look'));
});
