import { AwsError } from '../errors.ts';
import { type Model, type OperationModel, requiredMembers } from './model.ts';

/** What of a request decides which operation it asks for. */
export interface Target {
  method: string;
  /** Still percent-encoded, since an encoded slash does not end a label. */
  path: string;
  query: URLSearchParams;
  headers: Record<string, string>;
}

export interface Route {
  operation: OperationModel;
  /** The labels of the path, decoded. */
  labels: Record<string, string>;
}

/**
 * Finds the operation that a REST request asks for: of those whose method and path fit, whose fixed query parameters
 * are there, and whose required parameters and headers are there, the one that asks for most.
 */
export function findRoute(model: Model, target: Target, among = (_: OperationModel) => true): Route | undefined {
  let best: Route | undefined;
  let bestScore = -1;
  for (const operation of model.operations.values()) {
    if (operation.http?.[0] !== target.method || !among(operation)) continue;
    const [path, fixed] = operation.http[1].split('?') as [string, string | undefined];
    const labels = matchPath(path, target.path);
    if (!labels) continue;
    const score = scoreOf(operation, new URLSearchParams(fixed), target, path);
    if (score > bestScore) {
      best = { operation, labels };
      bestScore = score;
    }
  }
  return best;
}

/** How much a request agrees with an operation; -1 where something that the operation needs is absent. */
function scoreOf(operation: OperationModel, fixed: URLSearchParams, target: Target, path: string): number {
  // A path with fewer labels says more; parameters and headers decide only between equal paths.
  let score = 1000 - 100 * (path.match(/\{/g)?.length ?? 0);
  for (const [name, value] of fixed) {
    const given = target.query.get(name);
    if (name === 'x-id') {
      // Names the operation, but only some SDKs send it.
      if (given === value) score += 50;
    } else if (given === null || (value !== '' && given !== value)) return -1;
    else score += 2;
  }
  for (const member of requiredMembers(operation.input)) {
    const { httpHeader, httpQuery } = operation.input.getMemberSchema(member).getMergedTraits();
    if (httpHeader && target.headers[httpHeader.toLowerCase()] === undefined) return -1;
    if (httpQuery && !target.query.has(httpQuery)) return -1;
    if (httpHeader || httpQuery) score += 2;
  }
  return score;
}

function matchPath(template: string, path: string): Record<string, string> | undefined {
  const names: string[] = [];
  const pattern = template.replace(/\/$/, '').replace(/[.*$()[\]\\^|]|\{(\w+)(\+?)\}/g, (text, name, greedy) => {
    if (!name) return `\\${text}`;
    names.push(name);
    return greedy ? '(.+)' : '([^/]+)';
  });
  const match = new RegExp(`^${pattern}${template.endsWith('+}') ? '' : '/?'}$`).exec(path);
  if (!match) return undefined;
  return Object.fromEntries(names.map((name, i) => [name, decode(match[i + 1]!)]));
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (cause) {
    throw new AwsError('InvalidURI', `Could not parse the specified URI: ${(cause as Error).message}`);
  }
}
