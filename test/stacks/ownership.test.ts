import { CreateStackCommand, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { removeStack } from './cloud.ts';
import { type Holdable, holdables } from './holdables.ts';
import { Case, failingAfter, fails, startOwnershipCloud, succeeds } from './ownership-cloud.ts';
import type { TestCloud } from './test-cloud.ts';

let cloud: TestCloud;

const adopting = { AdoptExisting: true };
const retained = { DeletionPolicy: 'Retain' };

describe.each(Object.entries<Holdable>(holdables))('%s', (_, kind) => {
  beforeAll(async () => {
    cloud = await startOwnershipCloud();
  });
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
    // The first stack is deleted, and created again.
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

  test('a move into a stack that is deleted since its creation failed gives it back', async () => {
    const one = new Case(kind);
    await succeeds(one.a, { First: one.thing({}, retained) });
    await succeeds(one.a, {});
    const before = await one.mark();
    const template = { Resources: { Second: one.thing(adopting), Failing: failingAfter('Second') } };
    const { cloudformation } = cloud.clients;
    const input = { StackName: one.b, TemplateBody: JSON.stringify(template), OnFailure: 'DELETE' } as const;
    const { StackId: StackName } = await cloudformation.send(new CreateStackCommand(input));
    const isDeleted = async () => {
      const { Stacks } = await cloudformation.send(new DescribeStacksCommand({ StackName }));
      return Stacks![0]!.StackStatus === 'DELETE_COMPLETE';
    };
    await cloud.until(isDeleted, 'the stack to be deleted');
    await one.survives(before);
    await succeeds(one.b, { Second: one.thing(adopting) });
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

  test('what a logical id has retained, and names again, stays in a rollback, and goes with its stack', async () => {
    const one = new Case(kind);
    await succeeds(one.a, { First: one.thing({}, retained) });
    await succeeds(one.a, {});
    const before = await one.mark();
    for (const _ of ['once', 'twice']) {
      await fails(one.a, { First: one.thing(), Failing: failingAfter('First') });
      await one.survives(before);
    }
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

describe('between a profile of its own and a fleet', () => {
  beforeAll(async () => {
    cloud = await startOwnershipCloud();
  });
  afterAll(() => cloud.stop());

  test.each([
    ['a profile moves into a fleet', 'user profile', 'member of a fleet'],
    ['a member moves out of a fleet', 'member of a fleet', 'user profile'],
  ] as const)('%s without a property, also in a rollback', async (_, from, to) => {
    const one = new Case(holdables[from]);
    const moved = new Case(holdables[to]);
    await succeeds(one.a, { First: one.thing() });
    const before = await one.mark();
    const next = { Second: moved.thing({}, {}, one.name) };
    await fails(one.a, { ...next, Failing: failingAfter('Second') });
    await one.survives(before);
    await succeeds(one.a, next);
    await one.survives(before);
    await removeStack(cloud, one.a);
    await one.isGone();
  });
});

test('a move into a nested stack that the rollback of its parent deletes gives it back', async () => {
  cloud = await startOwnershipCloud();
  const { s3 } = cloud.clients;
  const Bucket = 'nested-templates';
  await s3.send(new CreateBucketCommand({ Bucket }));
  try {
    for (const kind of Object.values(holdables)) {
      const one = new Case(kind);
      await succeeds(one.a, { First: one.thing({}, retained) });
      await succeeds(one.a, {});
      const before = await one.mark();
      const Key = `${one.name}.json`;
      const Body = JSON.stringify({ Resources: { Second: one.thing(adopting) } });
      await s3.send(new PutObjectCommand({ Bucket, Key, Body }));
      const TemplateURL = `https://${Bucket}.s3.us-east-1.amazonaws.com/${Key}`;
      const Nested = { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL } };
      expect(await fails(one.a, { Nested, Failing: failingAfter('Nested') })).toContain('Failing: ');
      await one.survives(before);
      await succeeds(one.a, { Nested });
      await one.survives(before);
      await removeStack(cloud, one.a);
      await one.isGone();
    }
  } finally {
    await cloud.stop();
  }
});

const denied = (operation: string) =>
  ({ on: 'call', fault: 'access-denied', service: 'cloudformation', operation }) as const;

describe('where CloudFormation does not tell', () => {
  afterEach(() => cloud.stop());

  test('a renamed logical id from another one, since GetTemplate gives the old template, the rename is refused', async () => {
    cloud = await startOwnershipCloud([{ on: 'template', fault: 'old' }]);
    for (const kind of Object.values(holdables)) {
      const one = new Case(kind);
      await succeeds(one.a, { First: one.thing() });
      const before = await one.mark();
      const reason = await fails(one.a, { Second: one.thing() });
      expect(reason).toContain('First of this stack holds it. Remove one of the two from the template');
      await one.survives(before);
      await removeStack(cloud, one.a);
      await one.isGone();
    }
  });

  test.each([
    ['GetTemplate', 'the same stack'],
    ['DescribeStackResource', 'another stack'],
  ])('since %s is refused, what %s holds is not taken over, and the error names the permission', async (operation) => {
    cloud = await startOwnershipCloud([denied(operation)]);
    for (const kind of Object.values(holdables)) {
      const one = new Case(kind);
      await succeeds(one.a, { First: one.thing({}, retained) });
      const before = await one.mark();
      if (operation === 'DescribeStackResource') {
        await succeeds(one.a, {});
        const reason = await fails(one.b, { Second: one.thing(adopting) });
        expect(reason).toContain(`Reading whether First of stack ${one.a} still holds the resource`);
        expect(reason).toContain('cloudformation:DescribeStackResource');
      } else {
        expect(await fails(one.a, { Second: one.thing() })).toContain('cloudformation:GetTemplate');
      }
      await one.survives(before);
    }
  });

  test('whether a stack is rolling back, what was taken over is retained', async () => {
    cloud = await startOwnershipCloud([denied('DescribeStacks')]);
    for (const kind of Object.values(holdables)) {
      const one = new Case(kind);
      await succeeds(one.a, { First: one.thing() });
      const before = await one.mark();
      await fails(one.a, { Second: one.thing(), Failing: failingAfter('Second') });
      await one.survives(before);
      await succeeds(one.a, { Second: one.thing() });
      await removeStack(cloud, one.a);
      await one.survives(before);
    }
  });
});
