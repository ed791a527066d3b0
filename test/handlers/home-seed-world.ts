import { S3Client } from '@aws-sdk/client-s3';
import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { mockClient } from 'aws-sdk-client-mock';
import { strToU8, type ZippableFile, zipSync } from 'fflate';
import { handler, homeSeed } from '../../handlers/home-seed.ts';
import { s3 } from '../../packages/local/src/services/s3/index.ts';
import { captured, type Lines } from '../packages/core/console.ts';
import { lambda } from '../packages/core/event.ts';
import { awsError } from './aws-error.ts';
import { ada, grace, type HomeTree, homeTree } from './home-tree.ts';
import { type MockService, mockService } from './mock-service.ts';

export const domainId = 'd-homes';
/** A zip that every world has. */
export const source = 's3://sources/one.zip';
const fileSystemId = 'fs-0123456789abcdef0';

/** A profile as SageMaker describes it. The statuses follow one another, one a look; the last one stays. */
export interface Profile {
  statuses: string[];
  uid?: string;
  reason?: string;
}

type Asked = { DomainId: string; UserProfileName: string };

/** Custom::HomeSeed with S3, with a SageMaker that knows one domain with user profiles ada and grace, and with a real directory of homes. */
export interface HomeSeedWorld extends MockService<(typeof s3)['module']> {
  readonly tree: HomeTree;
  readonly profiles: Map<string, Profile>;
  readonly lines: Lines;
  /** The files in the homes, without the records of seeds. */
  files(): (string | undefined)[];
  /** Puts a zip of these texts to `s3://sources/<key>`; gives its URI. */
  bundle(key: string, files: Record<string, string | ZippableFile>): Promise<string>;
  /** Brings an event of EventBridge to the function. */
  event(fields: Record<string, unknown>): Promise<unknown>;
}

export async function homeSeedWorld(): Promise<HomeSeedWorld> {
  const tree = homeTree();
  const variables = { HOMES_PATH: tree.path, DOMAIN_ID: domainId, FILE_SYSTEM_ID: fileSystemId };
  Object.assign(process.env, variables);
  const buckets = mockService(handler, homeSeed, S3Client, s3);
  const lines = captured();
  const profiles = new Map<string, Profile>([
    ['ada', { statuses: ['InService'], uid: String(ada) }],
    ['grace', { statuses: ['InService'], uid: String(grace) }],
  ]);
  const sagemaker = mockClient(SageMakerClient);
  sagemaker.send.callsFake(async (command) => {
    const operation = command.constructor.name.replace(/Command$/, '');
    return answers[operation as keyof typeof answers](command.input as Asked) as never;
  });
  const notFound = (what: string) => awsError('ResourceNotFound', `${what} does not exist`);
  const answers = {
    DescribeDomain: ({ DomainId }: Asked) => {
      if (DomainId !== domainId) throw notFound(`Domain [${DomainId}]`);
      return { DomainId, HomeEfsFileSystemId: fileSystemId };
    },
    DescribeUserProfile: ({ DomainId, UserProfileName }: Asked) => {
      const profile = DomainId === domainId ? profiles.get(UserProfileName.toLowerCase()) : undefined;
      if (!profile) throw notFound(`UserProfile [${UserProfileName}]`);
      const { statuses, uid, reason } = profile;
      const Status = statuses.length > 1 ? statuses.shift() : statuses[0];
      return {
        DomainId,
        UserProfileName,
        Status,
        HomeEfsFileSystemUid: uid,
        FailureReason: reason,
        CreationTime: new Date(),
      };
    },
    ListUserProfiles: () => ({
      UserProfiles: [...profiles].map(([UserProfileName, { statuses }]) => ({ UserProfileName, Status: statuses[0] })),
    }),
  };
  const CreateBucketConfiguration = { LocationConstraint: 'eu-west-1' as const };
  await buckets.as()('CreateBucket', { Bucket: 'sources', CreateBucketConfiguration });
  const bundle = async (Key: string, files: Record<string, string | ZippableFile>) => {
    const entries = Object.entries(files).map(([name, file]) => [
      name,
      typeof file === 'string' ? strToU8(file) : file,
    ]);
    await buckets.as()('PutObject', { Bucket: 'sources', Key, Body: zipSync(Object.fromEntries(entries)) });
    return `s3://sources/${Key}`;
  };
  await bundle('one.zip', { 'README.md': 'one', 'examples/train.py': 'print(1)' });
  return {
    ...buckets,
    tree,
    profiles,
    lines,
    bundle,
    files: () =>
      tree
        .list()
        .filter((line) => !line.endsWith('/') && !line.includes('.studio-resources'))
        .map((line) => line.split(' ').at(-1)),
    event: (fields) => handler(fields, lambda()),
    close() {
      sagemaker.restore();
      buckets.close();
      tree.remove();
      const all = [...Object.keys(variables), 'SOURCE', 'SOURCE_VERSION_ID', 'DESTINATION', 'OVERWRITE'];
      for (const name of all) delete process.env[name];
    },
  };
}
