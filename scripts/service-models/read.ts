import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { AwsModel } from './constraints.ts';

/** The newest model of each service in the data of botocore, by the service's id in the SDK for JavaScript: `cloudwatch-logs`. */
export function readModels(directory: string, ids: ReadonlySet<string>): Map<string, AwsModel> {
  const models = new Map<string, AwsModel>();
  for (const service of directoriesIn(directory)) {
    const path = newest(`${directory}/${service}`);
    if (path === undefined) continue;
    const bytes = readFileSync(path);
    const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString();
    const [, name = ''] = /"serviceId"\s*:\s*"([^"]+)"/.exec(text) ?? [];
    const id = name.toLowerCase().replaceAll(' ', '-');
    if (ids.has(id)) models.set(id, JSON.parse(text) as AwsModel);
  }
  return models;
}

/** Versions are dates. */
function newest(directory: string): string | undefined {
  const paths = directoriesIn(directory).flatMap((version) =>
    ['service-2.json', 'service-2.json.gz'].map((file) => `${directory}/${version}/${file}`),
  );
  return paths.findLast((path) => existsSync(path));
}

function directoriesIn(directory: string): string[] {
  const entries = readdirSync(directory, { withFileTypes: true }).filter((one) => one.isDirectory());
  return entries.map(({ name }) => name).sort();
}
