import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DescribeDomainCommand } from '@aws-sdk/client-sagemaker';
import type { StackResult } from '../../packages/local/src/virtual/deployment.ts';
import { root } from '../../scripts/handlers.ts';
import { publish } from '../../scripts/start/artifacts.ts';
import { account } from '../../scripts/start/clients.ts';
import type { Caller } from './caller.ts';
import { deployTemplate } from './cloud.ts';
import { type Arguments, argumentValue, type Configuration, parseHcl, type Scope } from './hcl.ts';
import { artifacts } from './provider.ts';
import type { TestCloud } from './test-cloud.ts';

/** What `terraform apply` of a module made. */
export interface Applied {
  stack: StackResult;
  /** What AWS's provider sends: `name`, `template_body`, `timeouts`, …, without what is null. */
  resource: Arguments;
  /** The module's outputs. */
  outputs: Record<string, unknown>;
}

/**
 * Applies a module of `cloudformation/terraform` as Terraform does: checks and converts its variables, evaluates its
 * `aws_cloudformation_stack`, deploys that as AWS's provider does (`internal/service/cloudformation/stack.go` of
 * terraform-provider-aws, read 2026-12-01), and evaluates its outputs.
 */
export async function applyModule(cloud: Caller, name: string, given: Arguments): Promise<Applied> {
  const path = `cloudformation/terraform/${name}/main.tf`;
  const configuration = await parseHcl(path, await readFile(join(root, path), 'utf8'));
  const variables = await variablesOf(configuration, given);
  const locals = await argumentValue(configuration.locals![0], { var: variables });
  const scope = { var: variables, local: locals };
  const resource = await stackOf(configuration, scope);
  const { name: stackName, template_body: body, template_url: url, parameters, tags, iam_role_arn: role } = resource;
  const stack = await cloud.deploy(stackName as string, {
    template: typeof body === 'string' ? body : { url: url as string },
    parameters: parameters as Record<string, string> | undefined,
    tags: tags as Record<string, string>,
    ...(role === undefined ? {} : { roleArn: role as string }),
  });
  const made = { ...scope, aws_cloudformation_stack: { this: { id: stack.id, outputs: stack.outputs } } };
  const outputs = stack.failures.length === 0 ? await outputsOf(configuration, made) : {};
  return { stack, resource, outputs };
}

async function stackOf(configuration: Configuration, scope: Scope): Promise<Arguments> {
  const [block] = configuration.resource!.aws_cloudformation_stack!.this!;
  const evaluated = (await argumentValue(block, scope)) as Arguments;
  return Object.fromEntries(Object.entries(evaluated).filter(([, value]) => value !== null));
}

async function outputsOf(configuration: Configuration, scope: Scope): Promise<Record<string, unknown>> {
  const outputs = Object.entries(configuration.output ?? {}).map(
    async ([name, [block]]) => [name, await argumentValue(block!.value, scope)] as const,
  );
  return Object.fromEntries(await Promise.all(outputs));
}

/** The values of all variables: converted to their types, checked by their rules, and null or the default if left out. */
async function variablesOf(configuration: Configuration, given: Arguments): Promise<Record<string, unknown>> {
  const declared = Object.entries(configuration.variable!).map(([name, [block]]) => [name, block!] as const);
  const names = new Set(declared.map(([name]) => name));
  for (const name of Object.keys(given)) {
    if (!names.has(name)) throw new Error(`Unsupported argument: an argument named "${name}" is not expected here`);
  }
  const values: Record<string, unknown> = {};
  for (const [name, block] of declared) {
    if (!Object.hasOwn(given, name) && !Object.hasOwn(block, 'default')) {
      throw new Error(`Missing required argument: the argument "${name}" is required`);
    }
    values[name] = converted(name, Object.hasOwn(given, name) ? given[name] : block.default, String(block.type));
  }
  for (const [, block] of declared) {
    for (const rule of (block.validation ?? []) as Arguments[]) {
      if (!(await argumentValue(rule.condition, { var: values })))
        throw new Error(`Invalid value: ${rule.error_message}`);
    }
  }
  return values;
}

/** https://developer.hashicorp.com/terraform/language/expressions/type-constraints: primitives convert to each other. */
function converted(name: string, value: unknown, constraint: string): unknown {
  const type = constraint.replace(/^\$\{|\}$/g, '');
  if (value === null || type === 'any') return value;
  const wrong = new Error(`Invalid value for input variable: ${name} requires a ${type}`);
  const isPrimitive = ['string', 'number', 'boolean'].includes(typeof value);
  if (type === 'string' && isPrimitive) return String(value);
  if (type === 'number' && isPrimitive && Number.isFinite(Number(value))) return Number(value);
  if (type === 'bool' && (value === true || value === false)) return value;
  if (type === 'list(string)' && Array.isArray(value)) return value.map((each) => converted(name, each, 'string'));
  if (type === 'map(string)' && Object.getPrototypeOf(value) === Object.prototype) return value;
  throw wrong;
}

/** The account that shares with the one here. */
export const owner = '444455556666';

/** A provider that its module has installed, with a domain. */
export interface TerraformStudio {
  /** The outputs of the provider's module. */
  installed: Record<string, string>;
  /** The outputs of a stack of a domain with one user. */
  studio: Record<string, string>;
  /** What that domain has, for others. */
  execution: { role: string; subnets: string[]; vpc: string };
}

export async function installStudio(cloud: TestCloud): Promise<TerraformStudio> {
  const template_url = await publish(cloud.clients.s3, artifacts);
  const { stack, outputs } = await applyModule(cloud, 'provider', {
    template_url,
    ArtifactBucket: artifacts.bucket,
    ArtifactPrefix: artifacts.prefix,
    ExecutionRoleArns: `arn:aws:iam::${account}:role/studio-*`,
    ShareOwnerAccountIds: owner,
    AllowedDomains: '*',
    NativeDomains: true,
    LogRetentionInDays: 7,
  });
  expect(stack.failures).toEqual([]);
  const studio = await deployTemplate(cloud, 'studio', 'examples/studio.yaml');
  const domain = await cloud.clients.sagemaker.send(new DescribeDomainCommand({ DomainId: studio.DomainId }));
  const { DefaultUserSettings, SubnetIds, VpcId } = domain;
  const execution = { role: DefaultUserSettings!.ExecutionRole!, subnets: SubnetIds!, vpc: VpcId! };
  return { installed: outputs as Record<string, string>, studio, execution };
}
