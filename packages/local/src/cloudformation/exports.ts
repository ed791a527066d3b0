import { AwsError } from '../errors.ts';
import { type Home, type OutputRecord, type StackRecord, stacksOf } from './stack.ts';

export interface Export {
  name: string;
  value: string;
  stack: StackRecord;
}

/** What the stacks of an account in a Region export, by name. */
export function exportsOf(home: Home): Map<string, Export> {
  const exports = new Map<string, Export>();
  for (const stack of stacksOf(home).values()) {
    if (stack.status === 'DELETE_COMPLETE') continue;
    for (const { exportName: name, value } of stack.outputs)
      if (name !== undefined) exports.set(name, { name, value, stack });
  }
  return exports;
}

/** The stacks that use an export. */
export function importersOf(home: Home, name: string): StackRecord[] {
  return [...stacksOf(home).values()].filter(
    ({ status, imports }) => status !== 'DELETE_COMPLETE' && imports.includes(name),
  );
}

/** Throws when an export that another stack uses would be gone, or be another, with these outputs. */
export function checkUsedExports(home: Home, stack: StackRecord, outputs: readonly OutputRecord[]): void {
  for (const { exportName, value } of stack.outputs) {
    if (exportName === undefined) continue;
    const kept = outputs.find((output) => output.exportName === exportName);
    if (kept?.value === value) continue;
    const users = importersOf(home, exportName).filter(({ id }) => id !== stack.id);
    if (users.length === 0) continue;
    const change = kept ? 'updated' : 'deleted';
    const names = users.map(({ name }) => name).join(', ');
    throw new AwsError('ValidationError', `Export ${exportName} cannot be ${change} as it is in use by ${names}`);
  }
}

/** Throws when another stack already exports one of these names. */
export function checkNewExports(home: Home, stack: StackRecord, outputs: readonly OutputRecord[]): void {
  const taken = exportsOf(home);
  const seen = new Set<string>();
  for (const { exportName } of outputs) {
    if (exportName === undefined) continue;
    const owner = taken.get(exportName)?.stack;
    if (owner && owner.id !== stack.id) {
      const text = `Export with name ${exportName} is already exported by stack ${owner.name}.`;
      throw new AwsError('ValidationError', text);
    }
    if (seen.has(exportName)) {
      throw new AwsError('ValidationError', `Template format error: Duplicate Export names: [${exportName}].`);
    }
    seen.add(exportName);
  }
}
