import fc from 'fast-check';
import { strToU8, zipSync } from 'fflate';
import { newProfile } from '../../handlers/home-seed/new-profile.ts';
import { pathProblem } from '../../handlers/home-seed/path.ts';
import { unzip } from '../../handlers/home-seed/unzip.ts';
import { newServer } from '../../handlers/studio-setup/new-server.ts';
import { formats } from '../../handlers/studio-user-profile-fleet/file-format.ts';
import { parseS3Uri, s3Uri } from '../../packages/sagemaker/src/client/s3.ts';
import { volumes } from './volumes.ts';

const seed = 20_261;

/** Runs a parser; what it throws has to be an Error with a message, and never that of a bug. */
function attempt<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch (error) {
    expect(error).toBeInstanceOf(Error);
    expect((error as Error).message).not.toBe('');
    for (const bug of [TypeError, RangeError, ReferenceError]) expect(error).not.toBeInstanceOf(bug);
    return undefined;
  }
}

/** A valid zip of some files, which some changes of bytes, cuts and repetitions then damage. */
const zips = fc
  .record({
    names: fc.array(fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('../x', '/x', 'a/b', 'C:\\x', 'x/')), {
      minLength: 1,
      maxLength: 5,
    }),
    content: fc.uint8Array({ maxLength: 300 }),
    changes: fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 6 }),
    cut: fc.option(fc.nat(), { freq: 4 }),
  })
  .map(({ names, content, changes, cut }) => {
    const zip = zipSync(Object.fromEntries(names.map((name) => [`_${name}`, content])));
    for (const [at, value] of changes) zip[at % zip.length] = value;
    return cut === null ? zip : zip.subarray(0, cut % zip.length);
  });

test('zips that are damaged, or made up, are refused, or have the content that they declare', () => {
  const count = volumes['Zips of content for homes'].count;
  let valid = 0;
  for (const zip of fc.sample(zips, { numRuns: count, seed })) {
    const files = attempt(() => unzip(zip, { maxFiles: 10, maxBytes: 10_000 }));
    if (!files) continue;
    valid += 1;
    expect(files.length).toBeLessThanOrEqual(10);
    expect(files.reduce((sum, { content }) => sum + content.length, 0)).toBeLessThanOrEqual(10_000);
  }
  expect(valid).toBeGreaterThan(count / 20);
  expect(valid).toBeLessThan(count);
});

test('a zip that is a bomb is refused without being unpacked', () => {
  const zip = Buffer.from(zipSync({ bomb: new Uint8Array(50_000_000) }));
  const limits = { maxFiles: 10, maxBytes: 1_000_000 };
  expect(() => unzip(zip, limits)).toThrow('it has 50000000 bytes once it is unpacked');
  // The directory declares less than there is.
  const entry = zip.lastIndexOf(Buffer.from([0x50, 0x4b, 0x01, 0x02]));
  zip.writeUInt32LE(1000, entry + 24);
  const before = process.memoryUsage().arrayBuffers;
  expect(() => unzip(zip, limits)).toThrow('bomb is damaged');
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(10_000_000);
});

test('no path that is allowed leads out of a home', () => {
  const piece = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('..', '.', '', '/', '\\', 'C:', '\0', '...'));
  const paths = fc.array(piece, { minLength: 1, maxLength: 6 }).map((pieces) => pieces.join('/'));
  for (const path of fc.sample(paths, { numRuns: volumes['Paths in homes'].count, seed })) {
    if (pathProblem(path) !== undefined) continue;
    expect(new URL(`file:///home/user/${path.split('/').map(encodeURIComponent).join('/')}`).pathname).toMatch(
      /^\/home\/user\/./,
    );
    expect(path).not.toMatch(/[\0\\]|^\/|(^|\/)\.\.?(\/|$)/);
  }
});

