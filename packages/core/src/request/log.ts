import { Logger } from '@aws-lambda-powertools/logger';
import type { Log } from '../resource.ts';
import type { Redactor } from './redact.ts';
import type { RequestIdentity } from './request.ts';

/** The log of one request: JSON lines with its stack, logical id and request id, without sensitive values. */
export function requestLog(
  { stackId, logicalResourceId, requestId }: RequestIdentity,
  redact: Redactor,
  sensitive: readonly string[] = [],
): Log {
  const logger = new Logger({
    serviceName: process.env.POWERTOOLS_SERVICE_NAME ?? 'studio-resources',
    persistentKeys: { stackId, logicalResourceId, requestId },
    jsonReplacerFn: (key, value) => {
      if (sensitive.includes(key)) return '[redacted]';
      if (typeof value === 'string') return redact.text(value);
      if (value instanceof Map || value instanceof Set) return [...value];
      if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof Error) return value;
      return Object.fromEntries(Object.entries(value).map(([name, one]) => [redact.text(name), one]));
    },
  });
  return {
    debug: (message, fields = {}) => logger.debug(message, fields),
    info: (message, fields = {}) => logger.info(message, fields),
    warn: (message, fields = {}) => logger.warn(message, fields),
    error: (message, fields = {}) => logger.error(message, fields),
  };
}
