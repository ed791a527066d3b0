import { type BucketTask, inspectBucket, settleBucket } from './bucket.ts';
import type { ReleaseFile } from './file.ts';
import { moveLatest, readLatest } from './latest.ts';
import { findPresent, upload } from './objects.ts';
import type { Readers, ReleaseOptions } from './options.ts';
import type { Place } from './place.ts';
import type { Release } from './release.ts';
import { isLater } from './version.ts';

/** What a run has to do in a Region. */
export interface RegionPlan {
  place: Place;
  bucket: BucketTask;
  /** What is not there yet, in the order of the uploads: the manifest is the last. */
  missing: readonly ReleaseFile[];
  /** The latest version before the run; undefined before the first. */
  latest: string | undefined;
  movesLatest: boolean;
}

/** What was done in a Region. */
export interface RegionResult {
  place: Place;
  uploaded: number;
  /** The Region's latest version now; undefined where there is none yet. */
  latest: string | undefined;
}

/** How many files are uploaded to a bucket at once. */
const concurrency = 8;

/**
 * Looks at all Regions, and changes nothing.
 *
 * @throws Error where the release cannot be published to one of them, with what is wrong there
 */
export async function planRelease(
  release: Release,
  places: readonly Place[],
  options: Pick<ReleaseOptions, 'readers' | 'createBuckets' | 'keepLatest'>,
): Promise<RegionPlan[]> {
  return inAll(places, async (place) => {
    const bucket = await inspectBucket(place, options);
    const isThere = bucket !== 'create';
    const present = isThere ? await findPresent(place, release) : new Set<string>();
    const latest = isThere ? (await readLatest(place))?.version : undefined;
    const missing = [...release.files, release.manifest].filter(({ path }) => !present.has(path));
    const movesLatest = !options.keepLatest && (latest === undefined || isLater(release.version, latest));
    return { place, bucket, missing, latest, movesLatest };
  });
}

/**
 * Carries out the plans: every Region gets all files, the manifest last, and then the latest version changes in every
 * Region where it is to.
 * An interrupted run leaves nothing that a later run has to undo.
 *
 * @throws Error where a Region fails; the others have got their files, and no latest version has changed
 */
export async function publish(
  release: Release,
  plans: readonly RegionPlan[],
  readers: Readers,
  progress: (region: string, done: number, all: number, path: string) => void = () => {},
): Promise<RegionResult[]> {
  await inAll(plans, async ({ place, bucket, missing }) => {
    await settleBucket(place, bucket, readers);
    let done = 0;
    const send = async (file: ReleaseFile) => {
      await upload(place, release, file);
      done += 1;
      progress(place.region, done, missing.length, file.path);
    };
    const files = missing.filter((file) => file !== release.manifest);
    for (let at = 0; at < files.length; at += concurrency) {
      await inAll(files.slice(at, at + concurrency), send);
    }
    if (missing.includes(release.manifest)) await send(release.manifest);
  });
  return inAll(plans, async ({ place, missing, latest, movesLatest }) => {
    return { place, uploaded: missing.length, latest: movesLatest ? await moveLatest(place, release) : latest };
  });
}

/** Does it for all of them, and fails only when all have ended; with all that went wrong. */
async function inAll<T, R>(all: readonly T[], work: (one: T) => Promise<R>): Promise<R[]> {
  const settled = await Promise.allSettled(all.map(work));
  const errors = settled.flatMap((each) => (each.status === 'rejected' ? [each.reason as Error] : []));
  if (errors.length > 1) throw new AggregateError(errors, errors.map(({ message }) => message).join('\n'));
  if (errors.length === 1) throw errors[0];
  return settled.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
}