/** Lines of a file of members, most of them wrong. */
const lines = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.json(),
  fc.constantFrom('UserProfileName,Tags', '\uFEFFUserProfileName', '"', '""', ',,,', '{"UserProfileName":"a"}', '\0'),
  fc.array(fc.string({ unit: 'grapheme' })).map((cells) => cells.join(',')),
  fc.integer({ min: 1, max: 50_000 }).map((length) => '"'.repeat(length)),
  fc.integer({ min: 1, max: 50_000 }).map((length) => '['.repeat(length)),
);
const texts = fc
  .tuple(fc.boolean(), fc.array(lines, { maxLength: 12 }))
  .map(([hasHeader, all]) => [...(hasHeader ? ['UserProfileName,UserSettings,Tag:team'] : []), ...all].join('\n'));

test.each(formats.map((format) => [String(format.ending), format] as const))(
  'the lines of a file %s are read, or each is refused with its number',
  (_, { rowsOf }) => {
    const count = volumes['Files of members, CSV and JSON lines'].count / formats.length;
    for (const text of fc.sample(texts, { numRuns: count, seed })) {
      for (const row of attempt(() => rowsOf(text)) ?? []) {
        expect(row.line).toBeGreaterThan(0);
        if ('problem' in row) expect(row.problem.length).toBeLessThan(500);
        else expect(typeof row.value).toBe('object');
      }
    }
  },
);

test('an S3 URI that is understood is the one that was given', () => {
  const uris = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.tuple(fc.domain(), fc.string({ unit: 'binary' })).map(([bucket, key]) => `s3://${bucket}/${key}`),
    fc.webUrl().map((url) => url.replace(/^https?/, 's3')),
  );
  for (const uri of fc.sample(uris, { numRuns: volumes['S3 URIs'].count, seed })) {
    const parsed = attempt(() => parseS3Uri(uri));
    if (parsed) expect(s3Uri(parsed)).toBe(uri);
  }
});

describe('events', () => {
  beforeEach(() => {
    process.env.DOMAIN_ID = 'd-1';
    process.env.SETUP_COMMANDS = 'echo configured';
    process.env.SOURCE = 's3://bucket/configured.zip';
  });
  afterEach(() => {
    for (const name of ['DOMAIN_ID', 'SETUP_COMMANDS', 'SOURCE']) delete process.env[name];
  });

  test('supply names only: commands and content are those that are configured', () => {
    const names = fc.constantFrom('d-1', 'd-2', 'ada', 'JupyterServer', 'JupyterLab', 'default', '__proto__');
    const value = fc.oneof({ weight: 3, arbitrary: names }, fc.jsonValue());
    const keys = ['domainId', 'userProfileName', 'spaceName', 'appType', 'appName', 'commands', 'source', 'Commands'];
    const parameters = fc.record(Object.fromEntries(keys.map((key) => [key, value])), { requiredKeys: [] });
    const events = fc.record({
      id: fc.string(),
      source: fc.constantFrom('aws.sagemaker', 'aws.sagemaker', 'aws.s3'),
      detailType: fc.string(),
      detail: fc.record({
        eventSource: fc.constantFrom('sagemaker.amazonaws.com', 'sagemaker.amazonaws.com', 'x'),
        eventName: fc.constantFrom('CreateApp', 'CreateUserProfile', 'DeleteApp'),
        requestParameters: fc.oneof({ weight: 5, arbitrary: parameters }, fc.jsonValue()),
      }),
    });
    const taken = { server: 0, profile: 0 };
    for (const event of fc.sample(events, { numRuns: volumes['Events of EventBridge'].count, seed })) {
      const server = attempt(() => newServer(event));
      if (server) {
        taken.server += 1;
        expect(server).toMatchObject({ DomainId: 'd-1', Commands: ['echo configured'] });
      }
      const profile = attempt(() => newProfile(event));
      if (profile) {
        taken.profile += 1;
        expect(profile).toMatchObject({ DomainId: 'd-1', Source: 's3://bucket/configured.zip' });
        expect(profile.UserProfileName).toBeDefined();
      }
    }
    expect(Math.min(taken.server, taken.profile)).toBeGreaterThan(0);
  });
});

test('a zip that is valid is unpacked', () => {
  const files = unzip(zipSync({ 'a.txt': strToU8('one') }), { maxFiles: 10, maxBytes: 100 });
  expect(files.map(({ name, content }) => [name, Buffer.from(content).toString()])).toEqual([['a.txt', 'one']]);
});
