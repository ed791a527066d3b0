import type { TemplateFile } from './files.ts';

/** What a template says of itself under `StudioResources` in its Metadata. */
export interface StudioResources {
  /** What one needs it for: `A Studio domain for a team`. */
  Need?: string;
  /** What it takes besides its parameters and what it imports. */
  Takes?: string;
}

export function studioResources({ template }: TemplateFile): StudioResources {
  const { StudioResources = {} } = (template.metadata ?? {}) as { StudioResources?: StudioResources };
  return StudioResources;
}
