import { type FunctionConfiguration, paginateListFunctions } from '@aws-sdk/client-lambda';
import { ask, findEach, UnansweredError } from '../ask.ts';
import type { Check } from '../check.ts';
import { type Finding, mend, warning } from '../finding.ts';
import type { Installation } from '../installation.ts';
import { type ReleasedZip, readRelease } from './release.ts';

/**
 * Each function of the stack, and those that home-seed.yaml and jupyter-setup.yaml install for it, runs the code of the
 * stack's release, and can.
 */
export const code: Check = {
  name: 'code',
  async find(installation) {
    const release = await readRelease(installation.clients.s3, installation.artifacts);
    const from = release.version === undefined ? installation.artifacts.prefix : `release ${release.version}`;
    const start = installation.namePrefix.length + 1;
    const own = await findEach(installation.functions, async ({ physicalId }) => {
      const configuration = await installation.configurationOf(physicalId);
      if (!configuration) {
        const cure = `Delete the stack and create it again, or create the function as its template describes it`;
        return [mend(`${physicalId}: the function does not exist`, cure)];
      }
      return [
        ...stateOf(configuration),
        ...digestOf(configuration, await release.zipOf(physicalId.slice(start)), from, installation),
      ];
    });
    const others = await domainFunctions(installation).catch((error: unknown) => {
      if (!(error instanceof UnansweredError)) throw error;
      return error.finding;
    });
    if (!Array.isArray(others)) return [...own, others];
    const beside = await findEach(others, async ({ FunctionName = '', CodeSha256 }) => {
      const { sha256 } = await release.zipOf(FunctionName.slice(start).replace(/-d-.*$/, ''));
      if (sha256 === undefined || sha256 === CodeSha256) return [];
      const cure = 'Update the stack that has it with the same ArtifactBucket and ArtifactPrefix';
      return [warning(`${FunctionName} runs other code than ${from}, which the provider is of`, cure)];
    });
    return [...own, ...beside];
  },
};

function stateOf({
  FunctionName,
  State,
  StateReason,
  LastUpdateStatus,
  LastUpdateStatusReason,
}: FunctionConfiguration) {
  const findings: Finding[] = [];
  if (State === 'Failed') findings.push(mend(`${FunctionName} does not start: ${StateReason}`, 'Mend what it names'));
  if (LastUpdateStatus === 'Failed') {
    findings.push(
      mend(`${FunctionName}: its update failed: ${LastUpdateStatusReason}`, 'Mend it, and update the stack'),
    );
  }
  return findings;
}

function digestOf(
  { FunctionName, CodeSha256 }: FunctionConfiguration,
  { key, sha256 }: ReleasedZip,
  from: string,
  { artifacts: { bucket } }: Installation,
): Finding[] {
  if (sha256 === undefined) {
    const cure = 'Update the stack with the ArtifactBucket and ArtifactPrefix of a whole release';
    return [mend(`${FunctionName}: ${key} is not in ${bucket}, so it cannot be told whether this is its code`, cure)];
  }
  if (sha256 === CodeSha256) return [];
  const cure = `\`aws lambda update-function-code --function-name ${FunctionName} --s3-bucket ${bucket} --s3-key ${key}\``;
  return [mend(`${FunctionName} runs other code than ${from}`, cure)];
}

/** The functions of other stacks for one domain each. */
async function domainFunctions({ clients, namePrefix }: Installation): Promise<FunctionConfiguration[]> {
  const listed = Array.fromAsync(paginateListFunctions({ client: clients.lambda }, {}));
  const all = (await ask('lambda:ListFunctions', listed))!.flatMap(({ Functions = [] }) => Functions);
  const names = ['home-seed', 'studio-setup'].map((name) => `${namePrefix}-${name}-d-`);
  return all.filter(({ FunctionName = '' }) => names.some((name) => FunctionName.startsWith(name)));
}
