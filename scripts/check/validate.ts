import {
  CelEngine,
  TemplateFile as File,
  type StandardDiagnostic,
  type ValidateConfig,
} from '@aws/cloudformation-validate';
import type { Definition } from '../reference/definition.ts';
import type { TemplateFile } from '../templates/files.ts';
import { customResourcesOf } from './custom-resources.ts';
import type { Finding } from './findings.ts';
import { type LocatedJson, locatedJson } from './located-json.ts';
import { registryName, registrySchema } from './registry-schema.ts';
import { copiesForValidator } from './validator-copy.ts';

/** Of unused parameters we know better: a condition that joins a list uses it. */
const config = { severityLevel: 'WARN', exclude: { ids: ['W2001'] } } as const satisfies ValidateConfig;

/** What AWS's validator says of each template: all that is worse than information. */
export function checkByValidator(files: readonly TemplateFile[], definitions: readonly Definition[]): Finding[] {
  const additionalSchemas = definitions.map((each) => ({ schema: JSON.stringify(registrySchema(each)) }));
  const engine = new CelEngine({ schemaValidatorConfig: { additionalSchemas } });
  try {
    return files.flatMap((file) =>
      copiesOf(file, definitions).flatMap((copy) => {
        const { status, diagnostics } = engine.validateStandard(new Copy(file.path, copy.json), config);
        if (status !== 'OK') throw new Error(`Validating ${file.path}: the validator answers ${status}`);
        return diagnostics.map((each) => findingOf(each, file.path, copy));
      }),
    );
  } finally {
    engine.free();
  }
}

function copiesOf(file: TemplateFile, definitions: readonly Definition[]): LocatedJson[] {
  const { places, template } = file;
  const custom = [...customResourcesOf(file, definitions)].map(([logicalId, definition]) => {
    return [logicalId, { type: registryName(definition), aliases: definition.aliases }] as const;
  });
  const copies = copiesForValidator(places.root as Record<string, unknown>, template, new Map(custom));
  return copies.map((copy) => locatedJson(copy, (path) => places.at(path).line));
}

function findingOf(
  { ruleId, message, entity, propertyPath, startLine }: StandardDiagnostic,
  path: string,
  { lines }: LocatedJson,
): Finding {
  const where = [entity?.logicalId, propertyPath].filter((part) => part !== undefined).join(' ');
  return {
    path,
    line: lines[(startLine ?? 1) - 1] ?? 1,
    rule: ruleId,
    message: where ? `${where}: ${message}` : message,
  };
}

/** A template that is in no file. */
class Copy extends File {
  readonly #json: string;

  constructor(path: string, json: string) {
    super(path);
    this.#json = json;
  }

  override readBytes() {
    return Buffer.from(this.#json);
  }
}
