import type { TemplateFile } from './files.ts';

/** A template's Metadata under `StudioResources`. */
export interface StudioResources {
  /** The need that it meets: `A Studio domain for a team`. */
  Need?: string;
  /** What it needs besides its parameters and its imports. */
  Takes?: string;
}

export function studioResources({ template }: TemplateFile): StudioResources {
  const { StudioResources = {} } = (template.metadata ?? {}) as { StudioResources?: StudioResources };
  return StudioResources;
}
