/** How many resources of a stack are worked on at a time. */
const MAX_CONCURRENT = 20;

/** What became of a graph's nodes. */
export interface Outcome {
  failed: string[];
  /** Not begun: something that they need failed, or the work was stopped. */
  left: string[];
}

/**
 * Works on every node once all that it needs is done, concurrently. After a failure the nodes that need the failed one
 * are left; so are, once `stopped` says so, all that have not begun. Resolves when nothing is in progress.
 */
export async function inOrder(
  needs: ReadonlyMap<string, ReadonlySet<string>>,
  work: (node: string) => Promise<void>,
  stopped: () => boolean = () => false,
): Promise<Outcome> {
  const left = new Set(needs.keys());
  const done = new Set<string>();
  const failed: string[] = [];
  const inFlight = new Map<string, Promise<void>>();
  const ready = (node: string) => [...(needs.get(node) ?? [])].every((other) => done.has(other) || !needs.has(other));
  for (;;) {
    for (const node of left) {
      if (stopped() || inFlight.size >= MAX_CONCURRENT) break;
      if (!ready(node)) continue;
      left.delete(node);
      const settled = work(node)
        .then(
          () => void done.add(node),
          () => void failed.push(node),
        )
        .finally(() => inFlight.delete(node));
      inFlight.set(node, settled);
    }
    if (inFlight.size === 0) return { failed, left: [...left] };
    await Promise.race(inFlight.values());
  }
}

/** The same graph with its arrows turned round. */
export function reversed(needs: ReadonlyMap<string, ReadonlySet<string>>): Map<string, Set<string>> {
  const turned = new Map([...needs.keys()].map((node) => [node, new Set<string>()]));
  for (const [node, others] of needs) for (const other of others) turned.get(other)?.add(node);
  return turned;
}
