import type { AdoptExisting } from '@studio-resources/sagemaker/ownership';
import type { Member, Roster } from './member.ts';
import { digestKey, type Profile } from './profiles.ts';
import type { Failure } from './report.ts';
import { listedKeys } from './roster.ts';

/** A change to one profile. */
export type Step =
  | { kind: 'create'; member: Member }
  /** The profile was created by this resource, or is to be adopted. */
  | { kind: 'update'; member: Member; profile: Profile }
  /** Its creation failed, so it is deleted and then created again. */
  | { kind: 'recreate'; member: Member; profile: Profile }
  | { kind: 'delete'; profile: Profile };

/** What is stored about the request so far, by key. */
export interface ProgressNotes {
  isDone(key: string): boolean;
  /** Whether its profile was created so recently that lists may not show it. */
  isNew(key: string): boolean;
  /** Whether the update changes its desired properties. */
  isChanged(key: string): boolean;
  failureOf(key: string): string | undefined;
}

/** The differences between the existing profiles and the desired ones. */
export interface Plan {
  steps: Step[];
  /** Profiles of this resource that are no longer desired. They are deleted after all other changes. */
  removals: Profile[];
  failures: Failure[];
  /** Profiles with a failed status whose reason has to be read from SageMaker. */
  toDiagnose: { profile: Profile; member?: Member }[];
  /** Members whose profile is as desired. */
  ready: number;
  /** Profiles that SageMaker is creating, updating or deleting. */
  transitioning: number;
}

export function planFleet(
  roster: Roster,
  profiles: ReadonlyMap<string, Profile>,
  adopt: AdoptExisting,
  notes: ProgressNotes,
): Plan {
  const failures: Failure[] = roster.invalid.map(({ place, name, reason }) => ({ place, name, reason }));
  const plan: Plan = { steps: [], removals: [], failures, toDiagnose: [], ready: 0, transitioning: 0 };
  for (const member of roster.members) {
    const reason = notes.failureOf(member.key);
    if (reason !== undefined) plan.failures.push({ place: member.place, name: member.name, reason });
    else
      planMember(member, profiles.get(member.key), {
        adopt,
        notes,
        plan,
        names: [...profiles.values()].map(({ name }) => name),
      });
  }
  // An invalid line without a name may stand for any profile, so none is removed.
  if (roster.invalid.some(({ name }) => !name)) return plan;
  const listed = listedKeys(roster);
  for (const profile of profiles.values()) {
    if (!profile.isOurs || listed.has(profile.key)) continue;
    const reason = notes.failureOf(profile.key);
    if (reason !== undefined) plan.failures.push({ name: profile.name, reason });
    else if (transitionalStatuses.includes(profile.status)) plan.transitioning += 1;
    else if (profile.status === 'Delete_Failed' && notes.isDone(profile.key)) plan.toDiagnose.push({ profile });
    else plan.removals.push(profile);
  }
  return plan;
}

const transitionalStatuses = ['Pending', 'Updating', 'Deleting'];

function planMember(
  member: Member,
  profile: Profile | undefined,
  { adopt, notes, plan, names }: { adopt: AdoptExisting; notes: ProgressNotes; plan: Plan; names: readonly string[] },
): void {
  const isDone = notes.isDone(member.key);
  const fail = (reason: string) => plan.failures.push({ place: member.place, name: member.name, reason });
  if (!profile) {
    if (notes.isNew(member.key)) plan.transitioning += 1;
    else if (adopt === true && !isDone) fail(missing(names));
    else plan.steps.push({ kind: 'create', member });
    return;
  }
  if (typeof profile.claim === 'object') {
    fail(profile.claim.refused);
    return;
  }
  const isSame = profile.isOurs && profile.tags?.get(digestKey) === member.digest && !notes.isChanged(member.key);
  const { status } = profile;
  if (transitionalStatuses.includes(status)) plan.transitioning += 1;
  else if (status === 'InService' && (isSame || isDone)) plan.ready += 1;
  else if (status === 'InService' || (status === 'Update_Failed' && !isDone)) {
    plan.steps.push({ kind: 'update', member, profile });
  } else if (status === 'Failed' && profile.isOurs && !isDone) plan.steps.push({ kind: 'recreate', member, profile });
  else plan.toDiagnose.push({ profile, member });
}

/** Why AdoptExisting: true adopts nothing. */
function missing(names: readonly string[]): string {
  const some = names.toSorted().slice(0, 5).join(', ');
  const known = names.length === 0 ? 'there is none at all' : `there are ${some}${names.length > 5 ? ', …' : ''}`;
  return `it has no profile to adopt; ${known}. Correct the name, or set AdoptExisting: IfExists to create it`;
}
