import { stackId } from './handlers/built-function.ts';
import type { Answer, Sent, Subject } from './subject.ts';

const otherStackId = stackId.replace(':stack/studio/', ':stack/other/');
const adopting = { AdoptExisting: 'true' };

interface Options {
  testOf(title: string, run: () => Promise<void>): void;
  subject(): Subject;
}

/** What every resource must do with a thing that another logical id, or another stack, holds under the same name. */
export function describeHolders({ testOf, subject }: Options): void {
  /** Sends a request; of the stack `studio` and its logical id `Studio`, unless told otherwise. */
  const send = (RequestType: Sent['RequestType'], sent: Partial<Sent> = {}, more: object = {}): Promise<Answer> => {
    const { world, properties } = subject();
    return world.send({ RequestType, ResourceProperties: { ...properties, ...more }, ...sent });
  };
  const created = async (sent: Partial<Sent> = {}, more: object = {}) => {
    const answer = await send('Create', sent, more);
    expect(answer).toMatchObject({ Status: 'SUCCESS' });
    return answer.PhysicalResourceId;
  };
  const removed = async (PhysicalResourceId: string, sent: Partial<Sent> = {}) =>
    expect(await send('Delete', { PhysicalResourceId, ...sent })).toMatchObject({ Status: 'SUCCESS' });
  /** The creation fails; its Delete, which follows, changes nothing. */
  const refused = async (sent: Partial<Sent>, more: object = {}) => {
    const { world } = subject();
    const before = await world.mutations();
    const { Status, Reason, PhysicalResourceId } = await send('Create', sent, more);
    expect(Status).toBe('FAILED');
    await removed(PhysicalResourceId, sent);
    expect(await world.mutations()).toEqual(before);
    return Reason;
  };
  const show = (...[stack]: Parameters<NonNullable<Subject['world']['showStack']>>) =>
    subject().world.showStack!(stack);
  const holder = async (id: string) => {
    const { Tags } = (await subject().world.look(id)) as { Tags: Record<string, string> };
    return { stackId: Tags['studio-resources:stack-id'], logicalId: Tags['studio-resources:logical-id'] };
  };
  const existing = () => subject().world.existing();
  /** How often a thing was created or deleted. */
  const turnover = async () =>
    (await subject().world.mutations()).filter((one) => /^(Create|Delete)/.test(one) && !one.endsWith('Tags')).length;

  testOf('a logical id that is renamed takes the thing over, and the Delete of the old one retains it', async () => {
    const id = await created();
    const before = await turnover();
    show({ stackId, template: ['Renamed'], resources: { Studio: 'CREATE_COMPLETE', Renamed: 'CREATE_IN_PROGRESS' } });
    const renamed = { LogicalResourceId: 'Renamed' };
    const renamedId = await created(renamed);
    await removed(id);
    expect(await existing()).toEqual([id]);
    expect(await holder(id)).toEqual({ stackId, logicalId: 'Renamed' });
    expect(await turnover()).toBe(before);
    await removed(renamedId, renamed);
    expect(await existing()).toEqual([]);
  });

  testOf('a rename that is rolled back gives the thing back', async () => {
    const id = await created();
    show({ stackId, template: ['Renamed'] });
    const renamed = { LogicalResourceId: 'Renamed' };
    const renamedId = await created(renamed);
    show({ stackId, template: ['Studio'], status: 'UPDATE_ROLLBACK_COMPLETE' });
    await removed(renamedId, renamed);
    expect(await existing()).toEqual([id]);
    expect(await holder(id)).toEqual({ stackId, logicalId: 'Studio' });
    show({ stackId, template: ['Studio'] });
    await removed(id);
    expect(await existing()).toEqual([]);
  });

  testOf('two logical ids of one template that name the same thing are an error', async () => {
    const id = await created();
    show({ stackId, template: ['Studio', 'Other'] });
    for (const more of [{}, adopting]) {
      expect(await refused({ LogicalResourceId: 'Other' }, more)).toContain(
        'Studio of this stack holds it. Remove one of the two from the template',
      );
    }
    expect(await existing()).toEqual([id]);
  });

  testOf('what another stack holds is refused; once it is retained there, AdoptExisting takes it over', async () => {
    const id = await created();
    const before = await turnover();
    const other = { StackId: otherStackId };
    show({ stackId: otherStackId, template: ['Studio'], resources: { Studio: 'CREATE_IN_PROGRESS' } });
    for (const more of [{}, adopting]) {
      expect(await refused(other, more)).toMatch(
        /Studio of stack studio holds it\. To move it here, set DeletionPolicy: Retain .* AdoptExisting: true here/,
      );
    }
    show({ stackId, status: 'DELETE_COMPLETE', resources: { Studio: 'DELETE_SKIPPED' } });
    expect(await refused(other)).toMatch(/Studio of stack studio created it, and no longer holds it\. Choose another/);
    const otherId = await created(other, adopting);
    await removed(id);
    expect(await existing()).toEqual([id]);
    expect(await holder(id)).toEqual({ stackId: otherStackId, logicalId: 'Studio' });
    expect(await turnover()).toBe(before);
    await removed(otherId, other);
    expect(await existing()).toEqual([]);
  });

  testOf('a takeover from another stack that is rolled back leaves the thing to be taken over', async () => {
    const id = await created();
    show({ stackId, template: ['Another'], resources: {} });
    const other = { StackId: otherStackId };
    show({ stackId: otherStackId, template: ['Studio'] });
    const otherId = await created(other, adopting);
    show({ stackId: otherStackId, template: ['Studio'], status: 'ROLLBACK_COMPLETE' });
    await removed(otherId, other);
    expect(await existing()).toEqual([id]);
    expect(await holder(id)).toEqual({ stackId, logicalId: 'Studio' });
  });

  testOf('AdoptExisting: true with a name that does not exist fails; IfExists creates it', async () => {
    expect(await refused({}, adopting)).toMatch(/there (is none at all|are .*)\. Correct the name, or set/);
    expect(await existing()).toEqual([]);
    const id = await created({}, { AdoptExisting: 'IfExists' });
    expect(await existing()).toEqual([id]);
    await removed(id);
    expect(await existing()).toEqual([]);
  });
}
