import type { StudioLifecycleConfigAppType } from '@aws-sdk/client-sagemaker';
import type { HeldSettings, SettingsMember } from '../settings/settings-target.ts';

/**
 * How a lifecycle configuration is attached: for users to choose, as the default that runs where they choose none, or
 * to run before the default.
 */
export const attachedAs = ['Listed', 'Default', 'BuiltIn'] as const;
export type AttachedAs = (typeof attachedAs)[number];

/** The settings of an app, as far as they are about lifecycle configurations. */
interface AppSettings {
  LifecycleConfigArns?: readonly string[];
  DefaultResourceSpec?: { LifecycleConfigArn?: string; InstanceType?: string };
  BuiltInLifecycleConfigArn?: string;
}

/** The place of a lifecycle configuration for apps of a type: one of the settings that a holder has. */
export interface SettingsPlace {
  member: SettingsMember;
  appType: StudioLifecycleConfigAppType;
  as: AttachedAs;
}

/** In how many ways one for such apps can be attached there, the usual one first; in none where there is no place. */
export function possibleAt(
  member: SettingsMember,
  appType: StudioLifecycleConfigAppType,
): readonly [AttachedAs, ...AttachedAs[]] | [] {
  if (isClassic(appType)) return ['Listed', 'Default'];
  // A space takes its list from its owner or its domain.
  if (member === 'SpaceSettings') return ['Default'];
  if (member === 'DefaultSpaceSettings' && appType === 'CodeEditor') return [];
  return ['Listed', 'Default', 'BuiltIn'];
}

/**
 * Settings with the ARN at its place, beside what others have put there.
 *
 * Throws when there is room for one only, and another one has it.
 */
export function withAttached(
  settings: HeldSettings,
  { member, appType, as }: SettingsPlace,
  arn: string,
): HeldSettings {
  const name = `${appType}AppSettings`;
  const held = (settings[member] ?? {}) as Record<string, AppSettings | undefined>;
  const app = held[name] ?? {};
  const { LifecycleConfigArns = [], DefaultResourceSpec, BuiltInLifecycleConfigArn } = app;
  const canBeListed = possibleAt(member, appType)[0] === 'Listed';
  let next: AppSettings;
  if (as === 'BuiltIn') {
    mustBeFree(BuiltInLifecycleConfigArn, arn, 'the built-in one', canBeListed);
    next = { ...app, BuiltInLifecycleConfigArn: arn };
  } else {
    if (as === 'Default') mustBeFree(DefaultResourceSpec?.LifecycleConfigArn, arn, 'the default', canBeListed);
    const listed = LifecycleConfigArns.includes(arn) ? LifecycleConfigArns : [...LifecycleConfigArns, arn];
    const hasList = member !== 'SpaceSettings' || isClassic(appType);
    next = {
      ...app,
      // A default that is not in the list as well lets no app start.
      ...(hasList && { LifecycleConfigArns: listed }),
      ...(as === 'Default' && { DefaultResourceSpec: { ...DefaultResourceSpec, LifecycleConfigArn: arn } }),
      // Studio Classic takes no list without it.
      ...(as === 'Listed' &&
        isClassic(appType) && { DefaultResourceSpec: DefaultResourceSpec ?? { InstanceType: 'system' } }),
    };
  }
  return { ...settings, [member]: { ...held, [name]: next } };
}

/** Are these settings, at any depth, about one of these ARNs? */
export function names(settings: unknown, arns: readonly string[]): boolean {
  if (typeof settings === 'string') return arns.includes(settings);
  return typeof settings === 'object' && settings !== null && Object.values(settings).some((each) => names(each, arns));
}

/** Settings in which another ARN has the place of each of these; without another one, nothing has. */
export function withReplaced<T>(settings: T, arns: readonly string[], by?: string): T {
  if (!names(settings, arns)) return settings;
  if (Array.isArray(settings)) {
    const items = settings.flatMap((each) => (names(each, arns) ? (by ?? []) : each));
    return [...new Set(items)] as T;
  }
  const members = Object.entries(settings as object).map(([name, value]) =>
    typeof value === 'string' && arns.includes(value) ? [name, by] : [name, withReplaced(value, arns, by)],
  );
  return Object.fromEntries(members.filter(([, value]) => value !== undefined)) as T;
}

function mustBeFree(held: string | undefined, arn: string, what: string, canBeListed: boolean): void {
  if (held === undefined || held === 'None' || held === arn) return;
  const or = canBeListed ? ', or attach this one as Listed' : '';
  throw new Error(`${held} is ${what} there, and there is room for one. Detach it first${or}`);
}

/** The apps of Studio Classic. */
function isClassic(appType: StudioLifecycleConfigAppType): boolean {
  return appType === 'JupyterServer' || appType === 'KernelGateway';
}
