import { AwsError } from '../../errors.ts';
import { getResourceType } from '../resources/registry.ts';
import { type Properties, ResourceFailure } from '../resources/resource-type.ts';
import type { ResourceRecord } from '../stack.ts';
import { evaluate, type Scope } from '../template/evaluate.ts';
import type { ResourceDeclaration } from '../template/parse.ts';
import type { PlannedRun } from './run.ts';
import { scopeOf, shownScope } from './scope.ts';

/** A declaration with its functions called. */
export interface Evaluated
  extends Pick<
    ResourceRecord,
    'properties' | 'shownProperties' | 'metadata' | 'dependencies' | 'deletionPolicy' | 'updateReplacePolicy'
  > {
  creationPolicy?: unknown;
}

/** Calls the functions of a declaration, once all that it needs exists. Throws a `ResourceFailure` that says which fails. */
export async function evaluateDeclaration(run: PlannedRun, declaration: ResourceDeclaration): Promise<Evaluated> {
  const { plan, stack } = run;
  const scope = scopeOf(run, stack, plan);
  const { logicalId, deletionPolicy, updateReplacePolicy } = declaration;
  try {
    return {
      properties: await propertiesIn(declaration, scope, stack.definition.tags),
      shownProperties: await propertiesIn(declaration, shownScope(scope, stack), stack.definition.tags),
      metadata: await evaluate(declaration.metadata, scope),
      creationPolicy: await evaluate(declaration.creationPolicy, scope),
      dependencies: [...(plan.needs.get(logicalId) ?? [])],
      deletionPolicy,
      updateReplacePolicy,
    };
  } catch (cause) {
    if (cause instanceof AwsError) throw new ResourceFailure(cause.message, { cause });
    throw cause;
  }
}

/** A resource's properties with their functions called, and what its type adds to them. */
export async function propertiesIn(
  { type, properties }: ResourceDeclaration,
  scope: Scope,
  tags: readonly { Key?: string; Value?: string }[],
): Promise<Properties> {
  const evaluated = (await evaluate(properties, scope)) as Properties;
  return getResourceType(type).complete?.(evaluated, tags) ?? evaluated;
}
