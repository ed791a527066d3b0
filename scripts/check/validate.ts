import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  CelEngine,
  TemplateFile as File,
  type StandardDiagnostic,
  type ValidateConfig,
} from '@aws/cloudformation-validate';
import type { Definition } from '../reference/definition.ts';
import { registryName, registrySchema } from '../schemas/registry-schema.ts';
import type { TemplateFile } from '../templates/files.ts';
import { customResourcesOf } from './custom-resources.ts';
import type { Finding } from './findings.ts';
import { type LocatedJson, locatedJson } from './located-json.ts';
import { hashOf, type ResultCache } from './result-cache.ts';
import { copiesForValidator } from './validator-copy.ts';

/** Of unused parameters we know better: a condition that joins a list uses it. */
const config = { severityLevel: 'WARN', exclude: { ids: ['W2001'] } } as const satisfies ValidateConfig;

/** What AWS's validator says of each template: all that is worse than information. */
export function checkByValidator(
  files: readonly TemplateFile[],
  definitions: readonly Definition[],
  cache?: ResultCache,
): Finding[] {
  const copies = files.flatMap((file) => copiesOf(file, definitions));
  const schemas = new Map(definitions.map((each) => [registryName(each), JSON.stringify(registrySchema(each))]));
  const validator = cache && hashOfValidator();
  return copies.flatMap((copy) => {
    const { path, json, types } = copy;
    const inputs = [validator, config, path, json, types.map((type) => [type, schemas.get(type)])];
    let answer = cache?.find<StandardDiagnostic[]>(inputs);
    if (!answer) {
      answer = validated(engineWith([...schemas.values()]), copy);
      cache?.keep(inputs, answer);
    }
    return answer.map((each) => findingOf(each, copy));
  });
}

/** It takes seconds to begin, so it begins for what is not known, and the last one stays for who asks with the same schemas. */
let last: { schemas: string; engine: InstanceType<typeof CelEngine> } | undefined;

function engineWith(schemas: readonly string[]): InstanceType<typeof CelEngine> {
  const key = schemas.join('\n');
  if (last?.schemas === key) return last.engine;
  last?.engine.free();
  const additionalSchemas = schemas.map((schema) => ({ schema }));
  last = { schemas: key, engine: new CelEngine({ schemaValidatorConfig: { additionalSchemas } }) };
  return last.engine;
}

function validated(engine: InstanceType<typeof CelEngine>, { path, json }: Copy): StandardDiagnostic[] {
  const { status, diagnostics } = engine.validateStandard(new CopyFile(path, json), config);
  if (status !== 'OK') throw new Error(`Validating ${path}: the validator answers ${status}`);
  return diagnostics;
}

/** Of its files, and of this one, which asks it. */
function hashOfValidator(): string {
  const folder = dirname(fileURLToPath(import.meta.resolve('@aws/cloudformation-validate')));
  const names = readdirSync(folder).filter((name) => /\.(js|json|wasm)$/.test(name));
  const paths = [...names.sort().map((name) => join(folder, name)), import.meta.filename];
  return hashOf(paths.map((path) => hashOf(readFileSync(path))).join());
}

/** A template as the validator sees it, and the types of its custom resources. */
interface Copy extends LocatedJson {
  path: string;
  types: readonly string[];
}

function copiesOf(file: TemplateFile, definitions: readonly Definition[]): Copy[] {
  const { path, places, template } = file;
  const custom = [...customResourcesOf(file, definitions)].map(([logicalId, definition]) => {
    return [logicalId, registryName(definition)] as const;
  });
  const types = [...new Set(custom.map(([, type]) => type))].sort();
  const copies = copiesForValidator(places.root as Record<string, unknown>, template, new Map(custom));
  return copies.map((copy) => ({ path, types, ...locatedJson(copy, (place) => places.at(place).line) }));
}

function findingOf({ ruleId, message, entity, propertyPath, startLine }: StandardDiagnostic, copy: Copy): Finding {
  const where = [entity?.logicalId, propertyPath].filter((part) => part !== undefined).join(' ');
  return {
    path: copy.path,
    line: copy.lines[(startLine ?? 1) - 1] ?? 1,
    rule: ruleId,
    message: where ? `${where}: ${message}` : message,
  };
}

/** A template that is in no file. */
class CopyFile extends File {
  readonly #json: string;

  constructor(path: string, json: string) {
    super(path);
    this.#json = json;
  }

  override readBytes() {
    return Buffer.from(this.#json);
  }
}
