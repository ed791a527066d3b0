import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Plugin } from 'esbuild';
import { type SourceMaps, zipOf } from '../../scripts/bundle.ts';
import { handlerNames, mapsPath, root } from '../../scripts/handlers.ts';

/** Some text of a source, and what stands there instead. */
interface Edit {
  file: string;
  from: string;
  to: string;
}

/** A bug. One that another layer makes up for is in both. */
type Plant = Edit | Edit[];

/** Bugs that a runtime such as ours easily has. Each is put into a copy of the bundles, never into the sources. */
const plants = {
  'lost-id': {
    file: 'handlers/studio-domain.ts',
    from: "return DomainArn!.split('/').at(-1)!;",
    to: "return `${DomainArn!.split('/').at(-1)!}x`;",
  },
  'unpaginated-list': {
    file: 'packages/sagemaker/src/domain/domain.ts',
    from: 'for await (const page of paginateListDomains({ client: sagemaker(), pageSize: 100 }, {})) {',
    to: 'for await (const page of [(await paginateListDomains({ client: sagemaker(), pageSize: 1 }, {}).next()).value!]) {',
  },
  'missed-duplicate': [
    {
      file: 'packages/sagemaker/src/ownership.ts',
      from: 'return tags && isSameHolder(holderIn(tags), holder);',
      to: 'return (holder as Context).requestType === "Delete" && tags && isSameHolder(holderIn(tags), holder);',
    },
    // A Create asks once more before it refuses an existing name.
    {
      file: 'packages/sagemaker/src/ownership.ts',
      from: "    case 'self':\n      return 'owned';",
      to: "    case 'self': throw new Error('it exists');",
    },
  ],
  'swallowed-throttle': [
    {
      file: 'packages/sagemaker/src/client/client.ts',
      from: "return ignoreErrors(['ResourceNotFound'], call);",
      to: "return ignoreErrors(['ResourceNotFound', 'ThrottlingException'], call);",
    },
    // The SDK is so patient that hardly any throttle comes through.
    {
      file: 'packages/sagemaker/src/client/client.ts',
      from: 'client ??= withAdvice(new SageMakerClient(clientConfig));',
      to: 'client ??= withAdvice(new SageMakerClient({ ...clientConfig, maxAttempts: 1 }));',
    },
  ],
  'pending-is-ready': {
    file: 'packages/sagemaker/src/client/status.ts',
    from: "case 'Pending':",
    to: "case 'Pending': return 'ready';",
  },
  'unchecked-stack': {
    file: 'packages/core/src/serve.ts',
    from: 'const asked = checksStack ? stack : undefined;',
    to: 'const asked = undefined;',
  },
  'late-duplicate': [
    {
      file: 'packages/core/src/stack/stack.ts',
      from: 'return isExpected(resource, request) && !(await isRolledBack());',
      to: 'return true;',
    },
    // Otherwise the environment sends the same response again.
    {
      file: 'packages/core/src/response/response.ts',
      from: "return running.has(key) ? 'running' : bodies.get(key);",
      to: "return running.has(key) ? 'running' : undefined;",
    },
  ],
  'readable-url': {
    file: 'packages/core/src/waiting/waiter-state.ts',
    from: 'const { ResponseURL, ...open }: Record<string, unknown> = event;',
    to: 'const { ResponseURL }: Record<string, unknown> = event; const open: Record<string, unknown> = { ...event };',
  },
  'unanswered-crash': {
    file: 'packages/core/src/response/responder.ts',
    from: "parsedOrLogged(Object.hasOwn(fields, 'waiter') ? payload : fields.requestPayload, {",
    to: "parsedOrLogged(Object.hasOwn(fields, 'waiter') ? payload : undefined, {",
  },
  'forgotten-id': {
    file: 'packages/core/src/lifecycle/phase.ts',
    from: '  if (id !== undefined) return id;\n  const known',
    to: '  const known',
  },
  'refused-repetition': {
    file: 'packages/sagemaker/src/client/status.ts',
    from: 'if (isTransitioning(before.Status)) throw new BusyError(`${what}: it is ${before.Status}`);',
    to: 'return void (await update());',
  },
  'kept-groups': {
    file: 'packages/sagemaker/src/domain/orphaned-resources.ts',
    from: '...groups.map(({ GroupId }) => `security group ${GroupId}`),',
    to: '',
  },
  'whole-list': {
    file: 'packages/sagemaker/src/settings/settings-change.ts',
    from: 'changed[name] = live ? mergeSharedList(held, to, from, inUse) : to;',
    to: 'changed[name] = to;',
  },
  'unchecked-holder': {
    file: 'packages/sagemaker/src/ownership.ts',
    from: '  if (!isSameHolder(holder, ctx)) {\n    const why',
    to: '  if (holder?.stackId !== ctx.stackId) {\n    const why',
  },
} satisfies Record<string, Plant>;

export type PlantName = keyof typeof plants;

export const plantNames = Object.keys(plants) as PlantName[];

export function isPlantName(name: string): name is PlantName {
  return Object.hasOwn(plants, name);
}

/** The sources with the bug in them, by their paths. Throws when one no longer has the text that the bug replaces. */
export function sourcesWith(name: PlantName): Map<string, string> {
  const bug: Plant = plants[name];
  const sources = new Map<string, string>();
  for (const edit of [bug].flat()) {
    const path = join(root, edit.file);
    sources.set(path, edited(sources.get(path) ?? readFileSync(path, 'utf8'), name, edit));
  }
  return sources;
}

/** Bundles with the bug the handlers that have it: those whose built zip came from a source that it changes. */
export async function plant(name: PlantName): Promise<Map<string, Uint8Array>> {
  const sources = sourcesWith(name);
  const planting: Plugin = {
    name: 'plant',
    setup({ onLoad }) {
      onLoad({ filter: /\.ts$/ }, ({ path }) =>
        sources.has(path) ? { contents: sources.get(path), loader: 'ts' } : undefined,
      );
    },
  };
  const zips: [string, Uint8Array][] = [];
  // One after another: concurrently, esbuild needs gigabytes of memory and twice the time.
  for (const each of handlerNames()) {
    if (sourcesOf(each).some((path) => sources.has(path))) zips.push([each, (await zipOf(each, [planting])).zip]);
  }
  return new Map(zips);
}

/** The sources of a built zip. */
function sourcesOf(handler: string): string[] {
  const maps = JSON.parse(readFileSync(mapsPath(handler), 'utf8')) as SourceMaps;
  return Object.values(maps).flatMap((map) =>
    (JSON.parse(map) as { sources: string[] }).sources.map((source) => resolve(root, 'dist', handler, source)),
  );
}

function edited(source: string, name: PlantName, { file, from, to }: Edit): string {
  const around = source.split(from);
  if (around.length !== 2) {
    throw new Error(`Planting ${name}: ${file} has the text to be replaced ${around.length - 1} times, not once`);
  }
  return around.join(to);
}
