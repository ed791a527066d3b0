import type { AwsError } from '../../packages/local/src/errors.ts';
import type { Call, Service } from '../../packages/local/src/service.ts';

type Operation = (input: unknown, call: Call) => unknown;

/** The service, which refuses functions the next call of an operation where a test says so. */
export function refusing<M extends object>(
  service: Service<M>,
  names: readonly string[],
  refusals: Map<string, AwsError>,
): Service<M> {
  const all = service.operations as Record<string, Operation>;
  const faulty = names
    .filter((name) => name in all)
    .map((name): [string, Operation] => [
      name,
      (input, call) => {
        const refusal = call.principal.kind === 'role' ? refusals.get(name) : undefined;
        if (!refusal) return all[name]!(input, call);
        refusals.delete(name);
        throw refusal;
      },
    ]);
  return { ...service, operations: { ...all, ...Object.fromEntries(faulty) } } as Service<M>;
}
