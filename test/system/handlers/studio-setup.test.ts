import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type MockSetup, mockSetup } from '../../handlers/mock-setup.ts';
import { type JupyterServer, startJupyter } from '../jupyter/jupyter-server.ts';

// The contract in test/contract.ts is about things that a service makes, that bear tags and that are deleted. A setup
// makes none: its lifecycle is here.

const where = { DomainId: 'd-1', UserProfileName: 'ada' };
const id = 'd-1/ada/JupyterServer';
const secret = 'token=very-secret';

let jupyter: JupyterServer;
let world: MockSetup;

beforeAll(async () => {
  jupyter = await startJupyter();
});
afterAll(() => jupyter?.stop());
beforeEach(() => {
  world = mockSetup(`${jupyter.url}?${secret}`);
});
afterEach(() => {
  const logged = world.logged();
  world.close();
  rmSync(join(jupyter.home, '.studio-resources'), { recursive: true, force: true });
  rmSync(join(jupyter.home, 'made'), { recursive: true, force: true });
  expect(logged).not.toContain('very-secret');
  expect(logged).not.toContain('_xsrf');
});

const create = (properties: Record<string, unknown>, RequestId?: string) =>
  world.send({ RequestType: 'Create', ResourceProperties: { ...where, ...properties }, RequestId });
const update = (to: Record<string, unknown>, from: Record<string, unknown>) =>
  world.send({
    RequestType: 'Update',
    PhysicalResourceId: id,
    ResourceProperties: { ...where, ...to },
    OldResourceProperties: { ...where, ...from },
  });
const made = () => (existsSync(join(jupyter.home, 'made')) ? readFileSync(join(jupyter.home, 'made'), 'utf8') : '');
const outputs = () => world.log().flatMap(({ message, output }) => (message === 'Output' ? [output] : []));

describe('a creation', () => {
  test('runs the commands one after the other in the home directory, with their output in the log', async () => {
    const Commands = ['echo one >>made; echo "first 漢字"', 'cd /; echo two >>~/made; echo second >&2'];
    const answer = await create({ Commands });
    expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: id });
    expect(answer.Data).toEqual({
      AppArn: world.has.DescribeApp!.AppArn,
      Directory: expect.stringMatching(/^\.studio-resources\/setup-[0-9a-f]{64}$/),
      ExitStatuses: '0,0',
    });
    expect(made()).toBe('one\ntwo\n');
    expect(outputs()).toEqual(['first 漢字\n', 'second\n']);
    const log = join(jupyter.home, answer.Data!.Directory!, '2', 'log');
    expect(readFileSync(log, 'utf8')).toBe('second\n');
  });

  test('of the same commands by another resource runs them once', async () => {
    const Commands = ['echo one >>made'];
    expect(await create({ Commands }, 'same')).toMatchObject({ Status: 'SUCCESS' });
    expect(await create({ Commands: [{ Command: 'echo one >>made', Background: 'false' }] })).toMatchObject({
      Status: 'SUCCESS',
    });
    expect(made()).toBe('one\n');
  });

  test('ends with the first command that fails, and says how it failed and where its output is', async () => {
    const Commands = ['echo one >>made', 'echo "no space left" >&2; exit 28', 'echo three >>made'];
    const { Status, Reason, PhysicalResourceId } = await create({ Commands });
    expect({ Status, PhysicalResourceId }).toEqual({ Status: 'FAILED', PhysicalResourceId: id });
    expect(Reason).toMatch(
      /^Creating d-1\/ada\/JupyterServer: command 2 of 3 ended with the exit status 28; its output ends with "no space left"; all of it is in ~\/\.studio-resources\/setup-[0-9a-f]{64}\/2\/log\. Those after it were not run$/,
    );
    expect(made()).toBe('one\n');
  });

  test('that has failed is continued by the next request, not by a repeated delivery', async () => {
    const Commands = ['echo one >>made', 'test -e .studio-resources/now && echo two >>made'];
    expect(await create({ Commands }, 'first')).toMatchObject({ Status: 'FAILED' });
    await create({ Commands: ['touch .studio-resources/now'] });
    expect(await create({ Commands }, 'second')).toMatchObject({ Status: 'SUCCESS' });
    expect(made()).toBe('one\ntwo\n');
  });

  test('goes on after a command whose failure is to be ignored', async () => {
    const Commands = [{ Command: 'exit 3', IgnoreFailure: 'true' }, 'echo two >>made'];
    expect(await create({ Commands })).toMatchObject({ Status: 'SUCCESS', Data: { ExitStatuses: '3,0' } });
    expect(made()).toBe('two\n');
  });

  test('does not wait for a command in the background, which goes on by itself', async () => {
    const go = join(jupyter.home, '.studio-resources', 'go');
    const Commands = [
      { Command: 'until [ -e .studio-resources/go ]; do sleep 0.05; done; echo later >>made', Background: true },
      'echo now >>made',
    ];
    const answer = await create({ Commands });
    expect(answer).toMatchObject({ Status: 'SUCCESS', Data: { ExitStatuses: 'running,0' } });
    writeFileSync(go, '');
    const status = join(jupyter.home, answer.Data!.Directory!, '1', 'status');
    while (!existsSync(status)) await new Promise(setImmediate);
    expect(readFileSync(status, 'utf8')).toBe('0\n');
    expect(made()).toBe('now\nlater\n');
  });

  test('survives commands that end their shell, and says that their exit status is unknown', async () => {
    expect((await create({ Commands: ['kill -9 $$'] })).Reason).toContain(
      'command 1 of 1 ended with the exit status 137',
    );
    const { Reason } = await create({ Commands: ['kill -9 $PPID'] });
    expect(Reason).toContain('command 1 of 1 ended without an exit status; it has written nothing');
  });

  test('shows the beginning of very much output, and keeps all of it in the home directory', async () => {
    const answer = await create({ Commands: ["head -c 300000 /dev/zero | tr '\\0' x"] });
    expect(answer.Status).toBe('SUCCESS');
    expect(outputs().join('')).toBe('x'.repeat(65_536));
    expect(readFileSync(join(jupyter.home, answer.Data!.Directory!, '1', 'log'))).toHaveLength(300_000);
  });

  test('accepts invalid UTF-8 and anything else that a command may write', async () => {
    const answer = await create({ Commands: ["printf '\\377\\000= 1 5 x\\n> 1 eA==\\n'"] });
    expect(answer).toMatchObject({ Status: 'SUCCESS', Data: { ExitStatuses: '0' } });
  });

  test('starts the app if the template says so, and waits until its server responds', async () => {
    world.has.DescribeApp = undefined;
    expect(await create({ Commands: ['echo one >>made'], StartApp: 'true' })).toMatchObject({ Status: 'SUCCESS' });
    expect(world.calls.filter((call) => call === 'CreateApp')).toHaveLength(1);
    expect(made()).toBe('one\n');
  });
});

