import { CreateStudioLifecycleConfigCommand, CreateUserProfileCommand } from '@aws-sdk/client-sagemaker';
import { studioLifecycleConfig } from '../../handlers/studio-lifecycle-config.ts';
import { describeContract } from '../contract.ts';
import { account, region } from './built-function.ts';
import { lifecycleConfigSubject } from './lifecycle-config-subject.ts';
import { type StudioWorld, studioWorld } from './studio-world.ts';

const startWorld = studioWorld('studio-lifecycle-config', 'StudioLifecycleConfig', studioLifecycleConfig, {
  domains: ['team'],
});

/** A world with a domain and two profiles. */
async function start() {
  const world = await startWorld();
  const DomainId = world.domainIds[0]!;
  for (const UserProfileName of ['ana', 'bob']) {
    await world.sagemaker.send(new CreateUserProfileCommand({ DomainId, UserProfileName }));
  }
  await world.settled('user-profile');
  return world;
}

describeContract('studio-lifecycle-config', async () => {
  const world = await start();
  return lifecycleConfigSubject(world, { DomainId: world.domainIds[0]!, UserProfileName: 'ana' });
}, ['taken names', 'collisions', 'failures', 'statuses']);

describe('studio-lifecycle-config', () => {
  let own: StudioWorld;
  let DomainId: string;
  const properties = { Name: 'setup', AppType: 'JupyterLab', Content: 'echo one' };
  const changed = { ...properties, Content: 'echo two' };
  const other = `arn:aws:sagemaker:${region}:${account}:studio-lifecycle-config/other`;
  const arnOf = (name: string) => other.replace(/other$/, name);

  const send = (RequestType: 'Create' | 'Delete', ResourceProperties: object, PhysicalResourceId?: string) =>
    own.send({ RequestType, ResourceProperties: { ...ResourceProperties }, PhysicalResourceId });
  const create = (more: object = {}) => send('Create', { ...properties, ...more });
  const remove = (id: string, more: object = {}) => send('Delete', { ...properties, ...more }, id);
  const update = (PhysicalResourceId: string, to: object, from: object) =>
    own.send({
      RequestType: 'Update',
      PhysicalResourceId,
      ResourceProperties: { ...properties, ...to },
      OldResourceProperties: { ...properties, ...from },
    });
  const created = async (more: object = {}) => {
    const answer = await create(more);
    expect(answer).toMatchObject({ Status: 'SUCCESS' });
    return answer.PhysicalResourceId;
  };
  /** The new one's id. */
  const replaced = async (id: string, to: object, from: object = {}) => {
    const answer = await update(id, to, from);
    expect(answer).toMatchObject({ Status: 'SUCCESS' });
    return answer.PhysicalResourceId;
  };
  /** All but that of somebody else. */
  const existing = async () => (await own.existing()).filter((each) => each !== 'other');
  const domain = () => own.members('domain', DomainId);
  const profile = (name = 'ana') => own.members('user-profile', `${DomainId}/${name}`);
  const space = () => own.members('space', `${DomainId}/notes`);
  const calls = () => own.calls().map(({ operation }) => operation);
  const lab = (JupyterLabAppSettings: object) => ({ JupyterLabAppSettings });
  /** What settings say of JupyterLab. */
  const labOf = ({ JupyterLabAppSettings }: { JupyterLabAppSettings: object }) => lab(JupyterLabAppSettings);
  /** Runs an app in a space of its own, with such members. */
  const run = async (SpaceName: string, more: object) => {
    await own.addSpace(DomainId, SpaceName, 'ana');
    await own.addApp({ DomainId, SpaceName, AppType: 'JupyterLab', AppName: 'default' });
    Object.assign(own.members('app', `${DomainId}/space ${SpaceName}/JupyterLab/default`), more);
  };

  beforeEach(async () => {
    own = await start();
    DomainId = own.domainIds[0]!;
    await own.sagemaker.send(
      new CreateStudioLifecycleConfigCommand({
        StudioLifecycleConfigName: 'other',
        StudioLifecycleConfigAppType: 'JupyterLab',
        StudioLifecycleConfigContent: Buffer.from('echo other').toString('base64'),
      }),
    );
  });
  afterEach(() => own.close());

  test('it is attached to a domain, a profile and a space, each at its place for the type of app', async () => {
    await own.addSpace(DomainId, 'notes', 'ana');
    const id = await created({
      AttachTo: [
        { DomainId },
        { DomainId, Settings: 'DefaultSpaceSettings', As: 'BuiltIn' },
        { DomainId, UserProfileName: 'ana', As: 'Default' },
        { DomainId, SpaceName: 'notes' },
      ],
    });
    const arn = arnOf(id);
    expect(domain()).toMatchObject({
      DefaultUserSettings: lab({ LifecycleConfigArns: [arn] }),
      DefaultSpaceSettings: lab({ BuiltInLifecycleConfigArn: arn }),
    });
    expect(labOf(profile().UserSettings)).toEqual(
      lab({ LifecycleConfigArns: [arn], DefaultResourceSpec: { LifecycleConfigArn: arn } }),
    );
    expect(labOf(space().SpaceSettings)).toEqual(lab({ DefaultResourceSpec: { LifecycleConfigArn: arn } }));
    expect(calls().filter((each) => each === 'UpdateDomain')).toHaveLength(1);
  });

  test('in Studio Classic the list goes with a resource spec, which SageMaker asks for', async () => {
    const id = await created({ AppType: 'JupyterServer', AttachTo: [{ DomainId }] });
    expect(own.calls().at(-1)?.input).toEqual({
      DomainId,
      DefaultUserSettings: {
        JupyterServerAppSettings: { LifecycleConfigArns: [arnOf(id)], DefaultResourceSpec: { InstanceType: 'system' } },
      },
    });
  });

  test('attaching leaves what others have attached, and detaching leaves it too', async () => {
    const held = {
      ExecutionRole: own.executionRole,
      JupyterLabAppSettings: {
        LifecycleConfigArns: [other],
        CustomImages: [{ ImageName: 'one', AppImageConfigName: 'one' }],
        DefaultResourceSpec: { InstanceType: 'ml.t3.large' },
      },
    };
    Object.assign(domain().DefaultUserSettings, structuredClone(held));
    const id = await created({ AttachTo: [{ DomainId, As: 'Default' }] });
    expect(own.calls().at(-1)?.input).toEqual({
      DomainId,
      DefaultUserSettings: lab({
        LifecycleConfigArns: [other, arnOf(id)],
        DefaultResourceSpec: { InstanceType: 'ml.t3.large', LifecycleConfigArn: arnOf(id) },
      }),
    });
    expect(await remove(id, { AttachTo: [{ DomainId, As: 'Default' }] })).toMatchObject({ Status: 'SUCCESS' });
    expect(domain().DefaultUserSettings).toMatchObject(held);
    expect(labOf(domain().DefaultUserSettings)).toEqual(labOf(held));
    expect(await existing()).toEqual([]);
  });

  test('the last one is detached by an explicit empty list and by None', async () => {
    const AttachTo = [
      { DomainId, As: 'Default' },
      { DomainId, As: 'BuiltIn' },
    ];
    const id = await created({ AttachTo });
    await remove(id, { AttachTo });
    expect(own.calls().find(({ operation, input }) => operation === 'UpdateDomain' && says(input, 'None'))).toEqual({
      operation: 'UpdateDomain',
      input: {
        DomainId,
        DefaultUserSettings: lab({
          LifecycleConfigArns: [],
          DefaultResourceSpec: { LifecycleConfigArn: 'None' },
          BuiltInLifecycleConfigArn: 'None',
        }),
      },
    });
    expect(calls().slice(-1)).toEqual(['DeleteStudioLifecycleConfig']);
  });

  test('a deletion detaches it also where somebody else attached it', async () => {
    await own.addSpace(DomainId, 'notes', 'ana');
    const id = await created();
    Object.assign(profile('bob').UserSettings, lab({ LifecycleConfigArns: [other, arnOf(id)] }));
    Object.assign(space().SpaceSettings, lab({ DefaultResourceSpec: { LifecycleConfigArn: arnOf(id) } }));
    expect(await remove(id)).toMatchObject({ Status: 'SUCCESS' });
    expect(labOf(profile('bob').UserSettings)).toEqual(lab({ LifecycleConfigArns: [other] }));
    expect(labOf(space().SpaceSettings)).toEqual(lab({ DefaultResourceSpec: {} }));
    expect(await existing()).toEqual([]);
  });

  test('an update attaches to what is new, and detaches from what is no longer named, and from nothing else', async () => {
    const at = (UserProfileName: string, As = 'Default') => ({ DomainId, UserProfileName, As });
    const id = await created({ AttachTo: [at('ana')] });
    Object.assign(domain().DefaultUserSettings, lab({ LifecycleConfigArns: [arnOf(id)] }));
    const answer = await update(id, { AttachTo: [at('bob')] }, { AttachTo: [at('ana')] });
    expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: id });
    const attached = lab({ LifecycleConfigArns: [arnOf(id)], DefaultResourceSpec: { LifecycleConfigArn: arnOf(id) } });
    expect(labOf(profile('ana').UserSettings)).toEqual(lab({ LifecycleConfigArns: [], DefaultResourceSpec: {} }));
    expect(labOf(profile('bob').UserSettings)).toEqual(attached);
    expect(labOf(domain().DefaultUserSettings)).toEqual(lab({ LifecycleConfigArns: [arnOf(id)] }));
    await update(id, { AttachTo: [at('bob', 'Listed')] }, { AttachTo: [at('bob')] });
    expect(labOf(profile('bob').UserSettings)).toEqual(
      lab({ LifecycleConfigArns: [arnOf(id)], DefaultResourceSpec: {} }),
    );
  });

  test('another script takes the place of the old one everywhere, and the old one goes in the clean-up', async () => {
    await own.addSpace(DomainId, 'notes', 'ana');
    const AttachTo = [{ DomainId, As: 'Default' }];
    const id = await created({ AttachTo });
    Object.assign(profile('bob').UserSettings, lab({ LifecycleConfigArns: [arnOf(id), other] }));
    Object.assign(space().SpaceSettings, lab({ DefaultResourceSpec: { LifecycleConfigArn: arnOf(id) } }));
    const next = await replaced(id, { ...changed, AttachTo }, { AttachTo });
    expect(next).not.toBe(id);
    const arn = arnOf(next);
    expect(labOf(domain().DefaultUserSettings)).toEqual(
      lab({ LifecycleConfigArns: [arn], DefaultResourceSpec: { LifecycleConfigArn: arn } }),
    );
    expect(labOf(profile('bob').UserSettings)).toEqual(lab({ LifecycleConfigArns: [arn, other] }));
    expect(labOf(space().SpaceSettings)).toEqual(lab({ DefaultResourceSpec: { LifecycleConfigArn: arn } }));
    expect((await existing()).sort()).toEqual([id, next].sort());
    await remove(id, { AttachTo });
    expect(await existing()).toEqual([next]);
    expect(domain().DefaultUserSettings).toMatchObject(lab({ LifecycleConfigArns: [arn] }));
  });

  test('a script and where it is attached may change at once', async () => {
    const [before, after] = [[{ DomainId, UserProfileName: 'ana' }], [{ DomainId, UserProfileName: 'bob' }]];
    const id = await created({ AttachTo: before });
    const next = await replaced(id, { ...changed, AttachTo: after }, { AttachTo: before });
    expect(labOf(profile('ana').UserSettings)).toEqual(lab({ LifecycleConfigArns: [] }));
    expect(labOf(profile('bob').UserSettings)).toEqual(lab({ LifecycleConfigArns: [arnOf(next)] }));
  });

  test.each(['the old', 'the new'])(
    'a rollback that names %s id brings the old script back everywhere',
    async (which) => {
      const AttachTo = [{ DomainId }];
      const id = await created({ AttachTo });
      Object.assign(profile('bob').UserSettings, lab({ LifecycleConfigArns: [arnOf(id)] }));
      const next = await replaced(id, { ...changed, AttachTo }, { AttachTo });
      const named = which === 'the old' ? id : next;
      expect(await update(named, { AttachTo }, { ...changed, AttachTo })).toMatchObject({
        Status: 'SUCCESS',
        PhysicalResourceId: id,
      });
      await remove(next, { ...changed, AttachTo });
      expect(await existing()).toEqual([id]);
      expect(labOf(domain().DefaultUserSettings)).toEqual(lab({ LifecycleConfigArns: [arnOf(id)] }));
      expect(labOf(profile('bob').UserSettings)).toEqual(lab({ LifecycleConfigArns: [arnOf(id)] }));
      await remove(id, { AttachTo });
      expect(await existing()).toEqual([]);
    },
  );

  test('the clean-up stops no app: an old script stays for it, and goes with the resource', async () => {
    const id = await created();
    await run('notes', { ResourceSpec: { LifecycleConfigArn: arnOf(id) } });
    const next = await replaced(id, changed);
    expect(await remove(id)).toMatchObject({ Status: 'SUCCESS' });
    expect(calls()).not.toContain('DeleteApp');
    expect((await existing()).sort()).toEqual([id, next].sort());
    expect(await remove(next, changed)).toMatchObject({ Status: 'SUCCESS' });
    expect(calls()).toContain('DeleteApp');
    expect(await existing()).toEqual([]);
  });

  test('an old script that was kept goes in a later clean-up, once no app runs with it', async () => {
    const id = await created();
    await run('notes', { BuiltInLifecycleConfigArn: arnOf(id) });
    const next = await replaced(id, changed);
    await remove(id);
    own.members('app', `${DomainId}/space notes/JupyterLab/default`).Status = 'Deleted';
    const last = await replaced(next, { Content: 'echo three' }, changed);
    await remove(next, changed);
    expect(await existing()).toEqual([last]);
  });

  test('a deletion stops the apps that run with it, and no others', async () => {
    const id = await created();
    await run('default', { ResourceSpec: { LifecycleConfigArn: arnOf(id) } });
    await run('built-in', { BuiltInLifecycleConfigArn: arnOf(id) });
    await run('other', { ResourceSpec: { LifecycleConfigArn: other } });
    expect(await remove(id)).toMatchObject({ Status: 'SUCCESS' });
    const stopped = own.calls().filter(({ operation }) => operation === 'DeleteApp');
    expect(stopped.map(({ input }) => input.SpaceName).sort()).toEqual(['built-in', 'default']);
    expect(await existing()).toEqual([]);
  });

  test('a script that apps run is changed without them, and in the end goes with them', async () => {
    const properties = {
      Name: 'setup',
      AppType: 'JupyterLab',
      Content: 'echo one',
      AttachTo: [{ DomainId, As: 'Default' }],
    };
    const first = await own.send({ RequestType: 'Create', ResourceProperties: properties });
    expect(first).toMatchObject({ Status: 'SUCCESS' });
    await run('notes', {});
    const app = () => own.members('app', `${DomainId}/space notes/JupyterLab/default`);
    expect(app().ResourceSpec.LifecycleConfigArn).toBe(first.Data!.StudioLifecycleConfigArn);

    const changed = { ...properties, Content: 'echo two' };
    const { PhysicalResourceId: old } = first;
    const second = await own.send({
      RequestType: 'Update',
      PhysicalResourceId: old,
      ResourceProperties: changed,
      OldResourceProperties: properties,
    });
    expect(second).toMatchObject({ Status: 'SUCCESS' });
    const { DefaultUserSettings } = domain();
    const arn = second.Data!.StudioLifecycleConfigArn;
    expect(DefaultUserSettings?.JupyterLabAppSettings).toMatchObject({
      LifecycleConfigArns: [arn],
      DefaultResourceSpec: { LifecycleConfigArn: arn },
    });
    const cleanedUp = await own.send({
      RequestType: 'Delete',
      PhysicalResourceId: old,
      ResourceProperties: properties,
    });
    expect(cleanedUp).toMatchObject({ Status: 'SUCCESS' });
    expect((await existing()).sort()).toEqual([old, second.PhysicalResourceId].sort());

    const { PhysicalResourceId } = second;
    const deleted = await own.send({ RequestType: 'Delete', PhysicalResourceId, ResourceProperties: changed });
    expect(deleted).toMatchObject({ Status: 'SUCCESS' });
    expect(await existing()).toEqual([]);
  });

  test('where another one is the default, it is not pushed out, and the message says what to do', async () => {
    Object.assign(domain().DefaultUserSettings, lab({ DefaultResourceSpec: { LifecycleConfigArn: other } }));
    const answer = await create({ AttachTo: [{ DomainId, As: 'Default' }] });
    expect(answer.Status).toBe('FAILED');
    expect(answer.Reason).toBe(
      `Attaching lifecycle configuration ${answer.PhysicalResourceId} to domain ${DomainId}: ${other} is the default there, ` +
        'and there is room for one. Detach it first, or attach this one as Listed',
    );
    await remove(answer.PhysicalResourceId);
    expect(await existing()).toEqual([]);
    expect(calls()).not.toContain('UpdateDomain');
  });

  test('what it is to be attached to has to exist', async () => {
    const answer = await create({ AttachTo: [{ DomainId, UserProfileName: 'eve' }] });
    expect(answer.Status).toBe('FAILED');
    expect(answer.Reason).toMatch(/^Attaching .* to user profile eve of domain d-\w+: it does not exist$/);
    expect(await remove(answer.PhysicalResourceId)).toMatchObject({ Status: 'SUCCESS' });
    expect(await existing()).toEqual([]);
  });

  test("a profile that fails to take it fails the request with SageMaker's reason, and the rollback mends it", async () => {
    const id = await created();
    const AttachTo = [{ DomainId, UserProfileName: 'ana' }];
    await own.failNext('update', 'The role cannot be assumed');
    const answer = await update(id, { ...changed, AttachTo }, {});
    expect(answer.Status).toBe('FAILED');
    expect(answer.Reason).toContain('is Update_Failed: The role cannot be assumed');
    expect(await update(answer.PhysicalResourceId, {}, { ...changed, AttachTo })).toMatchObject({
      Status: 'SUCCESS',
      PhysicalResourceId: id,
    });
    await remove(answer.PhysicalResourceId, { ...changed, AttachTo });
    expect(await existing()).toEqual([id]);
  });

  test("a profile that fails to let it go fails the deletion with SageMaker's reason, and another try succeeds", async () => {
    const AttachTo = [{ DomainId, UserProfileName: 'ana' }];
    const id = await created({ AttachTo });
    await own.failNext('update', 'The role cannot be assumed');
    const held = structuredClone(profile().UserSettings);
    const keep = () => Object.assign(profile(), { UserSettings: held });
    own.meetings.set('UpdateUserProfile', () => void own.run.cloud.time.after(1_000, keep));
    const answer = await remove(id, { AttachTo });
    expect(answer.Status).toBe('FAILED');
    expect(answer.Reason).toContain(
      `Deleting lifecycle configuration ${id}: it is still in user profile ana of domain ${DomainId}: it is Update_Failed: ` +
        'The role cannot be assumed',
    );
    expect(await remove(id, { AttachTo })).toMatchObject({ Status: 'SUCCESS' });
    expect(await existing()).toEqual([]);
  });

  test('a profile whose last update failed long ago is updated again', async () => {
    Object.assign(profile(), { Status: 'Update_Failed', LastModifiedTime: new Date(0) });
    const id = await created({ AttachTo: [{ DomainId, UserProfileName: 'ana' }] });
    expect(profile()).toMatchObject({
      Status: 'InService',
      UserSettings: lab({ LifecycleConfigArns: [arnOf(id)] }),
    });
  });

  test('what is in motion is waited for', async () => {
    const ana = profile();
    ana.Status = 'Updating';
    own.run.cloud.time.after(20_000, () => Object.assign(ana, { Status: 'InService' }));
    const id = await created({ AttachTo: [{ DomainId, UserProfileName: 'ana' }] });
    expect(labOf(profile().UserSettings)).toEqual(lab({ LifecycleConfigArns: [arnOf(id)] }));
  });

  test('two resources may have the same name and script', async () => {
    const id = await created();
    const answer = await own.send({
      RequestType: 'Create',
      LogicalResourceId: 'Other',
      ResourceProperties: { ...properties },
    });
    expect(answer).toMatchObject({ Status: 'SUCCESS' });
    expect((await existing()).sort()).toEqual([id, answer.PhysicalResourceId].sort());
    await remove(id);
    expect(await existing()).toEqual([answer.PhysicalResourceId]);
  });

  test('other ends of lines are no other script', async () => {
    const id = await created({ Content: '\uFEFFecho one\r\necho two\r' });
    const answer = await update(id, { Content: 'echo one\necho two\n' }, { Content: '\uFEFFecho one\r\necho two\r' });
    expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: id });
    expect(calls()).toEqual(['CreateStudioLifecycleConfig']);
    expect(await own.run.log()).toContainEqual(
      expect.objectContaining({ message: expect.stringMatching(/^Content has line endings of Windows/) }),
    );
  });

  test('a script that is base64 already is refused, and a word that could be is not', async () => {
    const Content = Buffer.from('#!/bin/bash\necho one\n').toString('base64');
    expect((await create({ Content })).Reason).toContain('Content: is base64 already; give the script as plain text');
    expect(calls()).toEqual([]);
    await created({ Content: 'shutdown' });
  });

  test('what others made the default stays listed when it is detached', async () => {
    const AttachTo = [{ DomainId, As: 'Listed' }];
    const id = await created({ AttachTo });
    const spec = { DefaultResourceSpec: { LifecycleConfigArn: arnOf(id) } };
    Object.assign(domain().DefaultUserSettings, lab({ LifecycleConfigArns: [arnOf(id)], ...spec }));
    expect(await update(id, {}, { AttachTo })).toMatchObject({ Status: 'SUCCESS' });
    expect(labOf(domain().DefaultUserSettings)).toEqual(lab({ LifecycleConfigArns: [arnOf(id)], ...spec }));
  });

  test('the ids that it makes are told from those that CloudFormation invents', () => {
    const ids = ['setup-0123abcd-0123abcd', 'studio-Setup-1ABCDEFGHIJKL', 'setup', '-0123abcd-0123abcd'];
    expect(ids.map((each) => studioLifecycleConfig.ownsId?.(each))).toEqual([true, false, false, false]);
  });
});

function says(value: unknown, text: string): boolean {
  return JSON.stringify(value).includes(text);
}
