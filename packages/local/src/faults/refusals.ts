import { AwsError } from '../errors.ts';
import { modelOf } from '../protocols/model.ts';
import type { Service } from '../service.ts';

/** The error with which a service refuses a call that is one too many. */
export function throttled(service: Service): AwsError {
  const { protocol, errors } = modelOf(service);
  switch (protocol) {
    case 'ec2':
      return new AwsError('RequestLimitExceeded', 'Request limit exceeded.', { status: 503 });
    case 'query':
      return new AwsError('Throttling', 'Rate exceeded', { status: 400 });
    case 'rest-xml':
      return new AwsError('SlowDown', 'Please reduce your request rate.', { status: 503 });
    case 'rest-json':
      return errors.has('TooManyRequestsException')
        ? new AwsError('TooManyRequestsException', 'Rate exceeded', { status: 429 })
        : new AwsError('ThrottlingException', 'Rate exceeded', { status: 429 });
    case 'aws-json':
      return new AwsError('ThrottlingException', 'Rate exceeded', { status: 400 });
  }
}

/** What the services whose models have a fault of their own call it. */
const faults = ['InternalServerError', 'InternalServerException', 'InternalServiceError', 'ServiceException'];

/** The error with which a service says that the fault is its own. */
export function internalError(service: Service): AwsError {
  const { protocol, errors } = modelOf(service);
  if (protocol === 'ec2') return new AwsError('InternalError', 'An internal error has occurred', { status: 500 });
  if (protocol === 'rest-xml') {
    return new AwsError('InternalError', 'We encountered an internal error. Please try again.', { status: 500 });
  }
  const code = faults.find((name) => errors.get(name)?.fault === 'server') ?? 'InternalFailure';
  const message = 'The request processing has failed because of an unknown error, exception or failure.';
  return new AwsError(code, message, { status: 500 });
}

/** The error with which a service answers while it cannot work. */
export function unavailable(service: Service): AwsError {
  const { protocol } = modelOf(service);
  if (protocol === 'rest-xml') {
    return new AwsError('ServiceUnavailable', 'Service is unable to handle request.', { status: 503 });
  }
  const code = protocol === 'ec2' ? 'Unavailable' : 'ServiceUnavailable';
  return new AwsError(code, 'The request has failed due to a temporary failure of the server.', { status: 503 });
}
