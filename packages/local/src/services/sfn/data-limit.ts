/** Bytes of JSON that an execution's input, a state's output and a task's result may have. */
export const maxData = 262_144;

/** The failure of what a state or its task gave, if it is too large to be handed on. */
export function tooLarge(json: string, state: string): { error: string; cause: string } | undefined {
  if (Buffer.byteLength(json) <= maxData) return undefined;
  const cause = `The state/task '${state}' returned a result with a size exceeding the maximum number of bytes service limit.`;
  return { error: 'States.DataLimitExceeded', cause };
}
