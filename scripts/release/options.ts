import { helpText, readCommandLine, wrongCommandLine } from '../../packages/local/src/command-line.ts';
import { isVersion } from './version.ts';

const releaseArguments = {
  version: { type: 'string', value: 'V', text: 'The version: a semantic version such as 1.4.0' },
  'bucket-prefix': { type: 'string', value: 'P', text: 'What the names of the buckets begin with; the Region follows' },
  regions: { type: 'string', value: 'R1,R2', text: 'The Regions, with commas between them' },
  profile: { type: 'string', value: 'N', text: "The profile of the AWS CLI's configuration to call with" },
  endpoint: { type: 'string', value: 'URL', text: 'The address of a local cloud, in place of AWS' },
  public: { type: 'boolean', default: false, text: 'Lets everybody read the release' },
  organization: {
    type: 'string',
    value: 'O',
    text: 'Lets the accounts of an organization read it, such as o-a1b2c3d4e5',
  },
  'create-buckets': { type: 'boolean', default: false, text: 'Creates the buckets that do not exist' },
  'keep-latest': { type: 'boolean', default: false, text: 'Leaves latest.json as it is' },
  'dry-run': { type: 'boolean', default: false, text: 'Prints what would be done, and does nothing' },
} as const;

/** What `npm run release -- --help` prints. */
export const releaseHelp = helpText(
  `Usage: npm run release -- --version V --bucket-prefix P --regions R1,R2 [options]

Checks and builds this commit, and publishes it to a bucket in each Region.`,
  releaseArguments,
);

const help = 'npm run release -- --help';

/** Who may read a release, beside the account that its buckets belong to. */
export type Readers = { kind: 'account' } | { kind: 'everybody' } | { kind: 'organization'; id: string };

/** The options of `npm run release --`. */
export interface ReleaseOptions {
  version: string;
  bucketPrefix: string;
  regions: readonly string[];
  profile?: string;
  endpoint?: string;
  readers: Readers;
  createBuckets: boolean;
  /** Whether `latest.json` stays as it is. */
  keepLatest: boolean;
  dryRun: boolean;
}

/** S3's limit: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
const longestBucketName = 63;

/** Reads the command line. Throws an Error that names the option that is wrong, and what it takes. */
export function readOptions(args: string[]): ReleaseOptions {
  const { values } = readCommandLine(args, { options: releaseArguments, help });
  const { version = '', regions: list = '', profile, endpoint, organization } = values;
  const bucketPrefix = values['bucket-prefix'] ?? '';
  if (!isVersion(version)) throw wrong('version', 'a semantic version such as 1.4.0', version);
  const regions = list.split(',').map((region) => region.trim());
  for (const region of regions) {
    if (!/^[a-z]{2,4}(-[a-z]+)+-\d+$/.test(region)) {
      throw wrong('regions', 'Regions with commas between them, such as us-east-1,eu-west-1', list);
    }
  }
  const repeated = regions.find((region, index) => regions.indexOf(region) < index);
  if (repeated !== undefined) throw wrongCommandLine(`--regions has ${repeated} twice`, help);
  if (!/^[a-z0-9][a-z0-9-]*[a-z0-9]$/.test(bucketPrefix)) {
    throw wrong('bucket-prefix', 'lower-case letters, digits and hyphens, such as acme-studio', bucketPrefix);
  }
  const tooLong = regions.find((region) => bucketOf(bucketPrefix, region).length > longestBucketName);
  if (tooLong !== undefined) {
    const name = bucketOf(bucketPrefix, tooLong);
    throw wrongCommandLine(
      `the bucket of ${tooLong} would be ${name}, which has more than ${longestBucketName} characters. Give a shorter --bucket-prefix`,
      help,
    );
  }
  if (endpoint !== undefined && !/^https?:$/.test(URL.parse(endpoint)?.protocol ?? '')) {
    throw wrong('endpoint', 'an address such as http://127.0.0.1:4566', endpoint);
  }
  if (organization !== undefined && !/^o-[a-z0-9]{10,32}$/.test(organization)) {
    throw wrong('organization', 'the id of an organization such as o-a1b2c3d4e5', organization);
  }
  if (organization !== undefined && values.public) {
    throw wrongCommandLine('give --public or --organization, not both', help);
  }
  const readers: Readers = values.public
    ? { kind: 'everybody' }
    : organization === undefined
      ? { kind: 'account' }
      : { kind: 'organization', id: organization };
  return {
    ...{ version, bucketPrefix, regions, profile, endpoint, readers },
    ...{ createBuckets: values['create-buckets'], keepLatest: values['keep-latest'], dryRun: values['dry-run'] },
  };
}

/** The bucket of a Region. */
export function bucketOf(bucketPrefix: string, region: string): string {
  return `${bucketPrefix}-${region}`;
}

function wrong(option: string, accepted: string, given: string): Error {
  const what = given === '' ? 'it is missing' : `not "${given}"`;
  return wrongCommandLine(`--${option} takes ${accepted}; ${what}`, help);
}
