import type { Finding } from './finding.ts';

/** A question that was not answered. The message begins with the action that it needs: `lambda:GetAlias`. */
export class UnansweredError extends Error {
  override name = 'UnansweredError';
  readonly finding: Finding;

  constructor(action: string, cause: Error) {
    const isDenied = /AccessDenied|Unauthorized|Forbidden/.test(cause.name) || statusOf(cause) === 403;
    super(`${action}: ${isDenied ? 'denied' : `${cause.name}: ${cause.message}`}`, { cause });
    this.finding = {
      verdict: 'could not tell',
      what: this.message,
      cure: isDenied ? `Allow the caller ${action}, or run this as someone who may` : 'Run the same command again',
    };
  }
}

/**
 * What a call answers.
 *
 * @param missing the codes of errors that are an answer, too: undefined
 * @throws UnansweredError where it fails otherwise; it names the action, as IAM spells it
 */
export async function ask<T>(action: string, call: Promise<T>, missing?: RegExp): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (missing?.test(`${error.name}: ${error.message}`)) return undefined;
    throw new UnansweredError(action, error);
  }
}

/** What is found about each of them. A question that is not answered for several is one finding. */
export async function findEach<T>(all: readonly T[], find: (one: T) => Promise<Finding[]>): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const one of all) {
    try {
      findings.push(...(await find(one)));
    } catch (error) {
      if (!(error instanceof UnansweredError)) throw error;
      if (!findings.some(({ what }) => what === error.finding.what)) findings.push(error.finding);
    }
  }
  return findings;
}

function statusOf(error: Error): number | undefined {
  return (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
}
