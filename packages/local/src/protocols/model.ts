import { NormalizedSchema } from '@smithy/core/schema';
import type { StaticErrorSchema, StaticOperationSchema } from '@smithy/types';
import type { Service } from '../service.ts';

export type Protocol = 'aws-json' | 'rest-json' | 'query' | 'ec2' | 'rest-xml';

export interface OperationModel {
  name: string;
  input: NormalizedSchema;
  output: NormalizedSchema;
  /** Method, URI template and status of success, for the REST protocols. */
  http?: readonly [method: string, uri: string, status: number];
}

export interface ErrorModel {
  /** The code on the wire, which for query services is not the shape's name: `NoSuchEntity`. */
  code: string;
  status: number;
  /** Whose fault it is. */
  fault: 'client' | 'server';
  schema: NormalizedSchema;
}

/** What an SDK client's module says of the service's wire protocol. */
export interface Model {
  /** The SDK's id of the service: `cloudwatch-logs`. */
  id: string;
  protocol: Protocol;
  /** `application/x-amz-json-1.1` and the like, for AWS JSON. */
  contentType: string;
  /** The service's name in a signature's scope: `elasticfilesystem`. */
  signingName: string;
  /** The Smithy namespace of its shapes: `com.amazonaws.efs`. */
  namespace: string;
  xmlNamespace: string;
  operations: ReadonlyMap<string, OperationModel>;
  /** Errors by their code on the wire and by their shape's name. */
  errors: ReadonlyMap<string, ErrorModel>;
  /** How this service spells an error's text: `message` or `Message`. */
  messageMember: string;
}

interface ClientConfig {
  protocol: { getShapeId(): string };
  protocolSettings: { defaultNamespace: string; xmlNamespace?: string };
  defaultSigningName: string;
}

interface ErrorTraits {
  error?: 'client' | 'server';
  httpError?: number;
  awsQueryError?: [code: string, status: number];
}

type ClientClass = new (options: object) => { config: ClientConfig };

const protocols: Record<string, { protocol: Protocol; contentType: string }> = {
  'aws.protocols#awsJson1_0': { protocol: 'aws-json', contentType: 'application/x-amz-json-1.0' },
  'aws.protocols#awsJson1_1': { protocol: 'aws-json', contentType: 'application/x-amz-json-1.1' },
  'aws.protocols#restJson1': { protocol: 'rest-json', contentType: 'application/json' },
  'aws.protocols#awsQuery': { protocol: 'query', contentType: 'text/xml' },
  'aws.protocols#ec2Query': { protocol: 'ec2', contentType: 'text/xml;charset=UTF-8' },
  'aws.protocols#restXml': { protocol: 'rest-xml', contentType: 'application/xml' },
};

const models = new WeakMap<object, Model>();

/** Reads a service's model from its SDK client's module: its schemas, and the configuration of its client. */
export function modelOf(service: Pick<Service, 'id' | 'module'>): Model {
  const known = models.get(service.module);
  if (known) return known;
  const config = clientConfig(service);
  const shape = config.protocol.getShapeId();
  const protocol = protocols[shape];
  if (!protocol) throw new Error(`Reading the model of ${service.id}: no adapter speaks ${shape}`);
  const operations = new Map<string, OperationModel>();
  const errors = new Map<string, ErrorModel>();
  for (const schema of Object.values(service.module)) {
    if (isOperation(schema)) operations.set(schema[2], readOperation(schema));
    if (isError(schema)) {
      const error = readError(schema, protocol.protocol);
      errors.set(error.code, error).set(schema[2], error);
    }
  }
  const model: Model = {
    id: service.id,
    ...protocol,
    signingName: config.defaultSigningName,
    namespace: config.protocolSettings.defaultNamespace,
    xmlNamespace: config.protocolSettings.xmlNamespace ?? '',
    operations,
    errors,
    messageMember: messageMemberName(errors.values()),
  };
  models.set(service.module, model);
  return model;
}

function clientConfig(service: Pick<Service, 'id' | 'module'>): ClientConfig {
  const name = Object.keys(service.module).find((key) => /^[A-Z]\w*Client$/.test(key));
  if (!name) throw new Error(`Reading the model of ${service.id}: its module exports no client`);
  const Client = (service.module as Record<string, ClientClass>)[name]!;
  return new Client({ region: 'us-east-1', credentials: { accessKeyId: '-', secretAccessKey: '-' } }).config;
}

function isOperation(value: unknown): value is StaticOperationSchema {
  return Array.isArray(value) && value[0] === 9;
}

function isError(value: unknown): value is StaticErrorSchema {
  return Array.isArray(value) && value[0] === -3;
}

function readOperation([, , name, traits, input, output]: StaticOperationSchema): OperationModel {
  const http = typeof traits === 'object' ? traits.http : undefined;
  return { name, input: NormalizedSchema.of(input), output: NormalizedSchema.of(output), http };
}

function readError(schema: StaticErrorSchema, protocol: Protocol): ErrorModel {
  const ns = NormalizedSchema.of(schema);
  const traits = ns.getMergedTraits() as ErrorTraits;
  const fault = traits.error ?? 'client';
  const status = traits.httpError ?? traits.awsQueryError?.[1] ?? (fault === 'server' ? 500 : 400);
  // Some services of other protocols still have the trait, of times when they spoke that one.
  const isQuery = protocol === 'query' || protocol === 'ec2';
  return { code: (isQuery && traits.awsQueryError?.[0]) || schema[2], status, fault, schema: ns };
}

function messageMemberName(errors: Iterable<ErrorModel>): string {
  const counts = { message: 0, Message: 0 };
  for (const { schema } of errors) {
    for (const [member] of schema.structIterator()) {
      if (member === 'message' || member === 'Message') counts[member] += 1;
    }
  }
  return counts.Message > counts.message ? 'Message' : 'message';
}

/** The names of a structure's members that must be present. */
export function requiredMembers(schema: NormalizedSchema): string[] {
  const struct = schema.getSchema();
  // The SDK's schemas list required members first, and say how many they are.
  if (!Array.isArray(struct) || struct[0] !== 3) return [];
  return struct[4].slice(0, struct[6] ?? 0);
}
