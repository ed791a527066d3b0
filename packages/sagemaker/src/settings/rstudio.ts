/**
 * The settings without an RStudio `UserGroup` that does not go with `AccessStatus: ENABLED`: SageMaker refuses those
 * (terraform-provider-aws 33034).
 */
export function withoutIdleUserGroup<T extends object>(settings: T): T {
  const members = Object.entries(settings).flatMap(([name, value]) => {
    if (!isStructure(value)) return [[name, value] as const];
    const inner = name === 'RStudioServerProAppSettings' ? accessSettings(value) : withoutIdleUserGroup(value);
    const isEmptied = Object.keys(inner).length === 0 && Object.keys(value).length > 0;
    return isEmptied ? [] : [[name, inner] as const];
  });
  return Object.fromEntries(members) as T;
}

function accessSettings({ UserGroup, ...others }: Record<string, unknown>): object {
  return others.AccessStatus === 'ENABLED' && UserGroup !== undefined ? { ...others, UserGroup } : others;
}

function isStructure(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
