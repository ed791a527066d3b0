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
  mayAdopt: boolean,
  notes: ProgressNotes,
): Plan {
  const failures: Failure[] = roster.invalid.map(({ place, name, reason }) => ({ place, name, reason }));
  const plan: Plan = { steps: [], removals: [], failures, toDiagnose: [], ready: 0, transitioning: 0 };
  for (const member of roster.members) {
    const reason = notes.failureOf(member.key);
    if (reason !== undefined) plan.failures.push({ place: member.place, name: member.name, reason });
    else planMember(member, profiles.get(member.key), { mayAdopt, notes, plan });
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
  { mayAdopt, notes, plan }: { mayAdopt: boolean; notes: ProgressNotes; plan: Plan },
): void {
  const isDone = notes.isDone(member.key);
  if (!profile) {
    if (notes.isNew(member.key)) plan.transitioning += 1;
    else plan.steps.push({ kind: 'create', member });
    return;
  }
  if (!profile.isOurs && !mayAdopt) {
    const reason =
      'its profile exists, and this stack did not create it. Choose another UserProfileName, or set AdoptExisting: true to adopt it';
    plan.failures.push({ place: member.place, name: member.name, reason });
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