describe('commands in S3', () => {
  test('are a script that is run whole', async () => {
    const CommandsS3Uri = world.put('set -e\nfor n in 1 2; do\n  echo $n >>made\ndone\n');
    expect(await create({ CommandsS3Uri })).toMatchObject({ Status: 'SUCCESS', Data: { ExitStatuses: '0' } });
    expect(made()).toBe('1\n2\n');
  });

  test('are a list of them where the key says so', async () => {
    const CommandsS3Uri = world.put(
      JSON.stringify(['echo one >>made', { Command: 'exit 1', IgnoreFailure: true }]),
      '.json',
    );
    expect(await create({ CommandsS3Uri })).toMatchObject({ Status: 'SUCCESS', Data: { ExitStatuses: '0,1' } });
  });
});

describe('an update', () => {
  test('with other commands runs those, and one that goes back finds the first ones run', async () => {
    const first = { Commands: ['echo one >>made'] };
    const second = { Commands: ['echo two >>made'] };
    const { Data } = await create(first);
    const updated = await update(second, first);
    expect(updated).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: id });
    expect(updated.Data!.Directory).not.toBe(Data!.Directory);
    expect(await update(first, second)).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: id, Data });
    expect(made()).toBe('one\ntwo\n');
  });

  test('that changes nothing runs nothing, and reads the same attributes back', async () => {
    const properties = { Commands: ['echo one >>made'] };
    const { Data } = await create(properties);
    expect(await update(properties, properties)).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: id, Data });
    expect(made()).toBe('one\n');
  });

  test('with another revision runs the same commands again', async () => {
    const properties = { Commands: ['echo one >>made'] };
    await create(properties);
    expect(await update({ ...properties, Revision: '2' }, properties)).toMatchObject({ Status: 'SUCCESS' });
    expect(made()).toBe('one\none\n');
  });

  test('that names another server is a replacement; another spelling of the same is none', async () => {
    const properties = { Commands: ['true'] };
    await create(properties);
    expect(await update({ ...properties, UserProfileName: 'ADA', AppType: 'JupyterServer' }, properties)).toMatchObject(
      {
        Status: 'SUCCESS',
        PhysicalResourceId: id,
      },
    );
    expect(await update({ ...properties, UserProfileName: 'eva' }, properties)).toMatchObject({
      Status: 'SUCCESS',
      PhysicalResourceId: 'd-1/eva/JupyterServer',
    });
  });

  test('that rolls back a change to an unreachable server finds the first one set up', async () => {
    const properties = { Commands: ['echo one >>made'] };
    const { Data } = await create(properties);
    expect(await update(properties, { ...properties, UserProfileName: 'eva' })).toMatchObject({
      Status: 'SUCCESS',
      PhysicalResourceId: id,
      Data,
    });
    expect(made()).toBe('one\n');
  });

  test('of a server that no longer runs says so, and runs nothing', async () => {
    const properties = { Commands: ['true'] };
    await create(properties);
    world.has.DescribeApp = { Status: 'Deleted' };
    const answer = await update({ Commands: ['echo two >>made'] }, properties);
    expect(answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: id });
    expect(answer.Reason).toContain('it does not run. Set StartApp: true');
  });
});

test('a deletion undoes nothing, calls nothing, and says so', async () => {
  const properties = { Commands: ['echo one >>made'] };
  await create(properties);
  world.calls.length = 0;
  const answer = await world.send({
    RequestType: 'Delete',
    PhysicalResourceId: id,
    ResourceProperties: { ...where, ...properties },
  });
  expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: id });
  expect(made()).toBe('one\n');
  expect(world.calls).toEqual([]);
  expect(world.logged()).toContain(
    'Nothing is undone: what was set up stays in the home directory, and the app runs on',
  );
});
