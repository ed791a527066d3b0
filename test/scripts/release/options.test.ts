import { readOptions } from '../../../scripts/release/options.ts';
import { isLater, isVersion } from '../../../scripts/release/version.ts';

const needed = ['--version', '1.4.0', '--bucket-prefix', 'acme-studio', '--regions', 'us-east-1,eu-west-1'];

test('a release needs a version, a bucket prefix and Regions, and is for its own account', () => {
  expect(readOptions(needed)).toEqual({
    ...{ version: '1.4.0', bucketPrefix: 'acme-studio', regions: ['us-east-1', 'eu-west-1'] },
    ...{ readers: { kind: 'account' }, createBuckets: false, keepLatest: false, dryRun: false },
  });
  expect(readOptions([...needed, '--keep-latest']).keepLatest).toBe(true);
  expect(readOptions([...needed, '--public']).readers).toEqual({ kind: 'everybody' });
  expect(readOptions([...needed, '--organization', 'o-a1b2c3d4e5']).readers).toEqual({
    ...{ kind: 'organization', id: 'o-a1b2c3d4e5' },
  });
});

test.each([
  [['--version', ''], '--version takes a semantic version such as 1.4.0; it is missing'],
  [['--version', '1.4'], '--version takes a semantic version such as 1.4.0; not "1.4"'],
  [['--version', 'v1.4.0'], '--version takes a semantic version such as 1.4.0; not "v1.4.0"'],
  [['--regions', 'us-east-1,Europe'], '--regions takes Regions with commas between them, such as us-east-1,eu-west-1'],
  [['--regions', 'us-east-1,us-east-1'], '--regions has us-east-1 twice'],
  [['--bucket-prefix', 'Acme'], '--bucket-prefix takes lower-case letters, digits and hyphens, such as acme-studio'],
  [['--bucket-prefix', 'a'.repeat(55)], 'the bucket of us-east-1 would be'],
  [['--endpoint', 'localhost:4566'], '--endpoint takes an address such as http://127.0.0.1:4566'],
  [['--organization', 'acme'], '--organization takes the id of an organization such as o-a1b2c3d4e5; not "acme"'],
  [['--organization', 'o-a1b2c3d4e5', '--public'], 'give --public or --organization, not both'],
  [['--force'], 'there is no option --force. The options are --version, '],
])('%j is refused and says what is right', (args, message) => {
  expect(() => readOptions([...needed, ...args])).toThrow(message);
});

test('versions are in the order of Semantic Versioning', () => {
  const sorted = [
    ...['0.9.0', '1.0.0-alpha', '1.0.0-alpha.1', '1.0.0-alpha.beta', '1.0.0-beta', '1.0.0-beta.2', '1.0.0-beta.11'],
    ...['1.0.0-rc.1', '1.0.0', '1.0.1', '1.2.0', '1.10.0', '2.0.0'],
  ];
  for (const [index, version] of sorted.entries()) {
    expect(isVersion(version)).toBe(true);
    for (const [other, than] of sorted.entries()) {
      expect({ version, than, is: isLater(version, than) }).toEqual({ version, than, is: index > other });
    }
  }
});
