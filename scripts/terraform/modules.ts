import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isResponder } from '../check/names.ts';
import { handlerNames, pascalCase, root } from '../handlers.ts';
import { definitionOf } from '../reference/definition.ts';
import type { TemplateFile } from '../templates/files.ts';
import { providerModule } from './provider-module.ts';
import { resourceModule } from './resource-module.ts';

const folder = 'cloudformation/terraform';

/** Matches the paths of generated modules. */
export const moduleName = /^cloudformation\/terraform\/[^/]+\/main\.tf$/;

/** Terraform's modules, by their paths: one for the provider, and one for each resource. */
export async function terraformModules(files: readonly TemplateFile[]): Promise<Map<string, string>> {
  const names = handlerNames().filter(
    (name) => !isResponder(readFileSync(join(root, 'handlers', `${name}.ts`), 'utf8')),
  );
  const provider = files.find(({ path }) => path === 'cloudformation/provider.yaml');
  const installer = (name: string) =>
    provider?.template.outputs.has(`${pascalCase(name)}ServiceToken`) ? 'provider.yaml' : `${name}.yaml`;
  const resources = await Promise.all(
    names.map(async (name) => {
      const module = resourceModule(name, await definitionOf(name), installer(name));
      return [`${folder}/${name}/main.tf`, module] as const;
    }),
  );
  return new Map([
    ...(provider ? [[`${folder}/provider/main.tf`, providerModule(provider)] as const] : []),
    ...resources,
  ]);
}
