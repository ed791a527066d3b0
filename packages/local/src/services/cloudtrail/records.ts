import type * as CloudTrail from '@aws-sdk/client-cloudtrail';
import { regionalArn } from '../../arn.ts';
import { AwsError } from '../../errors.ts';
import type { Call, Definition } from '../../service.ts';

export type Operations = Definition<typeof CloudTrail>['operations'];

export interface TrailRecord {
  shown: CloudTrail.Trail & { Name: string; TrailARN: string; HomeRegion: string; S3BucketName: string };
  /** Whether it logs, and since when it does or does not. */
  isLogging: boolean;
  started?: Date;
  stopped?: Date;
  /** What it logs: all management events, unless it has been told otherwise. */
  selectors: CloudTrail.EventSelector[];
  advancedSelectors: CloudTrail.AdvancedEventSelector[];
  tags: CloudTrail.Tag[];
}

/** An account's trails, of all Regions, by their ARNs. */
export const trailsOf = (call: Pick<Call, 'table'>) => call.table<TrailRecord>('trails');

export function trailArn(name: string, call: Pick<Call, 'account' | 'region'>): string {
  return name.startsWith('arn:') ? name : regionalArn('cloudtrail', `trail/${name}`, call);
}

/** A trail by its ARN, or by its name in its home Region or, if it is one for all Regions, in any. */
export function getTrail(name: string | undefined, call: Call): TrailRecord {
  const trails = trailsOf(call);
  const found =
    trails.get(trailArn(name ?? '', call)) ??
    [...trails.values()].find(({ shown }) => shown.Name === name && shown.IsMultiRegionTrail);
  if (found) return found;
  throw new AwsError('TrailNotFoundException', `Unknown trail: ${name} for the user: ${call.account}`);
}

/** One that is to be changed, which is done in its home Region alone. */
export function getOwnTrail(name: string | undefined, call: Call): TrailRecord {
  const trail = getTrail(name, call);
  const { HomeRegion, TrailARN } = trail.shown;
  if (HomeRegion === call.region) return trail;
  const message = `Trail ${TrailARN} is not allowed to be changed in region ${call.region}: its home region is ${HomeRegion}`;
  throw new AwsError('InvalidHomeRegionException', message);
}
