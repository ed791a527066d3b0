import type { DomainRecord, UserProfileRecord } from '../../../packages/local/src/services/sagemaker/records.ts';
import { account, region } from '../cloud.ts';
import type { Finding, Scene } from '../invariants.ts';
import { stacksIn } from '../play.ts';
import { answerOf, keyOf } from './answers.ts';
import { registersIn } from './projects.ts';

/** What each stack holds exists and is in service; and what exists is held by a stack. */
export function ownership(scene: Scene): Finding[] {
  const existing = existingIn(scene);
  const held = heldIn(scene);
  const failures = scene.seen.faults.has('resource failed');
  const findings: Finding[] = [];
  for (const { id, where, complete } of held) {
    const status = existing.get(id);
    if (complete && status === undefined) {
      findings.push({ rule: 'a stack holds what does not exist', detail: `${where} is ${id}` });
    } else if (complete && status !== 'InService' && !failures) {
      findings.push({ rule: 'a stack holds what is not in service', detail: `${where} is ${id}, which is ${status}` });
    }
  }
  // CloudFormation still has to delete what it knows of by other ids.
  if (stacksIn(scene.world).some(({ status }) => status === 'UPDATE_ROLLBACK_FAILED')) return findings;
  const ids = new Set(held.map(({ id }) => id));
  for (const [id, status] of existing) {
    if (ids.has(id) || isKnownToBeLeft(id, scene)) continue;
    findings.push({ rule: 'something exists that no stack holds', detail: `${id} is ${status}` });
  }
  return findings;
}

/** Domains, profiles and Projects by their physical ids, with their statuses. */
function existingIn({ world }: Scene): Map<string, string> {
  const tableOf = <T>(name: string) => [...world.store.table<T>('sagemaker', { account, region }, name).values()];
  const domains = tableOf<DomainRecord>('domain').map(({ shown }) => [shown.DomainId, shown.Status!] as const);
  const profiles = tableOf<UserProfileRecord>('user-profile').map(
    ({ shown }) => [`${shown.DomainId}/${shown.UserProfileName}`, shown.Status!] as const,
  );
  const registers = registersIn(world).map((id) => [id, 'InService'] as const);
  return new Map([...domains, ...profiles, ...registers]);
}

function heldIn({ world }: Scene): { id: string; where: string; complete: boolean }[] {
  return stacksIn(world).flatMap(({ name, resources }) =>
    Object.values(resources)
      .filter(
        ({ type, physicalId, status }) => type.startsWith('Custom::') && physicalId && status !== 'DELETE_COMPLETE',
      )
      .map(({ logicalId, physicalId, status }) => ({
        id: physicalId!,
        where: `${name}'s ${logicalId} (${status})`,
        complete: /^(CREATE|UPDATE)_COMPLETE$/.test(status),
      })),
  );
}

/** CloudFormation was told that it could not be deleted, perhaps under an id that it had invented, and gave it up. */
function isKnownToBeLeft(id: string, { seen }: Scene): boolean {
  return seen.requests.some((request) => {
    if (request.RequestType !== 'Delete') return false;
    const first = seen.answers.find(({ key }) => key === keyOf(request));
    const { Status, Reason = '' } = (first && answerOf(first)) ?? {};
    return Status === 'FAILED' && (request.PhysicalResourceId === id || String(Reason).includes(id));
  });
}
