import type { FunctionEventInvokeConfig } from '@aws-sdk/client-lambda';
import type { Call } from '../../service.ts';
import { invalidParameter, notFound } from './errors.ts';
import { arnOf, parseReference, type Reference } from './names.ts';
import {
  type EventInvokeSettings,
  type FunctionRecord,
  functionsOf,
  getFunction,
  getVersion,
  type Operations,
  page,
} from './records.ts';

interface Request {
  FunctionName?: string;
  Qualifier?: string;
  MaximumRetryAttempts?: number;
  MaximumEventAgeInSeconds?: number;
  DestinationConfig?: EventInvokeSettings['destinations'];
}

export const eventInvokeConfigOperations: Operations = {
  PutFunctionEventInvokeConfig(input, call) {
    const { record, reference } = getFunction(call, input.FunctionName, input.Qualifier);
    getVersion(record, reference);
    return save(record, reference, input, { lastModified: 0, destinations: {} }, call);
  },

  UpdateFunctionEventInvokeConfig(input, call) {
    const { record, reference } = getFunction(call, input.FunctionName, input.Qualifier);
    return save(record, reference, input, getSettings(record, reference), call);
  },

  GetFunctionEventInvokeConfig({ FunctionName, Qualifier }, call) {
    const { record, reference } = getFunction(call, FunctionName, Qualifier);
    return shown(getSettings(record, reference), reference);
  },

  DeleteFunctionEventInvokeConfig({ FunctionName, Qualifier }, call) {
    const { record, reference } = getFunction(call, FunctionName, Qualifier);
    getSettings(record, reference);
    delete record.eventInvoke[keyOf(reference)];
    return {};
  },

  ListFunctionEventInvokeConfigs({ FunctionName, Marker, MaxItems }, call) {
    const { record, reference } = getFunction(call, FunctionName);
    const all = Object.entries(record.eventInvoke).map(([qualifier, one]) => shown(one, { ...reference, qualifier }));
    const { items, token } = page(all, ({ FunctionArn }) => FunctionArn!, Marker, MaxItems);
    return { FunctionEventInvokeConfigs: items, NextMarker: token };
  },
};

/** The settings for events that are sent to that qualifier; Lambda's defaults where there are none. */
export function eventInvokeSettings(record: FunctionRecord, qualifier: string | undefined) {
  const { retries = 2, maximumAge = 21_600, destinations = {} } = record.eventInvoke[qualifier ?? '$LATEST'] ?? {};
  return { retries, maximumAge, destinations };
}

function keyOf({ qualifier }: Reference): string {
  return qualifier ?? '$LATEST';
}

function getSettings(record: FunctionRecord, reference: Reference): EventInvokeSettings {
  const settings = record.eventInvoke[keyOf(reference)];
  if (settings) return settings;
  const arn = arnOf({ ...reference, qualifier: keyOf(reference) });
  throw notFound(`The function ${arn} doesn't have an EventInvokeConfig`);
}

function save(
  record: FunctionRecord,
  reference: Reference,
  request: Request,
  old: EventInvokeSettings,
  call: Call,
): FunctionEventInvokeConfig {
  const { OnSuccess, OnFailure } = request.DestinationConfig ?? {};
  checkDestination(OnSuccess?.Destination, reference, call);
  checkDestination(OnFailure?.Destination, reference, call);
  const settings: EventInvokeSettings = {
    lastModified: call.clock.now(),
    retries: request.MaximumRetryAttempts ?? old.retries,
    maximumAge: request.MaximumEventAgeInSeconds ?? old.maximumAge,
    destinations: request.DestinationConfig ?? old.destinations,
  };
  record.eventInvoke[keyOf(reference)] = settings;
  return shown(settings, reference);
}

function checkDestination(arn: string | undefined, source: Reference, call: Call): void {
  if (!arn) return;
  if (!/^arn:aws[a-zA-Z-]*:lambda:/.test(arn)) {
    throw invalidParameter(`The local cloud sends to Lambda functions only, so the destination cannot be ${arn}.`);
  }
  const destination = parseReference(arn, call);
  if (destination.name === source.name && destination.account === source.account) {
    throw invalidParameter('The function cannot be its own destination.');
  }
  if (!functionsOf(call, destination).has(destination.name)) {
    throw invalidParameter(`The destination ARN ${arn} is invalid.`);
  }
}

function shown(settings: EventInvokeSettings, reference: Reference): FunctionEventInvokeConfig {
  const { OnSuccess = {}, OnFailure = {} } = settings.destinations;
  return {
    LastModified: new Date(settings.lastModified),
    FunctionArn: arnOf({ ...reference, qualifier: keyOf(reference) }),
    MaximumRetryAttempts: settings.retries,
    MaximumEventAgeInSeconds: settings.maximumAge,
    DestinationConfig: { OnSuccess, OnFailure },
  };
}
