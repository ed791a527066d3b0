import type { RegionPlan, RegionResult } from './publish.ts';
import type { Release } from './release.ts';
import { installCommand, launchUrl } from './urls.ts';

/** What a run would do, by Region. */
export function planLines(release: Release, plans: readonly RegionPlan[]): string[] {
  const all = [...release.files, release.manifest];
  const size = all.reduce((sum, { body }) => sum + body.byteLength, 0);
  const head = `Version ${release.version} of commit ${release.commit}: ${all.length} files, ${(size / 1024).toFixed(0)} KB`;
  const lines = plans.map(({ place, bucket, missing, latest, movesLatest }) => {
    const parts = [
      ...(bucket === 'create' ? [`create the bucket ${place.bucket}`] : []),
      ...(bucket === 'set' ? [`give the bucket ${place.bucket} its settings`] : []),
      missing.length === 0
        ? 'all files are there'
        : `upload ${missing.length} of ${all.length} files to ${place.bucket}`,
      movesLatest
        ? `move latest from ${latest ?? 'nothing'} to ${release.version}`
        : `leave latest at ${latest ?? 'nothing'}`,
    ];
    return `  ${place.region}: ${parts.join(', ')}`;
  });
  return [head, ...lines];
}

/** What was published, and how teams install it. */
export function resultLines(release: Release, results: readonly RegionResult[]): string[] {
  const rows = results.map(({ place, uploaded, latest }) => [
    place.region,
    place.bucket,
    `${uploaded}`,
    latest ?? 'none',
  ]);
  const install = results.map(({ place }) => installCommand(place, release));
  const links = results.map(({ place }) => `${place.region}: ${launchUrl(place, release)}`);
  return [
    ...table([['Region', 'Bucket', 'Uploaded', 'Latest'], ...rows]),
    ...['', 'Teams install it with one of these, in which ExecutionRoleArns are the roles that Studio may have:'],
    ...install,
    ...['', 'or in the console:'],
    ...links,
  ];
}

function table(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  );
}
