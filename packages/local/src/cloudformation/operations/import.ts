import type { Change, ResourceToImport } from '@aws-sdk/client-cloudformation';
import { AwsError } from '../../errors.ts';
import type { Call } from '../../service.ts';
import type { ResourceChange } from '../engine/difference.ts';
import { type ImportedResource, importStack, notFound } from '../engine/import-stack.ts';
import type { LookupCaller } from '../engine/lookup-caller.ts';
import type { Plan } from '../engine/plan.ts';
import { start } from '../engine/run.ts';
import { setStackStatus } from '../events.ts';
import { findResourceType } from '../resources/registry.ts';
import { type Home, type StackRecord, stacksOf } from '../stack.ts';
import { parseTemplate } from '../template/parse.ts';
import { sameValue } from '../template/properties.ts';
import { describePlan } from './create.ts';

/**
 * Checks what an import is to take into a stack, and that it does nothing else. `changes` are all that the template
 * would do to the stack. Throws `ValidationError` for the first thing that is wrong, in CloudFormation's order.
 */
export function checkImport(
  given: readonly ResourceToImport[] = [],
  stack: StackRecord,
  { template, needs }: Plan,
  changes: readonly ResourceChange[],
): ImportedResource[] {
  const refuse = (problems: readonly string[], text: (names: string) => string) => {
    if (problems.length > 0) throw new AwsError('ValidationError', text(problems.join(', ')));
  };
  if (given.length === 0) throw new AwsError('ValidationError', 'Must Provide at least one resource to import');
  const imports = given.map(importedResource);
  const ids = imports.map(({ logicalId }) => logicalId);
  if (new Set(ids).size < ids.length) {
    throw new AwsError('ValidationError', 'Every resource to import must have unique LogicalResourceId');
  }
  const unknown = ids.filter((logicalId) => !needs.has(logicalId));
  const absent = 'provided in ResourceToImport do not exist in the template.';
  refuse(unknown, (names) => `The logical resource ids [${names}] ${absent}`);
  for (const one of imports) checkIdentifier(one, template.resources.get(one.logicalId)!.type);
  const added = changes.filter(({ action }) => action === 'Add').map(({ logicalId }) => logicalId);
  if (added.length === 0) {
    throw new AwsError('ValidationError', 'The template should contain at least one new resource to import.');
  }
  const held = 'passed in ResourceToImport are already in a stack and cannot be imported.';
  refuse(
    ids.filter((logicalId) => !added.includes(logicalId)),
    (names) => `Resources [${names}] ${held}`,
  );
  refuse(
    added.filter((logicalId) => !ids.includes(logicalId)),
    (names) => `Resources [${names}] is missing from ResourceToImport list`,
  );
  refuse(
    ids.filter((logicalId) => template.resources.get(logicalId)!.deletionPolicy === undefined),
    (names) =>
      `The following resources to import [${names}] must have DeletionPolicy attribute specified in the template.`,
  );
  refuse(
    changes.filter(isModified).map(({ logicalId }) => logicalId),
    (names) =>
      `You have modified resources [${names}] in your template that are not being imported. ` +
      'Update, create or delete operations cannot be executed during import operations.',
  );
  const { templateBody, processedBody = templateBody } = stack.definition;
  const before = stack.stable ? parseTemplate(processedBody).outputs : new Map();
  if (!sameValue(declared(before), declared(template.outputs))) {
    throw new AwsError('ValidationError', 'As part of the import operation, you cannot modify or add [Outputs]');
  }
  return imports;
}

/** Starts taking things into a stack. */
export function beginImport(
  call: Call,
  stack: StackRecord,
  next: StackRecord,
  how: { principal: StackRecord['principal']; plan: Plan; imports: readonly ImportedResource[]; token?: string },
): void {
  const { principal, plan, imports, token } = how;
  const { definition, noEcho, resolvedParameters } = stack;
  stack.definition = next.definition;
  stack.roleArn = next.roleArn;
  stack.principal = call.principal;
  stack.clientRequestToken = token;
  stack.updated = call.clock.now();
  describePlan(stack, plan);
  setStackStatus(call, stack, 'IMPORT_IN_PROGRESS', 'User Initiated');
  const before = { definition, noEcho, resolvedParameters };
  start(call, stack, principal, (run) => importStack({ ...run, plan }, imports, before));
}

function importedResource({
  ResourceType: type = '',
  LogicalResourceId: logicalId = '',
  ResourceIdentifier,
}: ResourceToImport) {
  return { type, logicalId, identifier: { ...ResourceIdentifier } };
}

function checkIdentifier({ logicalId, type, identifier }: ImportedResource, declaredType: string): void {
  const expected = findResourceType(type)?.imports?.identifier;
  if (!expected) throw new AwsError('ValidationError', `ResourceTypes [${type}] are not supported for Import`);
  if (!sameValue(Object.keys(identifier).toSorted(), [...expected].toSorted())) {
    const text = `Invalid resource identifier for resource type ${type}. Expected [${expected.join(', ')}]`;
    throw new AwsError('ValidationError', text);
  }
  if (type === declaredType) return;
  const text =
    'passed in ResourceToImport does not match with resource type defined in the template. ' +
    `Resource type in ResourceToImport: ${type}; Resource type in Template: ${declaredType}.`;
  throw new AwsError('ValidationError', `Resource type of [${logicalId}] ${text}`);
}

/** A nested stack is updated in every update, changed or not. */
function isModified({ action, properties, scope }: ResourceChange): boolean {
  return action === 'Remove' || (action === 'Modify' && properties.length + scope.length > 0);
}

function declared(outputs: Plan['template']['outputs']): unknown {
  return [...outputs.values()].map(({ line: _, ...output }) => output);
}

/** What an import would do, or the problem with it: what it names does not exist, or belongs to a stack. */
export async function importChanges(
  caller: LookupCaller,
  imports: readonly ImportedResource[],
): Promise<{ changes: Change[]; problem?: string }> {
  const changes: Change[] = [];
  for (const { logicalId, type, identifier } of imports) {
    const found = await findResourceType(type)?.imports?.find(identifier, caller);
    if (!found) return { changes: [], problem: notFound(type, identifier).message };
    const holder = stackOwning(caller, type, identifier);
    if (holder) {
      return { changes: [], problem: `${Object.values(identifier).join('|')} already exists in stack ${holder.id}` };
    }
    changes.push({
      Type: 'Resource',
      ResourceChange: {
        Action: 'Import',
        LogicalResourceId: logicalId,
        PhysicalResourceId: found.physicalId,
        ResourceType: type,
        Scope: [],
        Details: [],
      },
    });
  }
  return { changes };
}

/** The stack that already manages the resource with these identifiers. */
function stackOwning(home: Home, type: string, identifier: Readonly<Record<string, string>>): StackRecord | undefined {
  return [...stacksOf(home).values()].find(({ status, resources }) => {
    if (status === 'DELETE_COMPLETE') return false;
    return Object.values(resources).some((resource) => {
      const { physicalId, properties, attributes } = resource;
      const isSame = ([name, value]: [string, string]) =>
        [physicalId, properties[name], attributes[name]].some((known) => known === value);
      return resource.type === type && physicalId !== undefined && Object.entries(identifier).every(isSame);
    });
  });
}
