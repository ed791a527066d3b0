import type { Cloud } from './cloud.ts';
import { findCredential } from './credential.ts';
import { AwsError } from './errors.ts';
import { accountPrincipal, type Principal } from './principal.ts';
import { bytesOf, type HttpRequest, type HttpResponse } from './protocols/adapter.ts';
import { adapters } from './protocols/index.ts';
import { modelOf } from './protocols/model.ts';
import { requestId } from './request-id.ts';
import type { Service } from './service.ts';

/** Answers one HTTP request as AWS would: the signature's scope names the service, the Region and the caller. */
export async function handle(cloud: Cloud, request: HttpRequest): Promise<HttpResponse> {
  const id = requestId(cloud.store);
  const credential = findCredential(request);
  const service = findService(cloud, credential?.service ?? 's3');
  if (!service) return refuse(request, id, credential?.service ?? 's3');
  const model = modelOf(service);
  const adapter = adapters[model.protocol];
  try {
    if (!credential) throw new AwsError('AccessDenied', 'Access Denied', { status: 403 });
    const { operation, input } = adapter.read(model, request);
    const principal = principalFor(credential.accessKeyId);
    const { region } = credential;
    const output = await cloud.call({
      service: service.id,
      operation: operation.name,
      input,
      principal,
      region,
      requestId: id,
    });
    return adapter.write(model, operation, output, id);
  } catch (error) {
    if (error instanceof AwsError) return adapter.writeError(model, error, id, request);
    throw error;
  }
}

function findService(cloud: Cloud, signingName: string): Service | undefined {
  for (const service of cloud.services.values()) {
    if (modelOf(service).signingName === signingName) return service;
  }
  return undefined;
}

function principalFor(accessKeyId: string): Principal {
  return accountPrincipal(/^\d{12}$/.test(accessKeyId) ? accessKeyId : '000000000000');
}

function refuse(_request: HttpRequest, id: string, signingName: string): HttpResponse {
  const body = { __type: 'NotImplemented', message: `The local cloud has no service that signs as ${signingName}` };
  return {
    status: 501,
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amzn-errortype': 'NotImplemented',
      'x-amzn-requestid': id,
    },
    body: bytesOf(JSON.stringify(body)),
  };
}
