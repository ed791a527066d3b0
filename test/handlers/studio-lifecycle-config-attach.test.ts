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

describe('studio-lifecycle-config: what it is attached to', () => {
  let own: LifecycleConfigWorld;
  let DomainId: string;
  const { create, created, remove, update } = lifecycleConfigRequests(start, (world) => {
    own = world;
    DomainId = own.DomainId;
  });

  test('it is attached to a domain, a profile and a space, each in the settings of its AppType', async () => {
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
    expect(own.domain()).toMatchObject({
      DefaultUserSettings: lab({ LifecycleConfigArns: [arn] }),
      DefaultSpaceSettings: lab({ BuiltInLifecycleConfigArn: arn }),
    });
    expect(labOf(own.profile().UserSettings)).toEqual(
      lab({ LifecycleConfigArns: [arn], DefaultResourceSpec: { LifecycleConfigArn: arn } }),
    );
    expect(labOf(own.space().SpaceSettings)).toEqual(lab({ DefaultResourceSpec: { LifecycleConfigArn: arn } }));
    expect(own.operations().filter((each) => each === 'UpdateDomain')).toHaveLength(1);
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
    Object.assign(own.domain().DefaultUserSettings, structuredClone(held));
    const id = await created({ AttachTo: [{ DomainId, As: 'Default' }] });
    expect(own.calls().at(-1)?.input).toEqual({
      DomainId,
      DefaultUserSettings: lab({
        LifecycleConfigArns: [other, arnOf(id)],
        DefaultResourceSpec: { InstanceType: 'ml.t3.large', LifecycleConfigArn: arnOf(id) },
      }),
    });
    expect(await remove(id, { AttachTo: [{ DomainId, As: 'Default' }] })).toMatchObject({ Status: 'SUCCESS' });
    expect(own.domain().DefaultUserSettings).toMatchObject(held);
    expect(labOf(own.domain().DefaultUserSettings)).toEqual(labOf(held));
    expect(await own.existing()).toEqual([]);
  });

  test('the last one is detached by an empty list and by None', async () => {
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
    expect(own.operations().slice(-1)).toEqual(['DeleteStudioLifecycleConfig']);
  });

  test('a deletion detaches it also where another team has attached it', async () => {
    await own.addSpace(DomainId, 'notes', 'ana');
    const id = await created();
    Object.assign(own.profile('bob').UserSettings, lab({ LifecycleConfigArns: [other, arnOf(id)] }));
    Object.assign(own.space().SpaceSettings, lab({ DefaultResourceSpec: { LifecycleConfigArn: arnOf(id) } }));
    expect(await remove(id)).toMatchObject({ Status: 'SUCCESS' });
    expect(labOf(own.profile('bob').UserSettings)).toEqual(lab({ LifecycleConfigArns: [other] }));
    expect(labOf(own.space().SpaceSettings)).toEqual(lab({ DefaultResourceSpec: {} }));
    expect(await own.existing()).toEqual([]);
  });

  test('an update attaches to targets that are added, detaches from those that are removed, and from nothing else', async () => {
    const at = (UserProfileName: string, As = 'Default') => ({ DomainId, UserProfileName, As });
    const id = await created({ AttachTo: [at('ana')] });
    Object.assign(own.domain().DefaultUserSettings, lab({ LifecycleConfigArns: [arnOf(id)] }));
    const answer = await update(id, { AttachTo: [at('bob')] }, { AttachTo: [at('ana')] });
    expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: id });
    const attached = lab({ LifecycleConfigArns: [arnOf(id)], DefaultResourceSpec: { LifecycleConfigArn: arnOf(id) } });
    expect(labOf(own.profile('ana').UserSettings)).toEqual(lab({ LifecycleConfigArns: [], DefaultResourceSpec: {} }));
    expect(labOf(own.profile('bob').UserSettings)).toEqual(attached);
    expect(labOf(own.domain().DefaultUserSettings)).toEqual(lab({ LifecycleConfigArns: [arnOf(id)] }));
    await update(id, { AttachTo: [at('bob', 'Listed')] }, { AttachTo: [at('bob')] });
    expect(labOf(own.profile('bob').UserSettings)).toEqual(
      lab({ LifecycleConfigArns: [arnOf(id)], DefaultResourceSpec: {} }),
    );
  });

  test('another default is not replaced, and the message says what to do', async () => {
    Object.assign(own.domain().DefaultUserSettings, lab({ DefaultResourceSpec: { LifecycleConfigArn: other } }));
    const answer = await create({ AttachTo: [{ DomainId, As: 'Default' }] });
    expect(answer.Status).toBe('FAILED');
    expect(answer.Reason).toBe(
      `Attaching lifecycle configuration ${answer.PhysicalResourceId} to domain ${DomainId}: ${other} is the default there, ` +
        'and there is room for one. Detach it first, or attach this one as Listed',
    );
    await remove(answer.PhysicalResourceId);
    expect(await own.existing()).toEqual([]);
    expect(own.operations()).not.toContain('UpdateDomain');
  });

  test('a target that does not exist fails the creation', async () => {
    const answer = await create({ AttachTo: [{ DomainId, UserProfileName: 'eve' }] });
    expect(answer.Status).toBe('FAILED');
    expect(answer.Reason).toMatch(
      /^Attaching .* to user profile eve of domain d-\w+: it does not exist; create it first, or take it out of AttachTo$/,
    );
    expect(await remove(answer.PhysicalResourceId)).toMatchObject({ Status: 'SUCCESS' });
    expect(await own.existing()).toEqual([]);
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
    expect(await own.existing()).toEqual([id]);
  });

  test("a profile that fails to let it go fails the deletion with SageMaker's reason, and another try succeeds", async () => {
    const AttachTo = [{ DomainId, UserProfileName: 'ana' }];
    const id = await created({ AttachTo });
    await own.failNext('update', 'The role cannot be assumed');
    const held = structuredClone(own.profile().UserSettings);
    const keep = () => Object.assign(own.profile(), { UserSettings: held });
    own.interceptions.set('UpdateUserProfile', () => void own.run.cloud.time.after(1_000, keep));
    const answer = await remove(id, { AttachTo });
    expect(answer.Status).toBe('FAILED');
    expect(answer.Reason).toContain(
      `Deleting lifecycle configuration ${id}: it is still in user profile ana of domain ${DomainId}: it is Update_Failed: ` +
        'The role cannot be assumed',
    );
    expect(await remove(id, { AttachTo })).toMatchObject({ Status: 'SUCCESS' });
    expect(await own.existing()).toEqual([]);
  });

  test('a profile whose last update failed long ago is updated again', async () => {
    Object.assign(own.profile(), { Status: 'Update_Failed', LastModifiedTime: new Date(0) });
    const id = await created({ AttachTo: [{ DomainId, UserProfileName: 'ana' }] });
    expect(own.profile()).toMatchObject({
      Status: 'InService',
      UserSettings: lab({ LifecycleConfigArns: [arnOf(id)] }),
    });
  });

  test('a profile that is being updated is waited for', async () => {
    const ana = own.profile();
    ana.Status = 'Updating';
    own.run.cloud.time.after(20_000, () => Object.assign(ana, { Status: 'InService' }));
    const id = await created({ AttachTo: [{ DomainId, UserProfileName: 'ana' }] });
    expect(labOf(own.profile().UserSettings)).toEqual(lab({ LifecycleConfigArns: [arnOf(id)] }));
  });

  test('one that others made the default stays listed when it is detached', async () => {
    const AttachTo = [{ DomainId, As: 'Listed' }];
    const id = await created({ AttachTo });
    const spec = { DefaultResourceSpec: { LifecycleConfigArn: arnOf(id) } };
    Object.assign(own.domain().DefaultUserSettings, lab({ LifecycleConfigArns: [arnOf(id)], ...spec }));
    expect(await update(id, {}, { AttachTo })).toMatchObject({ Status: 'SUCCESS' });
    expect(labOf(own.domain().DefaultUserSettings)).toEqual(lab({ LifecycleConfigArns: [arnOf(id)], ...spec }));
  });
});

function says(value: unknown, text: string): boolean {
  return JSON.stringify(value).includes(text);
}
