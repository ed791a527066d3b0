/** A service's refusal, as the SDK throws it. */
export function serviceError(name: string, message = 'no'): Error {
  return Object.assign(new Error(message), { name });
}

/** A connection that broke off, so that the outcome of the call is unknown. */
export function connectionReset(): Error {
  return Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
}
