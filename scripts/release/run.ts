import type { ReleaseOptions } from './options.ts';
import { type ClientConfig, closePlaces, openPlaces } from './place.ts';
import { planRelease, publish, type RegionResult } from './publish.ts';
import type { Release } from './release.ts';
import { planLines, resultLines } from './report.ts';

/** What a run of the command takes from its dependencies. */
export interface Dependencies {
  /** For the SDK's clients. */
  config: ClientConfig;
  /** The commit to release. Throws where the working tree differs from it. */
  commit(): string;
  /** Throws where a check or the build fails. */
  check(): Promise<void>;
  /** The release, once all that is checked. */
  read(commit: string): Promise<Release>;
  say(line: string): void;
}

/**
 * Publishes a release to all Regions, or prints the plan. Whatever can be refused is refused before anything is created
 * or uploaded. Gives what was done; nothing for a dry run.
 */
export async function runRelease(
  options: ReleaseOptions,
  { config, commit, check, read, say }: Dependencies,
): Promise<RegionResult[]> {
  const head = commit();
  const places = await openPlaces(options, config);
  try {
    await check();
    const release = await read(head);
    const plans = await planRelease(release, places, options);
    for (const line of planLines(release, plans)) say(line);
    if (options.dryRun) {
      say('Nothing was uploaded: it was a dry run');
      return [];
    }
    const results = await publish(release, plans, options.readers, (region, done, all, path) => {
      say(`${region}  ${done} of ${all}  ${path}`);
    });
    for (const line of ['', ...resultLines(release, results)]) say(line);
    return results;
  } finally {
    closePlaces(places);
  }
}
