import { readFileSync } from 'node:fs';
import { describeContract } from '../contract.ts';
import { type BuiltHomeSeed, builtHomeSeed } from './home-seed-built.ts';
import { homeSeedLacks, homeSeedSubject } from './home-seed-subject.ts';

const start = async () => {
  const { run, tree, studio, makeProfile, uidOf, refuse, close } = await builtHomeSeed();
  const homes = new Map<string, string>();
  for (const name of ['ada', 'grace']) {
    await makeProfile(name);
    homes.set(name, tree.at(studio.FileSystemId, await uidOf(name)));
  }
  return homeSeedSubject({ DomainId: studio.DomainId, homes, send: run.send, refuse, close });
};

describeContract('home-seed, built', start, homeSeedLacks);

describe('home-seed, built', () => {
  let homes: BuiltHomeSeed;

  beforeEach(async () => {
    homes = await builtHomeSeed();
  });
  afterEach(() => homes.close());

  const read = (uid: string, name: string) => readFileSync(homes.tree.at(homes.studio.FileSystemId, uid, name), 'utf8');

  test('all homes of a domain are seeded, brought up to date except for what users changed, and cleared', async () => {
    for (const name of ['ada', 'grace']) await homes.makeProfile(name);
    const [ada, grace] = [await homes.uidOf('ada'), await homes.uidOf('grace')];
    const properties = { DomainId: homes.studio.DomainId, Source: 's3://sources/one.zip', DeleteUnchanged: 'true' };
    const created = await homes.run.send({ RequestType: 'Create', ResourceProperties: properties });
    expect(created).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: expect.stringContaining('/*/') });
    expect(homes.tree.list(homes.studio.FileSystemId).filter((line) => !line.includes('.studio'))).toEqual(
      [ada, grace].flatMap((uid) => [
        `${uid}:1001 700 ${uid}/`,
        `${uid}:1001 644 ${uid}/README.md`,
        `${uid}:1001 755 ${uid}/examples/`,
        `${uid}:1001 644 ${uid}/examples/train.py`,
      ]),
    );
    homes.tree.write(Number(grace), `${homes.studio.FileSystemId}/${grace}/README.md`, 'mine');
    const { PhysicalResourceId } = created;
    const ResourceProperties = { ...properties, Source: 's3://sources/two.zip' };
    const updated = await homes.run.send({
      RequestType: 'Update',
      PhysicalResourceId,
      ResourceProperties,
      OldResourceProperties: properties,
    });
    expect(updated).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId });
    expect([read(ada, 'README.md'), read(grace, 'README.md')]).toEqual(['two', 'mine']);
    const removed = await homes.run.send({ RequestType: 'Delete', PhysicalResourceId, ResourceProperties });
    expect(removed).toMatchObject({ Status: 'SUCCESS' });
    expect(homes.tree.list(homes.studio.FileSystemId).filter((line) => !line.endsWith('/'))).toEqual([
      `${grace}:1001 644 ${grace}/README.md`,
    ]);
  });

  test('a profile that is still being made is waited for, as a resource and as an event', async () => {
    const { DomainId } = homes.studio;
    await homes.makeProfile('ada');
    const ResourceProperties = { DomainId, UserProfileName: 'ada', Source: 's3://sources/two.zip' };
    expect(await homes.run.send({ RequestType: 'Create', ResourceProperties })).toMatchObject({ Status: 'SUCCESS' });
    await homes.makeProfile('grace');
    const answer = await homes.run.invoke({
      id: 'e1',
      source: 'aws.sagemaker',
      'detail-type': 'AWS API Call via CloudTrail',
      detail: {
        eventSource: 'sagemaker.amazonaws.com',
        eventName: 'CreateUserProfile',
        eventTime: new Date(homes.run.cloud.time.now()).toISOString(),
        requestParameters: { domainId: DomainId, userProfileName: 'grace' },
      },
    });
    expect(answer).toEqual({ done: true });
    expect((await homes.run.log()).map(({ message }) => message)).not.toContain('Handling the event failed');
    expect(read(await homes.uidOf('ada'), 'README.md')).toBe('two');
    expect(read(await homes.uidOf('grace'), 'welcome/README.md')).toBe('one');
  });

  test('what is wrong is told in the reason, and the Delete that follows has nothing to do', async () => {
    const { DomainId } = homes.studio;
    const ResourceProperties = { DomainId, Source: 's3://sources/missing.zip' };
    const failed = await homes.run.send({ RequestType: 'Create', ResourceProperties });
    expect(failed).toMatchObject({ Status: 'FAILED' });
    expect(failed.Reason).toContain(
      'Reading s3://sources/missing.zip: there is no object with that key in the bucket; upload it first',
    );
    const { PhysicalResourceId } = failed;
    const removed = await homes.run.send({ RequestType: 'Delete', PhysicalResourceId, ResourceProperties });
    expect(removed).toMatchObject({ Status: 'SUCCESS' });
  });
});
