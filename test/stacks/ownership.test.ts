import { DescribeDomainCommand } from '@aws-sdk/client-sagemaker';
import type { Rule } from '../../packages/local/src/faults/rule.ts';
import { deployTemplate, removeStack, startCloud } from './cloud.ts';
import { type Holdable, holdables, type Place, token } from './holdables.ts';
import type { TestCloud } from './test-cloud.ts';

let cloud: TestCloud;
let place: Place;
let tests = 0;

/** Starts a cloud with a domain, which the profiles, spaces and images of the tests are in. */
async function start(faults: Rule[] = []): Promise<void> {
  cloud = await startCloud({ faults });
  const { sagemaker } = cloud.clients;
  const { DomainId = '' } = await deployTemplate(cloud, 'studio', 'examples/studio.yaml');
  const domain = await sagemaker.send(new DescribeDomainCommand({ DomainId }));
  const { VpcId = '', SubnetIds = [], DefaultUserSettings } = domain;
  place = { sagemaker, DomainId, VpcId, SubnetIds, ExecutionRole: DefaultUserSettings!.ExecutionRole! };
}

/** A thing that resources name, and two stacks; none of them is there. */
class Case {
  readonly name: string;
  readonly a: string;
  readonly b: string;
  readonly #kind: Holdable;
  #counts: number[] = [];

  constructor(kind: Holdable) {
    tests += 1;
    this.#kind = kind;
    this.name = `thing-${tests}`;
    this.a = `first-${tests}`;
    this.b = `second-${tests}`;
  }

  /** A resource that names the thing. */
  thing(properties: object = {}, more: object = {}, name = this.name): object {
    const { type, properties: named } = this.#kind;
    return { Type: type, Properties: { ...named(name, place), ...properties }, ...more };
  }

  make = () => this.#kind.make(this.name, place);

  identity = () => this.#kind.identity(this.name, place);

  /** What the thing is now; that it stays so is what `survives` checks. */
  async mark(): Promise<unknown> {
    this.#counts = await this.#count();
    const identity = await this.identity();
    expect(identity).toBeDefined();
    return identity;
  }

