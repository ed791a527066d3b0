/** The function as it is deployed, from the zips in `dist`, in a cloud at virtual time. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { before, test } from 'node:test';
import { SSM } from '@aws-sdk/client-ssm';
import { type Rule, type SavedCloud, startVirtualCloud, type VirtualCloud } from '@studio-resources/local';

const Name = '/demo/password';
const example = await readFile('example.yaml', 'utf8');

let installed: SavedCloud;

before(async () => {
  const cloud = await startVirtualCloud();
  await cloud.publish('dist', { bucket: 'artifacts', prefix: '1' });
  const zips: Record<string, string> = JSON.parse(await readFile('dist/parameters.json', 'utf8'));
  const keys = Object.entries(zips).map(([parameter, name]) => [parameter, `1/${name}`]);
  const { status, failures } = await cloud.deploy('secure-parameter', {
    template: await readFile('template.yaml', 'utf8'),
    parameters: { ArtifactBucket: 'artifacts', ...Object.fromEntries(keys) },
  });
  assert.deepEqual([status, failures], ['CREATE_COMPLETE', []]);
  installed = await cloud.save();
  await cloud.close();
});

/** A cloud where the function is installed. */
function startCloud(faults: Rule[] = []): Promise<VirtualCloud> {
  return startVirtualCloud({ from: installed, faults });
}

test('the parameter is created, changed in place and deleted with its stack', async () => {
  const cloud = await startCloud();
  const ssm = new SSM(cloud.clientOptions());
  const secret = async () => (await ssm.getParameter({ Name, WithDecryption: true })).Parameter;

  const created = await cloud.deploy('example', { template: example, parameters: { Name, Value: 'one' } });
  assert.deepEqual([created.status, created.failures], ['CREATE_COMPLETE', []]);
  assert.equal(created.outputs.Version, '1');
  assert.deepEqual([(await secret())?.Type, (await secret())?.Value], ['SecureString', 'one']);

  const changed = await cloud.update('example', { parameters: { Name, Value: 'two' } });
  assert.deepEqual([changed.status, changed.outputs.Arn], ['UPDATE_COMPLETE', created.outputs.Arn]);
  assert.equal((await secret())?.Value, 'two');

  const deleted = await cloud.remove('example');
  assert.deepEqual([deleted.status, deleted.failures], ['DELETE_COMPLETE', []]);
  await assert.rejects(secret, { name: 'ParameterNotFound' });
  await cloud.close();
});

test('a property that does not exist fails the stack, which says what was meant', async () => {
  const cloud = await startCloud();
  const misspelt = example.replace('Value: !Ref Value', 'Vaule: !Ref Value');
  const { status, failures } = await cloud.deploy('example', {
    template: misspelt,
    parameters: { Name, Value: 'one' },
  });
  assert.equal(status, 'ROLLBACK_COMPLETE');
  assert.match(failures.join(), /Vaule: unknown property; did you mean Value\?/);
  await cloud.close();
});

test('a function that crashes fails the stack within a minute, with the reason', async () => {
  const cloud = await startCloud([{ on: 'function', fault: 'crash', function: 'secure-parameter', count: 1 }]);
  const begun = cloud.now().getTime();
  const { failures } = await cloud.deploy('example', { template: example, parameters: { Name, Value: 'one' } });
  assert.match(failures.join(), /The function secure-parameter ended without a response/);
  assert(cloud.now().getTime() - begun < 60_000);
  await cloud.close();
});
