import { custom, StackCloud } from '../stack-cloud.ts';

const exporter = (value: unknown, Name: unknown = 'shared') => ({
  Resources: { Thing: custom() },
  Outputs: { Shared: { Value: value, Export: { Name } } },
});
const importer = { Resources: { User: custom({ Of: { 'Fn::ImportValue': 'shared' } }) } };

test('a value is exported by one stack and used by another', async () => {
  const cloud = new StackCloud();
  const { StackId } = await cloud.create('giver', exporter({ Ref: 'Thing' }));
  await cloud.create('taker', importer);
  expect(cloud.requests.at(-1)!.ResourceProperties.Of).toBe('id-of-Thing');
  expect((await cloud.call('ListExports', {})).Exports).toEqual([
    { ExportingStackId: StackId, Name: 'shared', Value: 'id-of-Thing' },
  ]);
  expect((await cloud.call('ListImports', { ExportName: 'shared' })).Imports).toEqual(['taker']);
});

test('an export that is used cannot be changed or removed, and its stack cannot be deleted', async () => {
  const cloud = new StackCloud();
  await cloud.create('giver', exporter('1'));
  await cloud.create('taker', importer);
  expect(await cloud.update('giver', exporter('2'))).toMatchObject({ StackStatus: 'UPDATE_ROLLBACK_COMPLETE' });
  expect(await cloud.history('giver')).toContain(
    'giver UPDATE_ROLLBACK_IN_PROGRESS: Export shared cannot be updated as it is in use by taker',
  );
  await cloud.update('giver', exporter('1', 'other'));
  expect(await cloud.history('giver')).toContain(
    'giver UPDATE_ROLLBACK_IN_PROGRESS: Export shared cannot be deleted as it is in use by taker',
  );
  expect(await cloud.delete('giver')).toMatchObject({
    StackStatus: 'DELETE_FAILED',
    StackStatusReason: 'Export shared cannot be deleted as it is in use by taker',
  });
  expect((await cloud.call('ListExports', {})).Exports).toMatchObject([{ Value: '1' }]);
  await cloud.delete('taker');
  expect(await cloud.delete('giver')).toMatchObject({ StackStatus: 'DELETE_COMPLETE' });
  await expect(cloud.call('ListImports', { ExportName: 'shared' })).rejects.toThrow(
    "Export 'shared' is not imported by any stack.",
  );
});

test('an export can be removed once no stack uses it', async () => {
  const cloud = new StackCloud();
  await cloud.create('giver', exporter('1'));
  await cloud.create('taker', importer);
  await cloud.update('taker', { Resources: { User: custom() } });
  expect(await cloud.update('giver', exporter('2'))).toMatchObject({ StackStatus: 'UPDATE_COMPLETE' });
});

test('an import of a value that no stack exports fails', async () => {
  const cloud = new StackCloud();
  expect(await cloud.create('taker', importer)).toMatchObject({ StackStatus: 'ROLLBACK_COMPLETE' });
  expect(await cloud.history('taker')).toContain('User CREATE_FAILED: No export named shared found.');
});

test('a name is exported by one stack at a time', async () => {
  const cloud = new StackCloud();
  await cloud.create('first', exporter('1'));
  expect(await cloud.create('second', exporter('2'))).toMatchObject({ StackStatus: 'ROLLBACK_COMPLETE' });
  expect(await cloud.history('second')).toContain(
    'second ROLLBACK_IN_PROGRESS: Export with name shared is already exported by stack first. Rollback requested by user.',
  );
});

test('a template exports no name twice', async () => {
  const cloud = new StackCloud();
  const output = { Value: '1', Export: { Name: 'shared' } };
  await cloud.create('giver', { Resources: { Thing: custom() }, Outputs: { A: output, B: output } });
  expect(await cloud.history('giver')).toContain(
    'giver ROLLBACK_IN_PROGRESS: Template format error: Duplicate Export names: [shared]. Rollback requested by user.',
  );
});
