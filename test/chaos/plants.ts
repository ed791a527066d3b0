import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'esbuild';
import { zipOf } from '../../scripts/bundle.ts';
import { handlerNames, root } from '../../scripts/handlers.ts';

/** A bug: some text of a source, and what stands there instead. */
interface Plant {
  file: string;
  from: string;
  to: string;
}

/** Bugs that a runtime such as ours easily has. Each is put into a copy of the bundles, never into the sources. */
const plants = {
  'lost-id': {
    file: 'handlers/studio-domain.ts',
    from: "return DomainArn!.split('/').at(-1)!;",
    to: "return `${DomainArn!.split('/').at(-1)!}x`;",
  },
  'unpaginated-list': {
    file: 'packages/sagemaker/src/domain.ts',
    from: 'for await (const page of paginateListDomains({ client: sagemaker(), pageSize: 100 }, {})) {',
    to: 'for await (const page of [(await paginateListDomains({ client: sagemaker(), pageSize: 1 }, {}).next()).value!]) {',
  },
  'missed-duplicate': {
    file: 'packages/sagemaker/src/ownership.ts',
    from: 'return tags.get(stackId) === owner.stackId && tags.get(logicalId) === owner.logicalResourceId;',
    to: 'return (owner as Context).requestType === "Delete" && tags.get(stackId) === owner.stackId && tags.get(logicalId) === owner.logicalResourceId;',
  },
  'swallowed-throttle': {
    file: 'packages/sagemaker/src/failures.ts',
    from: "return unless(['ResourceNotFound'], call);",
    to: "return unless(['ResourceNotFound', 'ThrottlingException'], call);",
  },
  'pending-is-ready': {
    file: 'packages/sagemaker/src/statuses.ts',
    from: "case 'Pending':",
    to: "case 'Pending': return 'ready';",
  },
  'unasked-stack': {
    file: 'packages/core/src/serve.ts',
    from: 'stackOf: (request) => (looksAtStack ? stackOf(request, log) : unknownStack),',
    to: 'stackOf: (request) => (looksAtStack && false ? stackOf(request, log) : unknownStack),',
  },
  'late-duplicate': {
    file: 'packages/core/src/stack.ts',
    from: 'return isAwaited(resource, request) && !(await hasGivenUp());',
    to: 'return true;',
  },
  'readable-url': {
    file: 'packages/core/src/waiter/state.ts',
    from: 'const { ResponseURL, ...open }: Record<string, unknown> = event;',
    to: 'const { ResponseURL }: Record<string, unknown> = event; const open: Record<string, unknown> = { ...event };',
  },
  'unanswered-crash': {
    file: 'packages/core/src/responder/respond.ts',
    from: 'openedOrLogged(isFromWaiter(payload) ? payload : fields.requestPayload)',
    to: 'openedOrLogged(fields.requestPayload)',
  },
  'forgotten-id': {
    file: 'packages/core/src/job.ts',
    from: 'if (id !== undefined) return id;',
    to: '',
  },
  'refused-repetition': {
    file: 'packages/sagemaker/src/busy.ts',
    from: "if (codeOf(cause) !== 'ResourceInUse') throw cause;",
    to: 'throw cause;',
  },
  'kept-groups': {
    file: 'packages/sagemaker/src/leftovers.ts',
    from: '...groups.map(({ GroupId }) => `security group ${GroupId}`),',
    to: '',
  },
} satisfies Record<string, Plant>;

export type PlantName = keyof typeof plants;

export const plantNames = Object.keys(plants) as PlantName[];

export function isPlantName(name: string): name is PlantName {
  return Object.hasOwn(plants, name);
}

/** Bundles every handler with the bug in it. Throws when the source no longer has the text that the bug replaces. */
export async function plant(name: PlantName): Promise<Map<string, Uint8Array>> {
  const bug: Plant = plants[name];
  const path = join(root, bug.file);
  const contents = readFileSync(path, 'utf8').split(bug.from);
  if (contents.length !== 2) {
    throw new Error(`Planting ${name}: ${bug.file} has the text to be replaced ${contents.length - 1} times, not once`);
  }
  const planting: Plugin = {
    name: 'plant',
    setup({ onLoad }) {
      onLoad({ filter: /\.ts$/ }, (file) =>
        file.path === path ? { contents: contents.join(bug.to), loader: 'ts' } : undefined,
      );
    },
  };
  const zips = await Promise.all(
    handlerNames().map(async (each) => [each, (await zipOf(each, [planting])).zip] as const),
  );
  return new Map(zips);
}