  /** The thing is there as it was marked, no second one was created since, and none was deleted. */
  async survives(identity: unknown): Promise<void> {
    expect(await this.identity()).toEqual(identity);
    expect(await this.#count()).toEqual(this.#counts);
  }

  /** The thing was deleted since it was marked, and nothing was created. */
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

/** Deploys a stack with these resources, and one that does nothing: a template needs one. */
function deploy(stack: string, resources: Record<string, object>) {
  const Nothing = { Type: 'AWS::CloudFormation::WaitConditionHandle' };
  return cloud.deploy(stack, { template: JSON.stringify({ Resources: { Nothing, ...resources } }) });
}

async function succeeds(stack: string, resources: Record<string, object>): Promise<void> {
  const { failures, status } = await deploy(stack, resources);
  expect({ failures, status }).toEqual({ failures: [], status: expect.stringMatching(/^(CREATE|UPDATE)_COMPLETE$/) });
}

/** The deployment fails and is rolled back; gives why. */
async function fails(stack: string, resources: Record<string, object>): Promise<string> {
  const { failures, status } = await deploy(stack, resources);
  expect(status).toMatch(/^(UPDATE_)?ROLLBACK_COMPLETE$/);
  return failures.join('\n');
}

/** A resource that cannot be created, once another one has been. */
function failingAfter(DependsOn: string): object {
  const Properties = { ServiceToken: token('StudioUserProfile'), DomainId: 'd-none', UserProfileName: 'none' };
  return { Type: 'Custom::StudioUserProfile', DependsOn, Properties };
}

const adopting = { AdoptExisting: true };
const retained = { DeletionPolicy: 'Retain' };

describe.each(Object.entries<Holdable>(holdables))('%s', (_, kind) => {
  beforeAll(() => start());
  afterAll(() => cloud.stop());

  test('a logical id that is renamed takes it over without a property; the last holder deletes it', async () => {
    const one = new Case(kind);
    await succeeds(one.a, { First: one.thing() });
    const before = await one.mark();
    await succeeds(one.a, { Second: one.thing() });
    await one.survives(before);
    await succeeds(one.a, { First: one.thing() });
    await one.survives(before);
    await succeeds(one.a, {});
    await one.isGone();
    await removeStack(cloud, one.a);
  });

  test('a rename that is rolled back gives it back', async () => {
    const one = new Case(kind);
    await succeeds(one.a, { First: one.thing() });
    const before = await one.mark();
    expect(await fails(one.a, { Second: one.thing(), Failing: failingAfter('Second') })).toContain('Failing: ');
    await one.survives(before);
    await succeeds(one.a, { Third: one.thing() });
    await one.survives(before);
    await removeStack(cloud, one.a);
    await one.isGone();
  });

  test('it moves to another stack and back with DeletionPolicy: Retain and AdoptExisting, and goes with its last stack', async () => {
    const one = new Case(kind);
    await succeeds(one.a, { First: one.thing({}, retained) });
    const before = await one.mark();
    const refused = await fails(one.b, { Second: one.thing(adopting) });
    expect(refused).toContain(
      `First of stack ${one.a} holds it. To move it here, set DeletionPolicy: Retain on it there, remove it from that template, and then set AdoptExisting: true here`,
    );
    await one.survives(before);
    await removeStack(cloud, one.b);
    await succeeds(one.a, {});
    await one.survives(before);
    expect(await fails(one.b, { Second: one.thing() })).toContain(
      `First of stack ${one.a} created it, and no longer holds it. Choose another name, or set AdoptExisting: true to take it over`,
    );
    await removeStack(cloud, one.b);
    await succeeds(one.b, { Second: one.thing(adopting, retained) });
    await one.survives(before);
    // The first stack goes, and comes back.
    await removeStack(cloud, one.a);
    await removeStack(cloud, one.b);
    await one.survives(before);
    await succeeds(one.a, { First: one.thing(adopting) });
    await one.survives(before);
    await removeStack(cloud, one.a);
    await one.isGone();
  });

  test('a move that is rolled back half-way gives it back', async () => {
    const one = new Case(kind);
    await succeeds(one.a, { First: one.thing({}, retained) });
    await succeeds(one.a, {});
    const before = await one.mark();
    await fails(one.b, { Second: one.thing(adopting), Failing: failingAfter('Second') });
    await one.survives(before);
    await removeStack(cloud, one.b);
    await one.survives(before);
    await succeeds(one.b, { Second: one.thing(adopting) });
    await removeStack(cloud, one.a);
    await one.survives(before);
    await removeStack(cloud, one.b);
    await one.isGone();
  });

  test('a move that the first stack takes back leaves it there', async () => {
    const one = new Case(kind);
    await succeeds(one.a, { First: one.thing({}, retained) });
    const before = await one.mark();
    await fails(one.a, { Failing: failingAfter('Nothing') });
    expect(await fails(one.b, { Second: one.thing(adopting) })).toContain(`First of stack ${one.a} holds it`);
    await removeStack(cloud, one.b);
    await succeeds(one.a, { First: one.thing() });
    await one.survives(before);
    await removeStack(cloud, one.a);
    await one.isGone();
  });

  test('two resources of one template that name it are an error, in a creation and in an update', async () => {
    const one = new Case(kind);
    const both = { First: one.thing(), Second: one.thing({}, { DependsOn: 'First' }) };
    const reason = 'First of this stack holds it. Remove one of the two from the template';
    expect(await fails(one.a, both)).toContain(reason);
    expect(await one.identity()).toBeUndefined();
    await removeStack(cloud, one.a);
    await succeeds(one.a, { First: one.thing() });
    const before = await one.mark();
    expect(await fails(one.a, both)).toContain(reason);
    expect(await fails(one.a, { ...both, Second: one.thing(adopting, { DependsOn: 'First' }) })).toContain(reason);
    await one.survives(before);
    await removeStack(cloud, one.a);
    await one.isGone();
  });

  test('AdoptExisting: true with a name that does not exist is an error that lists those that do; IfExists creates it', async () => {
    const one = new Case(kind);
    await succeeds(one.a, { First: one.thing() });
    const before = await one.mark();
    const mistyped = { Second: one.thing(adopting, {}, `${one.name}x`) };
    expect(await fails(one.b, mistyped)).toMatch(new RegExp(`there are .*\\b${one.name}\\b`));
    await one.survives(before);
    await removeStack(cloud, one.b);
    await removeStack(cloud, one.a);
    await one.isGone();
    await succeeds(one.a, { First: one.thing({ AdoptExisting: 'IfExists' }) });
    await one.mark();
    await removeStack(cloud, one.a);
    await one.isGone();
  });

  const others = kind.refusesOthers ? 'is refused' : 'is adopted by two stacks, and deleted with neither';
  test(`what no stack created ${others}`, async () => {
    const one = new Case(kind);
    await one.make();
    // Longer than it takes until it is in service.
    await cloud.pass(900_000);
    const before = await one.mark();
    if (kind.refusesOthers) {
      expect(await fails(one.a, { First: one.thing(adopting) })).toContain('it exists, and no stack created it');
    } else {
      await succeeds(one.a, { First: one.thing(adopting) });
      await succeeds(one.b, { First: one.thing({ AdoptExisting: 'IfExists' }) });
      await succeeds(one.a, { Renamed: one.thing(adopting) });
      await fails(one.b, { Renamed: one.thing(adopting), Failing: failingAfter('Renamed') });
      await removeStack(cloud, one.b);
      await one.survives(before);
    }
    await removeStack(cloud, one.a);
    await one.survives(before);
  });
});
