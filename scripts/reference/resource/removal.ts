import type { NormalizedSchema } from '@smithy/core/schema';
import { domainDefaults } from '../../../packages/sagemaker/src/domain/domain.ts';
import { appImageConfigDefaults } from '../../../packages/sagemaker/src/image/app-image-config.ts';
import { offValueOf } from '../../../packages/sagemaker/src/settings/not-cleared.ts';
import { diffSettings, type Shape } from '../../../packages/sagemaker/src/settings/settings-change.ts';
import { userProfileDefaults } from '../../../packages/sagemaker/src/user-profile/user-profile.ts';
import { code } from './table.ts';

type Defaults = Record<string, unknown>;

/** The resources whose settings the API merges into those that are there, with the values it documents for left out ones. */
const merged: Readonly<Record<string, Defaults>> = {
  'Custom::StudioDomain': domainDefaults,
  'Custom::StudioUserProfile': userProfileDefaults,
  'Custom::StudioUserProfileFleet': userProfileDefaults,
  'Custom::StudioSpace': {},
  'Custom::StudioImage': appImageConfigDefaults,
};

/** Of those, inputs whose members the API clears otherwise: UpdateImage by its DeleteProperties. */
const cleared = ['CreateImageRequest'];

/** Members of structures whose change replaces a resource, by its type: what its definition decides by more than a name. */
const replacing: Readonly<Record<string, readonly string[]>> = {
  // UpdateSpace takes no AppType.
  'Custom::StudioSpace': ['SpaceSettings.AppType'],
};

/** Whether the API merges the settings of a resource, so that some cannot be removed. */
export function hasRemovals({ type }: { type: string }): boolean {
  return merged[type] !== undefined;
}

/** What a change of a structure's member does, and its removal, in Markdown; '' if it changes in place and can be removed. */
export function changeOf(type: string, structure: NormalizedSchema, member: string, inner: NormalizedSchema): string {
  if (replacing[type]?.includes(`${structure.getName(false)}.${member}`)) return '; replaces';
  const defaults = merged[type];
  if (!defaults || cleared.includes(structure.getName(false) ?? '') || inner.isStructSchema()) return '';
  const before = { [member]: inner.isListSchema() ? ['x'] : 'x' };
  const { notCleared } = diffSettings(structure as unknown as Shape, {}, before, { defaults });
  if (notCleared.length === 0) {
    return member in defaults ? `; without it, ${code(JSON.stringify(defaults[member]))}` : '';
  }
  const off = offValueOf(member);
  return `; cannot be removed${off === undefined ? '' : `, set ${code(off)} first`}`;
}
