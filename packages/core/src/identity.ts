/** The physical id of a Create that failed when it was certain that nothing had been made: Delete has nothing to do. */
export function nothingMade(requestId: string): string {
  return `studio-resources:create-failed:${requestId}`;
}

/**
 * The physical id of a Create that failed when it was not certain whether anything had been made: the call ended in a
 * network error, or had not ended when time ran out. Delete looks for what may be there.
 */
export function perhapsMade(requestId: string): string {
  return `studio-resources:create-unsettled:${requestId}`;
}

export function saysNothingMade(id: string): boolean {
  return id.startsWith('studio-resources:create-failed:');
}

/** Is this the id of something that the resource made? Not so are the runtime's own ids and CloudFormation's. */
export function isOwnId(id: string, ownsId?: (id: string) => boolean): boolean {
  return !id.startsWith('studio-resources:create-') && (ownsId?.(id) ?? true);
}

/** What is wrong with an id by CloudFormation's rules, if anything. */
export function problemWithId(id: unknown): string | undefined {
  if (typeof id !== 'string' || id === '') return 'it is empty';
  return Buffer.byteLength(id) > 1024 ? 'it is longer than 1024 bytes' : undefined;
}
