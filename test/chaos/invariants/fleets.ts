import type { Tag } from '@aws-sdk/client-sagemaker';
import type { ResourceRecord } from '../../../packages/local/src/cloudformation/stack.ts';
import { type Existing, existingIn } from '../existing.ts';
import { membersIn } from '../fleets.ts';
import { stacksIn } from '../play.ts';
import type { Finding, Scene } from '../scene.ts';
import { account, region } from '../world.ts';
import { spelled } from './fidelity.ts';

/** The profiles of a stack's fleet are exactly its members, except for those that it reports as failed. */
export function fleets(scene: Scene): Finding[] {
  const existing = [...existingIn(scene.world.store).values()];
  return stacksIn(scene.world).flatMap(({ name, resources }) =>
    Object.values(resources)
      .filter(
        ({ type, status }) => type.endsWith('::StudioUserProfileFleet') && /^(CREATE|UPDATE)_COMPLETE/.test(status),
      )
      .flatMap((fleet) => {
        const profiles = existing.filter(({ holder }) => holder === fleet.physicalId);
        return problemsOf(fleet, profiles, scene).map(([rule, what]) => ({
          rule,
          detail: `${name}'s ${fleet.logicalId} is ${fleet.physicalId}: ${what}`,
        }));
      }),
  );
}

function problemsOf({ properties, attributes }: ResourceRecord, profiles: Existing[], { seen, world, history }: Scene) {
  const { FailedCount, Failed } = attributes;
  const isKnown = (id: string) => String(Failed).includes(id.split('/')[1]!);
  const members = membersIn(properties)!;
  const problems: [rule: string, what: string][] = [];
  if (FailedCount !== '0' && !seen.hasFatalFault) {
    problems.push(['a member of a fleet failed though it could be done', String(Failed)]);
  }
  const byId = new Map(profiles.map((profile) => [profile.id, profile]));
  const tags = world.store.table<Tag[]>('sagemaker', { account, region }, 'tags');
  // A call whose caller has stopped waiting may be carried out after a newer one.
  const isLate = history.faults.some(({ on, fault }) => on === 'call' && fault === 'slow');
  for (const [id, { Tags }] of members) {
    const profile = byId.get(id);
    if (isKnown(id)) continue;
    if (profile?.status !== 'InService') problems.push(['a fleet lacks a member', `${id} is ${profile?.status}`]);
    else if (!isLate) {
      const [wanted, has] = [spelled(Tags), spelled(tags.get(profile.arn.toLowerCase()))];
      if (has !== wanted) problems.push(['a stack holds what is not as it asked', `${id} has ${has}, not ${wanted}`]);
    }
  }
  for (const { id, status } of profiles) {
    if (!members.has(id) && !isKnown(id)) problems.push(['a fleet has more than its members', `${id} is ${status}`]);
  }
  return problems;
}
