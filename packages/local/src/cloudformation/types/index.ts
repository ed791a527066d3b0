import type { ResourceType } from '../resources/resource-type.ts';
export const nativeTypes: ReadonlyMap<string, ResourceType> = new Map();
