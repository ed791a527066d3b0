import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { root } from '../../scripts/handlers.ts';
import { figures, sources } from '../../scripts/reference/native/figures.ts';
import { nativeMembers, type ServiceSpec } from '../../scripts/reference/native/service-spec.ts';
import { temporaryDirectory } from '../stacks/temporary-directory.ts';
import { fakeNpm } from './fake-npm.ts';
import { copyRepository } from './repository-copy.ts';

const directory = temporaryDirectory();
const string = { type: { type: 'string' } };
const spec = (...types: string[]): ServiceSpec => ({
  schema: {
    resource: {
      entities: types.map((cloudFormationType) => ({
        cloudFormationType,
        properties: {
          DomainName: string,
          Tags: { type: { type: 'array', element: { type: 'tag' } } },
          Labels: { type: { type: 'map', element: { type: 'ref', reference: { $ref: '1' } } } },
          Settings: { type: { type: 'union', types: [{ type: 'ref', reference: { $ref: '1' } }, string.type] } },
        },
      })),
    },
    typeDefinition: { entities: [{ $id: '1', properties: { Role: string } }] },
  },
});

test('the members of a native type are read to the bottom', () => {
  expect(nativeMembers(spec('AWS::SageMaker::Domain'), ['AWS::SageMaker::Domain'])).toEqual({
    'AWS::SageMaker::Domain': [
      'DomainName',
      'Labels',
      'Labels{}.Role',
      'Settings',
      'Settings.Role',
      'Tags',
      'Tags[].Key',
      'Tags[].Value',
    ],
  });
  expect(() => nativeMembers(spec(), ['AWS::SageMaker::Domain'])).toThrow(
    'Reading the members of AWS::SageMaker::Domain: the database has no such type',
  );
});

test('npm run native-members takes over what npm has', () => {
  const cwd = copyRepository(directory());
  const files = join(directory(), 'package');
  mkdirSync(files);
  const types = ['AWS::SageMaker::Domain', 'AWS::SageMaker::UserProfile', 'AWS::SageMaker::Space'];
  writeFileSync(join(files, 'db.json.gz'), gzipSync(JSON.stringify(spec(...types))));
  const PATH = fakeNpm(directory(), { packages: { '@aws-cdk/aws-service-spec': files } });
  const args = ['--conditions=studio-resources', 'scripts/native-members.ts'];
  const stdout = execFileSync(process.execPath, args, { cwd, env: { ...process.env, PATH }, encoding: 'utf8' });
  expect(stdout).toContain('AWS::SageMaker::Domain: 8 members');
  const written = JSON.parse(readFileSync(join(cwd, 'scripts/reference/native/members.json'), 'utf8'));
  expect(written).toMatchObject({
    source: '@aws-cdk/aws-service-spec 9.9.9',
    measured: expect.stringMatching(/^\d{4}-/),
  });
  expect(Object.keys(written.types)).toEqual(types);
});

test('README.md has the figures that were measured last', () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8').replaceAll(/\s+/g, ' ');
  const [domain, profile] = figures();
  expect(readme).toContain(
    `On ${sources.date}, \`${domain!.type}\` knows ${domain!.known} of the ${domain!.all} members`,
  );
  expect(readme).toContain(`\`${profile!.type}\` ${profile!.known} of ${profile!.all};`);
});

test('what a native type lacks is named by the outermost member, and is what it does not have', () => {
  for (const { known, all, lacking } of figures()) {
    expect(known).toBeLessThan(all);
    expect(lacking.length).toBeLessThanOrEqual(all - known);
    expect(lacking).toContainEqual(expect.stringMatching(/\.SageMakerImageVersionAlias$/));
    expect(lacking).not.toContain('Tags');
  }
});
