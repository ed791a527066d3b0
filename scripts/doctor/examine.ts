import type { Clients } from '../start/clients.ts';
import { UnansweredError } from './ask.ts';
import type { Check } from './check.ts';
import { artifactBucket } from './checks/artifact-bucket.ts';
import { code } from './checks/code.ts';
import { concurrency } from './checks/concurrency.ts';
import { deliveries } from './checks/deliveries.ts';
import { events } from './checks/events.ts';
import { executionRoles } from './checks/execution-roles.ts';
import { logRetention } from './checks/log-retention.ts';
import { serviceTokens } from './checks/service-tokens.ts';
import { stackStatus } from './checks/stack-status.ts';
import { trail } from './checks/trail.ts';
import { waiter } from './checks/waiter.ts';
import { type Finding, mend } from './finding.ts';
import { type Installation, readInstallation } from './installation.ts';

/** What a check has found; nothing, where all is well. */
export interface Examined {
  check: string;
  findings: readonly Finding[];
}

const checks: readonly Check[] = [
  stackStatus,
  artifactBucket,
  code,
  concurrency,
  deliveries,
  events,
  serviceTokens,
  executionRoles,
  logRetention,
  waiter,
  trail,
];

/** Examines an installation. It changes nothing, and a question that is not answered is a finding. */
export async function examine(clients: Clients, where: { region: string; stack: string }): Promise<Examined[]> {
  let found: Finding[] = [];
  let installation: Installation | undefined;
  try {
    installation = await readInstallation(clients, where);
    if (!installation) found = [notInstalled(where)];
    else if (!isProvider(installation)) found = [otherStack(where)];
  } catch (error) {
    found = [unanswered(error)];
  }
  if (!installation || found.length > 0) return [{ check: stackStatus.name, findings: found }];
  const examined: Examined[] = [];
  for (const check of checks) {
    const findings = await check.find(installation).catch((error: unknown) => [unanswered(error)]);
    examined.push({ check: check.name, findings });
  }
  return examined;
}

function isProvider(installation: Installation): boolean {
  return ['ArtifactBucket', 'ArtifactPrefix', 'NamePrefix', 'ExecutionRoleArns'].every(
    (name) => installation.parameter(name) !== '',
  );
}

function notInstalled({ region, stack }: { region: string; stack: string }): Finding {
  const cure = 'Install provider.yaml, as docs/INSTALLING.md says, or give its --stack and --region';
  return mend(`${stack}: there is no such stack in ${region}`, cure);
}

function otherStack({ stack }: { stack: string }): Finding {
  return mend(`${stack}: it is no stack of provider.yaml`, 'Give the name of that stack as --stack');
}

function unanswered(error: unknown): Finding {
  if (error instanceof UnansweredError) return error.finding;
  throw error;
}
