import {
  arnOf,
  changed,
  type LifecycleConfigWorld,
  lab,
  labOf,
  lifecycleConfigRequests,
  lifecycleConfigWorld,
  other,
} from './lifecycle-config-world.ts';

const start = lifecycleConfigWorld();

describe('studio-lifecycle-config: another script', () => {
  let own: LifecycleConfigWorld;
  let DomainId: string;
  const { created, remove, replaced, update } = lifecycleConfigRequests(start, (world) => {
    own = world;
    DomainId = own.DomainId;
  });

  test('another script takes the place of the old one everywhere, and the clean-up deletes the old one', async () => {
    await own.addSpace(DomainId, 'notes', 'ana');
    const AttachTo = [{ DomainId, As: 'Default' }];
    const id = await created({ AttachTo });
    Object.assign(own.profile('bob').UserSettings, lab({ LifecycleConfigArns: [arnOf(id), other] }));
    Object.assign(own.space().SpaceSettings, lab({ DefaultResourceSpec: { LifecycleConfigArn: arnOf(id) } }));
    const next = await replaced(id, { ...changed, AttachTo }, { AttachTo });
    expect(next).not.toBe(id);
    const arn = arnOf(next);
    expect(labOf(own.domain().DefaultUserSettings)).toEqual(
      lab({ LifecycleConfigArns: [arn], DefaultResourceSpec: { LifecycleConfigArn: arn } }),
    );
    expect(labOf(own.profile('bob').UserSettings)).toEqual(lab({ LifecycleConfigArns: [arn, other] }));
    expect(labOf(own.space().SpaceSettings)).toEqual(lab({ DefaultResourceSpec: { LifecycleConfigArn: arn } }));
    expect((await own.existing()).sort()).toEqual([id, next].sort());
    await remove(id, { AttachTo });
    expect(await own.existing()).toEqual([next]);
    expect(own.domain().DefaultUserSettings).toMatchObject(lab({ LifecycleConfigArns: [arn] }));
  });

  test('a script and its targets may change at once', async () => {
    const [before, after] = [[{ DomainId, UserProfileName: 'ana' }], [{ DomainId, UserProfileName: 'bob' }]];
    const id = await created({ AttachTo: before });
    const next = await replaced(id, { ...changed, AttachTo: after }, { AttachTo: before });
    expect(labOf(own.profile('ana').UserSettings)).toEqual(lab({ LifecycleConfigArns: [] }));
    expect(labOf(own.profile('bob').UserSettings)).toEqual(lab({ LifecycleConfigArns: [arnOf(next)] }));
  });

  test.each(['the old', 'the new'])(
    'a rollback that names %s id brings the old script back everywhere',
    async (which) => {
      const AttachTo = [{ DomainId }];
      const id = await created({ AttachTo });
      Object.assign(own.profile('bob').UserSettings, lab({ LifecycleConfigArns: [arnOf(id)] }));
      const next = await replaced(id, { ...changed, AttachTo }, { AttachTo });
      const named = which === 'the old' ? id : next;
      expect(await update(named, { AttachTo }, { ...changed, AttachTo })).toMatchObject({
        Status: 'SUCCESS',
        PhysicalResourceId: id,
      });
      await remove(next, { ...changed, AttachTo });
      expect(await own.existing()).toEqual([id]);
      expect(labOf(own.domain().DefaultUserSettings)).toEqual(lab({ LifecycleConfigArns: [arnOf(id)] }));
      expect(labOf(own.profile('bob').UserSettings)).toEqual(lab({ LifecycleConfigArns: [arnOf(id)] }));
      await remove(id, { AttachTo });
      expect(await own.existing()).toEqual([]);
    },
  );

  test('the clean-up stops no app: an old script that an app runs stays until the resource is deleted', async () => {
    const id = await created();
    await own.runLab('notes', { ResourceSpec: { LifecycleConfigArn: arnOf(id) } });
    const next = await replaced(id, changed);
    expect(await remove(id)).toMatchObject({ Status: 'SUCCESS' });
    expect(own.operations()).not.toContain('DeleteApp');
    expect((await own.existing()).sort()).toEqual([id, next].sort());
    expect(await remove(next, changed)).toMatchObject({ Status: 'SUCCESS' });
    expect(own.operations()).toContain('DeleteApp');
    expect(await own.existing()).toEqual([]);
  });

  test('an old script that was kept is deleted by a later clean-up, once no app runs with it', async () => {
    const id = await created();
    await own.runLab('notes', { BuiltInLifecycleConfigArn: arnOf(id) });
    const next = await replaced(id, changed);
    await remove(id);
    own.members('app', `${DomainId}/space notes/JupyterLab/default`).Status = 'Deleted';
    const last = await replaced(next, { Content: 'echo three' }, changed);
    await remove(next, changed);
    expect(await own.existing()).toEqual([last]);
  });

  test('a change of a script stops no app, and a deletion stops the apps of all its versions', async () => {
    const properties = {
      Name: 'setup',
      AppType: 'JupyterLab',
      Content: 'echo one',
      AttachTo: [{ DomainId, As: 'Default' }],
    };
    const first = await own.send({ RequestType: 'Create', ResourceProperties: properties });
    expect(first).toMatchObject({ Status: 'SUCCESS' });
    await own.runLab('notes', {});
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
    const { DefaultUserSettings } = own.domain();
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
    expect((await own.existing()).sort()).toEqual([old, second.PhysicalResourceId].sort());

    const { PhysicalResourceId } = second;
    const deleted = await own.send({ RequestType: 'Delete', PhysicalResourceId, ResourceProperties: changed });
    expect(deleted).toMatchObject({ Status: 'SUCCESS' });
    expect(await own.existing()).toEqual([]);
  });
});
