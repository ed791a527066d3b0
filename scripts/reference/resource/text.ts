import { join } from 'node:path';
import { root } from '../../handlers.ts';

/** What the page of a resource says that its definition does not tell, in Markdown; links start from `docs/resources`. */
export interface ResourceText {
  /** What it is for, and when AWS's own type is enough. */
  use: string;
  /** AWS's own type that it is compared with. */
  native?: string;
  /** The whole templates of its examples, from the repository's root. Tests deploy both. */
  minimal: string;
  full: string;
  /** What `!Ref` returns. */
  ref: string;
  /** What each attribute says. */
  attributes: Readonly<Record<string, string>>;
  /** What a deletion deletes, what a rename does, what adoption means, and what the resource reaches. */
  holding: string;
  /** What the event shows, what to do, and a test that makes it happen. */
  errors: readonly { shows: string; cure: string; test: string }[];
  /** How it replaces AWS's own type, and how a stack returns to that. */
  moving: string;
  /** What properties mean that derive from the API, or what their comments do not say. */
  words?: Readonly<Record<string, string>>;
  /** What properties accept by rules that their types do not tell, by their paths. */
  allowed?: Readonly<Record<string, string>>;
}

/**
 * What `scripts/reference/resources/<name>.ts` exports as `text`.
 *
 * @throws Error if there is no such file
 */
export async function textOf(name: string): Promise<ResourceText> {
  try {
    const loaded = (await import(join(root, 'scripts/reference/resources', `${name}.ts`))) as { text: ResourceText };
    return loaded.text;
  } catch (cause) {
    const path = `scripts/reference/resources/${name}.ts`;
    throw new Error(`Describing ${name}: ${path} has to export its text`, { cause });
  }
}
