import { callerOf } from './caller.ts';
import type { Request } from './cloud-events.ts';
import { type Credential, findCredential } from './credential.ts';
import { AwsError } from './errors.ts';
import { ConnectionFault } from './faults/connection-fault.ts';
import { isResponse, takeResponse } from './faults/response.ts';
import { bytesOf, type HttpRequest, type HttpResponse } from './protocols/adapter.ts';
import { internalFailure, statusOf } from './protocols/errors.ts';
import { adapters } from './protocols/index.ts';
import { type Model, modelOf } from './protocols/model.ts';
import { requestId } from './request-id.ts';
import type { Cloud, Service } from './service.ts';

/**
 * Answers one HTTP request as AWS would: the signature's scope names the service, the Region and the caller. Throws a
 * `ConnectionFault` where the client is to get no answer.
 */
export async function handle(cloud: Cloud, request: HttpRequest): Promise<HttpResponse> {
  const id = requestId(cloud.store);
  const credential = findCredential(request);
  const service = findService(cloud, request, credential);
  if (!service) return unknownService(credential, id);
  const model = modelOf(service);
  const adapter = adapters[model.protocol];
  try {
    const { operation, ...call } = parseCall(cloud, service, model, request, credential);
    const perform = async (one: Request) => adapter.write(model, operation, await cloud.call(one), id);
    const asked = { ...call, operation: operation.name, requestId: id };
    return isResponse(asked)
      ? await takeResponse(cloud, asked, perform)
      : await perform({ ...asked, fromClient: true });
  } catch (cause) {
    if (cause instanceof ConnectionFault) throw cause;
    const what = `${request.method} ${request.url.split('?')[0]}`;
    const error = cause instanceof AwsError ? cause : internalFailure(model, what, cause);
    return adapter.writeError(model, error, id, request);
  }
}

/** Who calls which operation with what. A request that gets no further is an exchange too. */
function parseCall(cloud: Cloud, service: Service, model: Model, request: HttpRequest, credential?: Credential) {
  try {
    // Nothing that the local cloud holds is public.
    if (!credential) throw new AwsError('AccessDenied', 'Access Denied', { status: 403 });
    const principal = callerOf(cloud, request, credential, model.protocol);
    const { operation, input } = adapters[model.protocol].read(model, request);
    return { service: service.id, operation, input, principal, region: credential.region };
  } catch (error) {
    if (error instanceof AwsError) {
      cloud.events.emit('exchange', {
        time: new Date(cloud.clock.now()).toISOString(),
        account: '',
        region: credential?.region ?? '',
        principal: credential?.accessKeyId ?? 'anonymous',
        service: service.id,
        operation: `${request.method} ${request.url.split('?')[0]}`,
        request: {},
        status: statusOf(model, error),
        error: { code: error.name, message: error.message },
      });
    }
    throw error;
  }
}

/** The service that a request is signed for; without a signature, S3, unless it asks for an operation by name. */
function findService(cloud: Cloud, request: HttpRequest, credential?: Credential): Service | undefined {
  if (!credential && (request.method === 'POST' || request.headers['x-amz-target'])) return undefined;
  const signingName = credential?.service ?? 's3';
  for (const service of cloud.services.values()) {
    if (modelOf(service).signingName === signingName) return service;
  }
  return undefined;
}

/** Answers where no service is known, and so no protocol: in JSON, and in the headers that every SDK looks at. */
function unknownService(credential: Credential | undefined, id: string): HttpResponse {
  const [status, code, message] = credential
    ? ([501, 'NotImplemented', `The local cloud has no service that signs as ${credential.service}`] as const)
    : ([403, 'MissingAuthenticationTokenException', 'Missing Authentication Token'] as const);
  const headers = { 'content-type': 'application/json', 'x-amzn-errortype': code, 'x-amzn-requestid': id };
  return { status, headers, body: bytesOf(JSON.stringify({ __type: code, message })) };
}

/**
 * The caller's own time. Callers are on real time or, in functions, on the cloud's; an SDK that sees another time than
 * its own takes any error for one of its clock, and calls again.
 */
export function dateOf(headers: Record<string, string | string[] | undefined>): { date?: string } {
  const [, ...parts] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(String(headers['x-amz-date'])) ?? [];
  if (parts.length === 0) return {};
  const [year, month, day, hour, minute, second] = parts.map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  return { date: new Date(Date.UTC(year, month - 1, day, hour, minute, second)).toUTCString() };
}
