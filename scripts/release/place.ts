import { DescribeRegionsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { bucketOf, type ReleaseOptions } from './options.ts';

/** Where a Region's part of a release goes. */
export interface Place {
  region: string;
  bucket: string;
  /** The account that the bucket has to belong to: the caller's. */
  account: string;
  partition: string;
  s3: S3Client;
}

/** The options of the SDK's clients, but for their Region. */
export type ClientConfig = Pick<
  S3ClientConfig,
  'endpoint' | 'profile' | 'credentials' | 'requestHandler' | 'retryStrategy' | 'forcePathStyle'
>;

/**
 * The places of a release, one for each Region.
 *
 * @throws Error where there are no credentials, or where a Region does not exist or is not enabled in the account
 */
export async function openPlaces(
  { regions, bucketPrefix }: Pick<ReleaseOptions, 'regions' | 'bucketPrefix'>,
  config: ClientConfig,
): Promise<Place[]> {
  const home = homeOf(regions[0]!);
  const { account, partition } = await identify({ ...config, region: home });
  await checkRegions(regions, { ...config, region: home });
  return regions.map((region) => {
    const s3 = new S3Client({ ...config, region });
    return { region, bucket: bucketOf(bucketPrefix, region), account, partition, s3 };
  });
}

/** What an error is about: `the bucket acme-studio-eu-west-1 (eu-west-1)`. */
export function bucketName({ bucket, region }: Place): string {
  return `the bucket ${bucket} (${region})`;
}

/** Releases what the places hold. */
export function closePlaces(places: readonly Place[]): void {
  for (const { s3 } of places) s3.destroy();
}

/** The Region of a partition in which its Regions can be asked for, whichever of them are enabled. */
function homeOf(region: string): string {
  if (region.startsWith('cn-')) return 'cn-north-1';
  if (region.startsWith('us-gov-')) return 'us-gov-west-1';
  return /^(us-iso|eu-iso|eusc-)/.test(region) ? region : 'us-east-1';
}

type RegionalConfig = ClientConfig & { region: string };

async function identify(config: RegionalConfig): Promise<{ account: string; partition: string }> {
  const sts = new STSClient(config);
  try {
    const { Account = '', Arn = '' } = await sts.send(new GetCallerIdentityCommand());
    return { account: Account, partition: Arn.split(':')[1] ?? 'aws' };
  } catch (cause) {
    const reason = (cause as Error).message || (cause as Error).name;
    const message = `Asking for the identity of the caller (${config.region}): ${reason}. Give --profile, or set the credentials in the environment`;
    throw new Error(message, { cause });
  } finally {
    sts.destroy();
  }
}

async function checkRegions(regions: readonly string[], config: RegionalConfig): Promise<void> {
  const ec2 = new EC2Client(config);
  const asked = ec2.send(new DescribeRegionsCommand({ AllRegions: true })).catch((cause: Error) => {
    const message = `Asking for the account's Regions (${config.region}): ${cause.message}. The caller needs ec2:DescribeRegions`;
    throw new Error(message, { cause });
  });
  const { Regions = [] } = await asked.finally(() => ec2.destroy());
  const known = new Map(Regions.map(({ RegionName = '', OptInStatus }) => [RegionName, OptInStatus]));
  for (const region of regions) {
    if (!known.has(region)) {
      const names = [...known.keys()].sort().join(', ');
      throw new Error(
        `Checking the Region ${region}: there is none of that name. Take it out of --regions; there are ${names}`,
      );
    }
    if (known.get(region) === 'not-opted-in') {
      throw new Error(
        `Checking the Region ${region}: it is not enabled in this account. Enable it, or take it out of --regions`,
      );
    }
  }
}
