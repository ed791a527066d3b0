import { DescribeDomainCommand } from '@aws-sdk/client-sagemaker';
import type { Rule } from '../../packages/local/src/faults/rule.ts';
import { deployTemplate, startCloud } from './cloud.ts';
import { type Holdable, type Place, token } from './holdables.ts';
import type { TestCloud } from './test-cloud.ts';

let cloud: TestCloud;
let place: Place;
let cases = 0;

/** Starts a cloud with a domain, which the profiles, spaces and images of the tests are in. */
export async function startOwnershipCloud(faults: Rule[] = []): Promise<TestCloud> {
  cloud = await startCloud({ faults, provider: { AllowedDomains: '*' } });
  const { sagemaker } = cloud.clients;
  const { DomainId = '' } = await deployTemplate(cloud, 'studio', 'examples/studio.yaml');
  const domain = await sagemaker.send(new DescribeDomainCommand({ DomainId }));
  const { VpcId = '', SubnetIds = [], DefaultUserSettings } = domain;
  place = { sagemaker, DomainId, VpcId, SubnetIds, ExecutionRole: DefaultUserSettings!.ExecutionRole! };
  return cloud;
}

/** A thing that resources name, and two stacks. None of them exists yet. */
export class Case {
  readonly name: string;
  readonly a: string;
  readonly b: string;
  readonly #kind: Holdable;
  #counts: number[] = [];

  constructor(kind: Holdable) {
    cases += 1;
    this.#kind = kind;
    this.name = `thing-${cases}`;
    this.a = `first-${cases}`;
    this.b = `second-${cases}`;
  }

  /** A resource that names the thing. */
  thing(properties: object = {}, more: object = {}, name = this.name): object {
    const { type, properties: named } = this.#kind;
    return { Type: type, Properties: { ...named(name, place), ...properties }, ...more };
  }

  make = () => this.#kind.make(this.name, place);

  identity = () => this.#kind.identity(this.name, place);

  /** Remembers the thing; `survives` checks that it is still the same. */
  async mark(): Promise<unknown> {
    this.#counts = await this.#count();
    const identity = await this.identity();
    expect(identity).toBeDefined();
    return identity;
  }

  /** Checks that the thing is the one that was marked, and that none was created or deleted since. */
  async survives(identity: unknown): Promise<void> {
    expect(await this.identity()).toEqual(identity);
    expect(await this.#count()).toEqual(this.#counts);
  }

  /** Checks that the thing was deleted since it was marked, and that none was created. */
  async isGone(): Promise<void> {
    const [created, deleted] = this.#counts;
    expect(await this.identity()).toBeUndefined();
    expect(await this.#count()).toEqual([created, deleted! + 1]);
  }

  /** How often things of this kind were created and deleted. */
  async #count(): Promise<number[]> {
    const done = (await cloud.calls()).filter(({ error }) => !error).map(({ operation }) => operation);
    return [this.#kind.creates, this.#kind.deletes].map((name) => done.filter((one) => one === name).length);
  }
}

/** Deploys a stack with these resources, and one that does nothing, as a template needs at least one. */
export function deploy(stack: string, resources: Record<string, object>) {
  const Nothing = { Type: 'AWS::CloudFormation::WaitConditionHandle' };
  return cloud.deploy(stack, { template: JSON.stringify({ Resources: { Nothing, ...resources } }) });
}

export async function succeeds(stack: string, resources: Record<string, object>): Promise<void> {
  const { failures, status } = await deploy(stack, resources);
  expect({ failures, status }).toEqual({ failures: [], status: expect.stringMatching(/^(CREATE|UPDATE)_COMPLETE$/) });
}

/** Checks that the deployment fails and is rolled back; gives the reasons. */
export async function fails(stack: string, resources: Record<string, object>): Promise<string> {
  const { failures, status } = await deploy(stack, resources);
  expect(status).toMatch(/^(UPDATE_)?ROLLBACK_COMPLETE$/);
  return failures.join('\n');
}

/** A resource that cannot be created, once another one has been. */
export function failingAfter(DependsOn: string): object {
  const Properties = { ServiceToken: token('StudioUserProfile'), DomainId: 'd-none', UserProfileName: 'none' };
  return { Type: 'Custom::StudioUserProfile', DependsOn, Properties };
}
