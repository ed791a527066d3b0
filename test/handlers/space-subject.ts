import type { Subject, World } from '../subject.ts';
import { kinds, statusMeanings } from './kinds.ts';

/** What a space is made in: two domains, each with user profiles ada and bob. */
export interface SpacePlace {
  domainIds: readonly string[];
}

/** The properties of a private space of ada. */
export function spaceProperties(DomainId: string) {
  return {
    DomainId,
    SpaceName: 'notes',
    OwnershipSettings: { OwnerUserProfileName: 'ada' },
    SpaceSharingSettings: { SharingType: 'Private' },
    SpaceSettings: { AppType: 'JupyterLab' },
  };
}

/** A private space, to be held against the contract. */
export function spaceSubject(world: World, place: SpacePlace): Subject {
  const [DomainId, other] = place.domainIds as [string, string];
  const withVolume = (EbsVolumeSizeInGb: unknown) => ({
    SpaceSettings: { AppType: 'JupyterLab', SpaceStorageSettings: { EbsStorageSettings: { EbsVolumeSizeInGb } } },
  });
  const properties = spaceProperties(DomainId);
  return {
    world,
    id: /^d-[a-z0-9]+\/notes$/,
    attributes: ['SpaceName', 'SpaceArn', 'DomainId', 'HomeEfsFileSystemUid', 'Url'],
    properties,
    shown: { ...properties },
    changed: { ...properties, ...withVolume('20'), SpaceDisplayName: 'Notes', Tags: [{ Key: 'team', Value: 'red' }] },
    changedShown: { ...withVolume(20), SpaceDisplayName: 'Notes', Tags: { team: 'red' } },
    replacing: { ...properties, DomainId: other },
    colliding: [{ ...properties, OwnershipSettings: { OwnerUserProfileName: 'bob' } }, 'OwnershipSettings'],
    strings: [{ ...properties, ...withVolume('10'), AdoptExisting: 'False' }, withVolume(10)],
    wrong: [
      [{ ...properties, SpaceNme: 'x' }, 'SpaceNme: unknown property; did you mean SpaceName?'],
      [{ SpaceName: 'notes' }, 'DomainId: required, but missing'],
      [
        { ...properties, ...withVolume('large') },
        'SpaceSettings.SpaceStorageSettings.EbsStorageSettings.EbsVolumeSizeInGb: expected a number, got "large"',
      ],
    ],
    words: kinds.Space.words,
    statuses: statusMeanings(kinds.Space.words),
  };
}
