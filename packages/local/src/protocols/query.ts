import { AwsError } from '../errors.ts';
import { type Adapter, bytesOf, type HttpRequest, type HttpResponse, parseUrl, textOf } from './adapter.ts';
import { statusOf } from './errors.ts';
import { type Dialect, readForm } from './form.ts';
import type { Model, OperationModel } from './model.ts';
import { structure, writeXml } from './xml.ts';

/** AWS query: a form in, the operation in `Action`, XML out. */
export const query: Adapter = {
  read: (model, request) => read(model, request, 'query'),

  write(model, operation, output, requestId) {
    const hasResult = !operation.output.isUnitSchema();
    const result = `${operation.name}Result`;
    const schema = structure(`${operation.name}Response`, {
      ...(hasResult && { [result]: operation.output.getSchema() }),
      ResponseMetadata: structure('ResponseMetadata', { RequestId: 0 }),
    });
    const value = { ...(hasResult && { [result]: output }), ResponseMetadata: { RequestId: requestId } };
    return respond(model, 200, requestId, writeXml(schema, value, model.xmlNamespace));
  },

  writeError(model, error, requestId) {
    const known = model.errors.get(error.name);
    const shape = structure('Error', { Type: 0, Code: 0, Message: 0 });
    const Type = known?.fault === 'server' || (error.status ?? 0) >= 500 ? 'Receiver' : 'Sender';
    const value = { Error: { Type, Code: known?.code ?? error.name, Message: error.message }, RequestId: requestId };
    const document = writeXml(structure('ErrorResponse', { Error: shape, RequestId: 0 }), value, model.xmlNamespace);
    return respond(model, statusOf(model, error), requestId, document);
  },
};

/** EC2's dialect: flat lists, capital letters, no envelope around the result, and errors of another form. */
export const ec2: Adapter = {
  read: (model, request) => read(model, request, 'ec2'),

  write(model, operation, output, requestId) {
    const members = operation.output.isUnitSchema() ? [] : [...operation.output.structIterator()];
    const schema = structure(`${operation.name}Response`, { requestId: 0, ...Object.fromEntries(members) });
    return respond(model, 200, requestId, writeXml(schema, { requestId, ...output }, model.xmlNamespace));
  },

  writeError(model, error, requestId) {
    const Errors = structure('Errors', { Error: structure('Error', { Code: 0, Message: 0 }) });
    const Code = model.errors.get(error.name)?.code ?? error.name;
    const value = { Errors: { Error: { Code, Message: error.message } }, RequestID: requestId };
    const document = writeXml(structure('Response', { Errors, RequestID: 0 }), value);
    return respond(model, statusOf(model, error), requestId, document);
  },
};

function read(
  model: Model,
  request: HttpRequest,
  dialect: Dialect,
): { operation: OperationModel; input: Record<string, unknown> } {
  const fields = [...parseUrl(request.url).query, ...new URLSearchParams(textOf(request.body))];
  const action = fields.find(([name]) => name === 'Action')?.[1] ?? '';
  const operation = model.operations.get(action);
  if (!operation) {
    throw new AwsError('InvalidAction', `The action ${action || '(none)'} is not valid for this web service.`);
  }
  const members = fields.filter(([name]) => name !== 'Action' && name !== 'Version' && !name.startsWith('X-Amz-'));
  return { operation, input: readForm(operation.input, members, dialect) as Record<string, unknown> };
}

function respond(model: Model, status: number, requestId: string, document: string): HttpResponse {
  return {
    status,
    headers: { 'content-type': model.contentType, 'x-amzn-requestid': requestId },
    body: bytesOf(document),
  };
}
