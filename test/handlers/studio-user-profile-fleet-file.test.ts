import {
  CreateBucketCommand,
  DeleteObjectCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { studioUserProfileFleet } from '../../handlers/studio-user-profile-fleet.ts';
import { type StudioWorld, studioWorld } from './studio-world.ts';

const Bucket = 'studio-resources-members';
const Key = 'team.csv';
const uri = `s3://${Bucket}/${Key}`;

const start = studioWorld('studio-user-profile-fleet', 'UserProfile', studioUserProfileFleet, { domains: ['team'] });

let own: StudioWorld;
let DomainId: string;
let s3: S3Client;

/** The ids of the versions that a test has put, by its own names for them. */
let versions: Map<string, string>;

beforeEach(async () => {
  own = await start();
  DomainId = own.domainIds[0]!;
  versions = new Map();
  s3 = new S3Client(own.run.options);
  await s3.send(new CreateBucketCommand({ Bucket }));
  await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
});
afterEach(() => own.close());

/** Puts versions of the file, by names for them. The last one is the newest. */
async function put(contents: Record<string, string | Uint8Array>, key = Key): Promise<void> {
  for (const [name, Body] of Object.entries(contents)) {
    const { VersionId } = await s3.send(new PutObjectCommand({ Bucket, Key: key, Body: Buffer.from(Body) }));
    versions.set(name, VersionId!);
  }
}

const create = (more: Record<string, unknown> = {}) =>
  own.send({ RequestType: 'Create', ResourceProperties: { DomainId, MembersS3Uri: uri, ...more } });
const createFrom = async (text: string, more: Record<string, unknown> = {}) => {
  await put({ one: text });
  return create(more);
};
const names = async () => (await own.existing()).map((id) => id.split('/')[1]).sort();
const look = (name: string) => own.look(`${DomainId}/${name}`);

describe('a CSV file', () => {
  test('says who has which user, settings and tags; an empty cell says nothing, and neither does an empty line', async () => {
    own.members('domain', DomainId).AuthMode = 'SSO';
    const answer = await createFrom(
      [
        '\uFEFFUserProfileName,SingleSignOnUserValue,UserSettings,Tags,Tag:team',
        `ann,ann@example.com,"{""SecurityGroups"": [""${own.securityGroupId}""]}","[{""Key"": ""tier"", ""Value"": ""one""}]",red`,
        '',
        'bob,bob@example.com,,,',
      ].join('\r\n'),
    );
    expect(answer).toMatchObject({ Status: 'SUCCESS', Data: { MemberCount: '2', FailedCount: '0' } });
    expect(await look('ann')).toMatchObject({
      SingleSignOnUserValue: 'ann@example.com',
      UserSettings: { SecurityGroups: [own.securityGroupId] },
      Tags: { tier: 'one', team: 'red' },
    });
    expect((await look('bob')).UserSettings).toEqual({});
    expect((await look('bob')).Tags).not.toHaveProperty('team');
  });

  test('has bad lines told by their numbers, and the others made', async () => {
    const answer = await createFrom(
      [
        'UserProfileName,UserSettings,Tag:note',
        'ann,"{',
        '}",',
        'al ice,,',
        'bob,{,',
        'cem,"{""ExecutionRol"": ""x""}",',
        'dan',
        'ANN,,',
        ',,note',
        'eve,,',
      ].join('\n'),
    );
    expect(answer).toMatchObject({ Status: 'SUCCESS', Data: { MemberCount: '8', FailedCount: '6' } });
    expect(answer.Data!.Failed!.split('; line ')).toEqual([
      'line 4 al ice: UserProfileName: expected a name of 1 to 63 letters, digits and hyphens, beginning and ending with a letter or a digit, got "al ice"',
      '5 bob: UserSettings: expected JSON, got "{"',
      '6 cem: UserSettings.ExecutionRol: unknown property; did you mean ExecutionRole?',
      '7 dan: expected 3 cells, as in the first line; got 1',
      '8 ANN: that is the name of line 2 already, whatever its case',
      '9: UserProfileName: required, but missing',
    ]);
    expect(await names()).toEqual(['ann', 'eve']);
  });

  test('with a bad line is refused with AllOrNothing before anything is done', async () => {
    const answer = await createFrom('UserProfileName\nann\nal ice\n', { AllOrNothing: 'true' });
    expect(answer.Status).toBe('FAILED');
    expect(answer.Reason).toContain(`Reading ${uri}: line 3 al ice: UserProfileName: expected a name`);
    expect(answer.Reason).toContain('AllOrNothing is set, so nothing is done');
    expect(own.operations()).toEqual([]);
  });

  test.each([
    [
      'an unknown column',
      'UserProfileNme\nann',
      'line 1: UserProfileNme: unknown column; did you mean UserProfileName?',
    ],
    ['no names', 'Tag:team\nred', 'line 1: UserProfileName: required, but missing; the columns are UserProfileName, '],
    ['a column twice', 'UserProfileName,Tag:a,Tag:a\nann,b,c', 'line 1: there are two columns Tag:a; give each once'],
    ['nothing', '', 'it is empty; its first line has to name the columns, such as UserProfileName'],
    ['an open quote', 'UserProfileName\n"ann', 'it is not valid CSV: '],
    [
      'too many members',
      `UserProfileName\n${Array.from({ length: 1001 }, (_, n) => `user-${n}`).join('\n')}`,
      'it has 1001 members, and at most 1000 are allowed',
    ],
  ])('with %s is refused as a whole, and nothing is done', async (_, text, reason) => {
    const answer = await createFrom(text);
    expect(answer.Status).toBe('FAILED');
    expect(answer.Reason).toContain(`Reading ${uri}: ${reason}`);
    expect(own.operations()).toEqual([]);
  });
});

test('a file of JSON lines says the same, and its bad lines are told by their numbers', async () => {
  const lines = [
    JSON.stringify({ UserProfileName: 'ann', Tags: [{ Key: 'team', Value: 'red' }] }),
    '',
    '{"UserProfileName": ',
    '["bob"]',
    JSON.stringify({ UserProfileName: 'cem', UserSettings: { SecurityGroups: own.securityGroupId } }),
  ];
  await put({ lines: lines.join('\n') }, 'team.jsonl');
  const answer = await create({ MembersS3Uri: `s3://${Bucket}/team.jsonl` });
  expect(answer.Data).toMatchObject({
    MemberCount: '4',
    Failed: 'line 3: expected a JSON object, got "{\\"UserProfileName\\":"; line 4: expected a JSON object, got a list',
  });
  expect((await look('ann')).Tags).toMatchObject({ team: 'red' });
  expect((await look('cem')).UserSettings).toEqual({ SecurityGroups: [own.securityGroupId] });
});

test('a file that is missing, too large, no text, or of a bucket that may not be read is named in the reason', async () => {
  const reason = async () => (await create()).Reason;
  expect(await reason()).toContain(
    `Reading ${uri}: there is no object with that key in the bucket; upload it first, or correct the key: NoSuchKey`,
  );
  own.interceptions.refuse('GetObject', 'AccessDenied', 'Access Denied');
  expect(await reason()).toContain("the provider's parameter MembersBuckets has to name it");
  await put({ large: Buffer.alloc(6_000_000) });
  expect(await reason()).toContain(`Reading ${uri}: it has 6000000 bytes, and at most 5242880 are allowed`);
  await put({ one: Buffer.from([0x50, 0x4b, 0xff, 0xfe]) });
  expect(await reason()).toContain(`Reading ${uri}: it is not UTF-8 text; save it as UTF-8`);
  expect(own.operations()).toEqual([]);
});

test('a hiccup of S3 is waited out', async () => {
  await put({ one: 'UserProfileName\nann' });
  own.interceptions.refuse('GetObject', 'ServiceUnavailable', 'Please try again');
  expect(await create()).toMatchObject({ Status: 'SUCCESS' });
});

describe('an update', () => {
  const properties = (version: string, more: Record<string, unknown> = {}) => ({
    DomainId,
    MembersS3Uri: uri,
    MembersS3VersionId: versions.get(version),
    ...more,
  });
  let id: string;
  const update = (to: Record<string, unknown>, from: Record<string, unknown>) =>
    own.send({ RequestType: 'Update', PhysicalResourceId: id, ResourceProperties: to, OldResourceProperties: from });

  beforeEach(async () => {
    await put({
      one: 'UserProfileName,Tag:team\nann,red\nbob,red\ncem,red',
      two: 'UserProfileName,Tag:team\nann,red\nbob,\ndan,',
      bad: 'UserProfileName,Tag:team\nann,red\nbob,red,red\ndan,',
      worse: 'UserProfileName,Tag:team\nann,red\n,blue',
    });
    id = (await create(properties('one'))).PhysicalResourceId;
  });

  test('to another version brings the profiles to it, and back to the first one is as before', async () => {
    expect(await update(properties('two'), properties('one'))).toMatchObject({ Status: 'SUCCESS' });
    expect(await names()).toEqual(['ann', 'bob', 'dan']);
    expect((await look('bob')).Tags).not.toHaveProperty('team');
    expect(await update(properties('one'), properties('two'))).toMatchObject({ Status: 'SUCCESS' });
    expect(await names()).toEqual(['ann', 'bob', 'cem']);
    expect((await look('bob')).Tags).toMatchObject({ team: 'red' });
  });

  test('to a version with a bad line keeps the profile of who is named there', async () => {
    const answer = await update(properties('bad'), properties('one'));
    expect(answer.Data!.Failed).toBe('line 3 bob: expected 2 cells, as in the first line; got 3');
    expect(await names()).toEqual(['ann', 'bob', 'dan']);
  });

  test('to a version with a line without a name removes no profile, as the line may be that of any member', async () => {
    expect(await update(properties('worse'), properties('one'))).toMatchObject({ Status: 'SUCCESS' });
    expect(await names()).toEqual(['ann', 'bob', 'cem']);
  });

  test('from a version that is gone succeeds, and a warning says what it could not know', async () => {
    const [one, two] = [properties('one'), properties('two')];
    await s3.send(new DeleteObjectCommand({ Bucket, Key, VersionId: versions.get('one') }));
    expect(await update(two, one)).toMatchObject({ Status: 'SUCCESS' });
    expect(await names()).toEqual(expect.arrayContaining(['ann', 'bob', 'dan']));
    expect(await own.run.log()).toContainEqual(
      expect.objectContaining({
        level: 'WARN',
        message: expect.stringMatching(/^The members before the update cannot be read/),
      }),
    );
  });

  test('of nothing but the file, in a bucket without versions, is one content throughout', async () => {
    const bare = 'studio-resources-members-bare';
    await s3.send(new CreateBucketCommand({ Bucket: bare }));
    await s3.send(new PutObjectCommand({ Bucket: bare, Key, Body: 'UserProfileName\nann' }));
    const before = own.run.cloud.calls().length;
    expect(await create({ MembersS3Uri: `s3://${bare}/${Key}` })).toMatchObject({ Status: 'SUCCESS' });
    const reads = own.run.cloud
      .calls()
      .slice(before)
      .filter(({ operation }) => operation === 'GetObject');
    expect(reads.map(({ request }) => Object(request).IfMatch)).toEqual([undefined]);
  });
});

test('a Delete needs no file', async () => {
  const { PhysicalResourceId } = await createFrom('UserProfileName\nann');
  await s3.send(new DeleteObjectCommand({ Bucket, Key }));
  const ResourceProperties = { DomainId, MembersS3Uri: uri };
  expect(await own.send({ RequestType: 'Delete', PhysicalResourceId, ResourceProperties })).toMatchObject({
    Status: 'SUCCESS',
  });
  expect(await names()).toEqual([]);
});
