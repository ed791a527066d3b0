import { sleep } from '../clock.ts';
import { denial } from '../iam/denial.ts';
import type { Call, Service } from '../service.ts';
import { ConnectionFault } from './connection-fault.ts';
import { internalError, throttled, unavailable } from './refusals.ts';
import type { Place } from './rule.ts';

const failures = {
  throttle: throttled,
  'internal-error': internalError,
  unavailable,
  reset: () => new ConnectionFault('ECONNRESET'),
  'access-denied': (service: Service, { principal, operation }: Call) => {
    const right = { action: `${service.iamPrefix}:${operation}`, resource: '*', context: {} };
    return denial(service, principal, right, { explicit: false, by: 'identity-based policy' });
  },
} as const;

const failing = Object.keys(failures) as (keyof typeof failures)[];

/** Carries out a client's call with the faults that are injected into it. Throws an `AwsError` or a `ConnectionFault`. */
export async function callWithFaults<Result>(
  service: Service,
  call: Call,
  run: () => Promise<Result>,
): Promise<Result> {
  const { faults, clock } = call.cloud;
  const where = placeOf(call);
  const slow = faults.inject('call', ['slow'], where);
  const failure = faults.inject('call', failing, where);
  if (slow) await sleep(clock, slow.ms);
  if (!failure) return run();
  if ('carriedOut' in failure && failure.carriedOut) await run();
  throw failures[failure.fault](service, call);
}

function placeOf({ account, service, operation, principal }: Call): Place {
  // Lambda names a role's session after the function.
  return { account, service, operation, ...(principal.kind === 'role' && { function: principal.sessionName }) };
}
