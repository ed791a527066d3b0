import { stackId } from './handlers/built-function.ts';
import { describeHolders } from './holders-contract.ts';
import type { Subject, World } from './subject.ts';

/**
 * What a kind of thing may lack: names that another one can have taken, replacements, those of them that need the name
 * of what they replace, operations that go on once the service has accepted them and may fail then, statuses, tags,
 * changes in place that call anything, and losses: what is missing after another team has deleted it, and is not made anew
 * by the next update.
 */
export type Lacking =
  | 'taken names'
  | 'replacements'
  | 'collisions'
  | 'failures'
  | 'statuses'
  | 'tags'
  | 'changes'
  | 'losses';

/** The lifecycle that every resource must pass, as far as it has what a part of it is about. */
export function describeContract(name: string, start: () => Promise<Subject>, lacking: readonly Lacking[] = []): void {
  /** A test about something that the resource need not have. */
  const testOf = (what: Lacking, title: string, run: () => Promise<void>) => {
    if (!lacking.includes(what)) test(title, run);
  };

  describe(name, () => {
    let subject: Subject;
    let world: World;

    beforeEach(async () => {
      subject = await start();
      world = subject.world;
    });
    afterEach(() => world.close());

    const create = (properties = subject.properties) =>
      world.send({ RequestType: 'Create', ResourceProperties: properties });
    const update = (PhysicalResourceId: string, to: Record<string, unknown>, from = subject.properties) =>
      world.send({ RequestType: 'Update', PhysicalResourceId, ResourceProperties: to, OldResourceProperties: from });
    const remove = (PhysicalResourceId: string, properties = subject.properties) =>
      world.send({ RequestType: 'Delete', PhysicalResourceId, ResourceProperties: properties });
    const created = async (properties = subject.properties) => {
      const answer = await create(properties);
      expect(answer).toMatchObject({ Status: 'SUCCESS' });
      return answer.PhysicalResourceId;
    };

    test('create makes one thing, and answers with its id and every attribute', async () => {
      const answer = await create();
      expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: expect.stringMatching(subject.id) });
      expect(await world.existing()).toEqual([answer.PhysicalResourceId]);
      expect(await world.look(answer.PhysicalResourceId)).toMatchObject(subject.shown);
      expect(Object.keys(answer.Data!).sort()).toEqual([...subject.attributes].sort());
      for (const value of Object.values(answer.Data!)) expect(typeof value).toBe('string');
    });

    testOf('tags', 'what is created carries the tags that say who made it', async () => {
      expect(await world.look(await created())).toMatchObject({
        Tags: {
          'studio-resources:stack-id': expect.stringMatching(/^arn:aws:cloudformation:/),
          'studio-resources:logical-id': 'Studio',
        },
      });
    });

    test('an update that changes nothing reads the same attributes back, and changes nothing', async () => {
      const { PhysicalResourceId, Data } = await create();
      const before = await world.mutations();
      const answer = await update(PhysicalResourceId, { ...subject.properties });
      expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId, Data });
      expect(await world.mutations()).toEqual(before);
    });

    test('an update in place keeps the id, answers every attribute, and is there', async () => {
      const id = await created();
      const answer = await update(id, subject.changed);
      expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: id });
      expect(Object.keys(answer.Data!).sort()).toEqual([...subject.attributes].sort());
      expect(await world.look(id)).toMatchObject(subject.changedShown);
      expect(await world.existing()).toEqual([id]);
    });

    testOf(
      'replacements',
      'a replacement makes a second thing, and leaves the first to the Delete that follows',
      async () => {
        const id = await created();
        const answer = await update(id, subject.replacing!);
        expect(answer.Status).toBe('SUCCESS');
        expect(answer.PhysicalResourceId).not.toBe(id);
        expect((await world.existing()).sort()).toEqual([id, answer.PhysicalResourceId].sort());
        expect(await remove(id)).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: id });
        expect(await world.existing()).toEqual([answer.PhysicalResourceId]);
      },
    );

    testOf(
      'collisions',
      'a replacement under a name that is still taken fails at once, and says what to change',
      async () => {
        const id = await created();
        const before = await world.mutations();
        const [properties, property] = subject.colliding!;
        const answer = await update(id, properties);
        expect(answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: id });
        expect(answer.Reason).toContain(`a change of ${property} cannot be made in place`);
        expect(answer.Reason).toMatch(/Change .* as well/);
        expect(await world.mutations()).toEqual(before);
      },
    );

    test('delete leaves nothing', async () => {
      const id = await created();
      expect(await remove(id)).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: id });
      expect(await world.existing()).toEqual([]);
    });

    test('delete of what is gone already succeeds', async () => {
      const id = await created();
      await world.deleteBehindItsBack(id);
      expect(await remove(id)).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: id });
      expect(await remove(id)).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: id });
    });

    test('delete with an id that CloudFormation invented deletes what this stack made, and nothing else', async () => {
      await created();
      const invented = 'studio-Studio-1ABCDEFGHIJKL';
      expect(await remove(invented)).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: invented });
      expect(await world.existing()).toEqual([]);
      expect(await remove(invented)).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: invented });
    });

    testOf('tags', 'delete keeps what does not carry the tags of this stack', async () => {
      const id = await created();
      await world.disown(id);
      expect(await remove(id)).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: id });
      expect(await remove('studio-Studio-1ABCDEFGHIJKL')).toMatchObject({ Status: 'SUCCESS' });
      expect(await world.existing()).toEqual([id]);
    });

    testOf('losses', 'an update of what was deleted behind its back fails, and says so', async () => {
      const id = await created();
      await world.deleteBehindItsBack(id);
      const answer = await update(id, subject.changed);
      expect(answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: id });
      expect(answer.Reason).toMatch(/does not exist|no longer exists/);
    });

    test('a create that is delivered twice makes one thing', async () => {
      const id = await created();
      expect(await create()).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: id });
      expect(await world.existing()).toEqual([id]);
    });

    describeHolders({
      testOf: (title, run) => testOf('taken names', title, run),
      subject: () => subject,
    });

    test('a create that the service refuses fails with its reason; the Delete that follows has nothing to do', async () => {
      await world.refuseNext('create', 'ResourceLimitExceeded', "The account-level service limit 'Total' is 1");
      const answer = await create();
      expect(answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: expect.stringMatching(/./) });
      expect(answer.Reason).toContain("The account-level service limit 'Total' is 1");
      const before = await world.mutations();
      expect(await remove(answer.PhysicalResourceId)).toMatchObject({ Status: 'SUCCESS' });
      expect(await world.mutations()).toEqual(before);
      expect(await world.existing()).toEqual([]);
    });

    testOf(
      'failures',
      "a create that fails later has the thing's id and the service's reason, and its rollback leaves nothing",
      async () => {
        await world.failNext('create', 'The subnet has no free addresses');
        const answer = await create();
        expect(answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: expect.stringMatching(subject.id) });
        expect(answer.Reason).toContain(`is ${subject.words!.failed.create}: The subnet has no free addresses`);
        expect(await remove(answer.PhysicalResourceId)).toMatchObject({ Status: 'SUCCESS' });
        expect(await world.existing()).toEqual([]);
      },
    );

    testOf(
      'changes',
      'an update that the service refuses fails with its reason, and its rollback changes nothing',
      async () => {
        const id = await created();
        await world.refuseNext('update', 'ValidationException', 'Unable to update with InService App');
        const answer = await update(id, subject.changed);
        expect(answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: id });
        expect(answer.Reason).toContain('ValidationException: Unable to update with InService App');
        const before = await world.mutations();
        world.showStack?.({ stackId, status: 'UPDATE_ROLLBACK_COMPLETE', template: ['Studio'] });
        expect(await update(id, subject.properties, subject.changed)).toMatchObject({ Status: 'SUCCESS' });
        expect((await world.mutations()).slice(before.length).filter((each) => each.startsWith('Update'))).toEqual([]);
        expect(await world.look(id)).toMatchObject(subject.shown);
      },
    );

    testOf(
      'failures',
      "an update that fails later has the service's reason, and its rollback brings the old state back",
      async () => {
        const id = await created();
        await world.failNext('update', 'The role cannot be assumed');
        const answer = await update(id, subject.changed);
        expect(answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: id });
        expect(answer.Reason).toContain(`is ${subject.words!.failed.update}: The role cannot be assumed`);
        world.showStack?.({ stackId, status: 'UPDATE_ROLLBACK_COMPLETE', template: ['Studio'] });
        expect(await update(id, subject.properties, subject.changed)).toMatchObject({
          Status: 'SUCCESS',
          PhysicalResourceId: id,
        });
        expect(await world.look(id)).toMatchObject({ ...subject.shown, Status: subject.words!.ready });
      },
    );

    testOf('failures', 'an update of what is still in motion waits until it can be made', async () => {
      const id = await created();
      await world.setStatus(id, subject.words!.updating);
      expect(await update(id, subject.changed)).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: id });
      expect(await world.look(id)).toMatchObject(subject.changedShown);
    });

    testOf('failures', "a delete that fails has the service's reason, and can be tried again", async () => {
      const id = await created();
      await world.failNext('delete', 'A network interface is in use');
      const answer = await remove(id);
      expect(answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: id });
      expect(answer.Reason).toContain(`is ${subject.words!.failed.delete}: A network interface is in use`);
      expect(await remove(id)).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: id });
      expect(await world.existing()).toEqual([]);
    });

    test("booleans and numbers may be CloudFormation's strings", async () => {
      const [properties, shown] = subject.strings;
      expect(await world.look(await created(properties))).toMatchObject(shown);
    });

    test('wrong properties are refused with their path before anything is changed, and never block a Delete', async () => {
      for (const [properties, reason] of subject.wrong) {
        const answer = await create(properties);
        expect(answer).toMatchObject({ Status: 'FAILED' });
        expect(answer.Reason).toContain(reason);
        expect(await remove(answer.PhysicalResourceId, properties)).toMatchObject({ Status: 'SUCCESS' });
      }
      expect(await world.existing()).toEqual([]);
      const id = await created();
      expect(await remove(id, subject.wrong[0]![0])).toMatchObject({ Status: 'SUCCESS' });
      expect(await world.existing()).toEqual([]);
    });

    testOf('statuses', 'every status of the service is understood, and an unknown one is a failure', async () => {
      const id = await created();
      for (const [status, meaning] of Object.entries({ ...subject.statuses, Dreaming: 'failed' as const })) {
        await world.setStatus(id, status, `because of ${status}`);
        const answer = await update(id, { ...subject.properties });
        expect({ status, got: answer.Status }).toEqual({ status, got: meaning === 'failed' ? 'FAILED' : 'SUCCESS' });
        if (meaning === 'failed') expect(answer.Reason).toContain(status);
      }
    });
  });
}
