/** An error as an SDK client throws it. */
export function awsError(name: string, message: string): Error {
  return Object.assign(new Error(message), { name, $metadata: {}, $fault: 'client' });
}
