import { readSource } from '../../packages/local/src/cloudformation/template/source.ts';
import type { Source } from './sources.ts';

/** The blocks of YAML in Markdown pages that CloudFormation could not read, as parts of templates. */
export function checkDocumentedYaml(sources: readonly Source[]): string[] {
  return sources
    .filter(({ path }) => path.endsWith('.md'))
    .flatMap(({ path, text }) =>
      [...text.matchAll(/^```yaml\n(.*?)^```/gms)].flatMap(({ index, 1: block = '' }) => {
        try {
          readSource(block);
          return [];
        } catch (error) {
          const line = text.slice(0, index).split('\n').length;
          return [`${path}:${line}: template: the YAML here: ${(error as Error).message}`];
        }
      }),
    );
}
