import { studioLifecycleConfig } from '../../handlers/studio-lifecycle-config.ts';
import { describeContract } from '../contract.ts';
import { lifecycleConfigSubject } from './lifecycle-config-subject.ts';
import {
  arnOf,
  type LifecycleConfigWorld,
  lifecycleConfigRequests,
  lifecycleConfigWorld,
  other,
  properties,
} from './lifecycle-config-world.ts';

const start = lifecycleConfigWorld();

describeContract('studio-lifecycle-config', async () => {
  const world = await start();
  return lifecycleConfigSubject(world, { DomainId: world.domainIds[0]!, UserProfileName: 'ana' });
}, ['taken names', 'collisions', 'failures', 'statuses']);

describe('studio-lifecycle-config', () => {
  let own: LifecycleConfigWorld;
  const { create, created, remove, update } = lifecycleConfigRequests(start, (world) => {
    own = world;
  });

  test('a deletion stops the apps that run with it, and no others', async () => {
    const id = await created();
    await own.runLab('default', { ResourceSpec: { LifecycleConfigArn: arnOf(id) } });
    await own.runLab('built-in', { BuiltInLifecycleConfigArn: arnOf(id) });
    await own.runLab('other', { ResourceSpec: { LifecycleConfigArn: other } });
    expect(await remove(id)).toMatchObject({ Status: 'SUCCESS' });
    const stopped = own.calls().filter(({ operation }) => operation === 'DeleteApp');
    expect(stopped.map(({ input }) => input.SpaceName).sort()).toEqual(['built-in', 'default']);
    expect(await own.existing()).toEqual([]);
  });

  test('two resources may have the same name and script', async () => {
    const id = await created();
    const answer = await own.send({
      RequestType: 'Create',
      LogicalResourceId: 'Other',
      ResourceProperties: { ...properties },
    });
    expect(answer).toMatchObject({ Status: 'SUCCESS' });
    expect((await own.existing()).sort()).toEqual([id, answer.PhysicalResourceId].sort());
    await remove(id);
    expect(await own.existing()).toEqual([answer.PhysicalResourceId]);
  });

  test('other line endings do not change the script', async () => {
    const id = await created({ Content: '\uFEFFecho one\r\necho two\r' });
    const answer = await update(id, { Content: 'echo one\necho two\n' }, { Content: '\uFEFFecho one\r\necho two\r' });
    expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: id });
    expect(own.operations()).toEqual(['CreateStudioLifecycleConfig']);
    expect(await own.run.log()).toContainEqual(
      expect.objectContaining({ message: expect.stringMatching(/^Content has line endings of Windows/) }),
    );
  });

  test('a script in base64 is refused, and a word that could be base64 is not', async () => {
    const Content = Buffer.from('#!/bin/bash\necho one\n').toString('base64');
    expect((await create({ Content })).Reason).toContain('Content: is base64 already; give the script as plain text');
    expect(own.operations()).toEqual([]);
    await created({ Content: 'shutdown' });
  });

  test('the ids that it makes are told from those that CloudFormation invents', () => {
    const ids = ['setup-0123abcd-0123abcd', 'studio-Setup-1ABCDEFGHIJKL', 'setup', '-0123abcd-0123abcd'];
    expect(ids.map((each) => studioLifecycleConfig.ownsId?.(each))).toEqual([true, false, false, false]);
  });
});
