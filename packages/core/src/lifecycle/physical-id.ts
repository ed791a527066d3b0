/** The physical id of a Create that failed when it was certain that nothing had been made: Delete has nothing to do. */
export function createFailedId(requestId: string): string {
  return `studio-resources:create-failed:${requestId}`;
}

const unsettled = 'studio-resources:create-unsettled:';
const beside = ':beside:';

/**
 * The physical id of a creation that failed when it was not certain whether anything had been made: the call ended in a
 * network error, or had not ended when time ran out. Delete looks for what may be there. For a replacement, `replaced`
 * is the id of what is there already, and is not meant.
 */
export function createUncertainId(requestId: string, replaced?: string): string {
  const old = replaced === undefined ? undefined : (replacedId(replaced) ?? replaced);
  const id = `${unsettled}${requestId}`;
  return old === undefined || old.startsWith('studio-resources:create-') ? id : `${id}${beside}${old}`;
}

/** What was there already when it was not certain whether its replacement had been made. */
export function replacedId(id: string): string | undefined {
  const at = id.startsWith(unsettled) ? id.indexOf(beside) : -1;
  return at < 0 ? undefined : id.slice(at + beside.length);
}

export function isCreateFailedId(id: string): boolean {
  return id.startsWith('studio-resources:create-failed:');
}

/** Is this the id of something that the resource made? Not so are the runtime's own ids and CloudFormation's. */
export function isResourceId(id: string, ownsId?: (id: string) => boolean): boolean {
  return !id.startsWith('studio-resources:create-') && (ownsId?.(id) ?? true);
}

/** What is wrong with an id by CloudFormation's rules, if anything. */
export function physicalIdProblem(id: unknown): string | undefined {
  if (typeof id !== 'string' || id === '') return 'it is empty';
  return Buffer.byteLength(id) > 1024 ? 'it is longer than 1024 bytes' : undefined;
}
