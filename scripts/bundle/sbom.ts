import { createHash } from 'node:crypto';
import { Enums, Models, Serialize, Spec } from '@cyclonedx/cyclonedx-library';
import type { Bundled } from './licenses.ts';

/** A zip and the packages of npm that are in it. */
export interface Content {
  /** Its path in a release, such as `studio-domain.zip`. */
  readonly path: string;
  readonly zip: Uint8Array;
  readonly packages: readonly Bundled[];
}

/**
 * The software bill of materials of a release, as CycloneDX 1.6 in JSON: each zip with its SHA-256, and the packages that
 * it has something of. It has no time and no serial number, so that the same contents give the same text.
 */
export function sbomOf(contents: readonly Content[], version: string): string {
  const { Component, ComponentRepository } = Models;
  const project = new Component(Enums.ComponentType.Application, 'studio-resources', {
    version,
    bomRef: `studio-resources@${version}`,
    licenses: licenseOf('Apache-2.0'),
  });
  const packages = new Map<string, Models.Component>();
  for (const one of contents.flatMap((content) => content.packages)) packages.set(purlOf(one), libraryOf(one));
  const zips = contents.map(({ path, zip, packages: inside }) => {
    const component = new Component(Enums.ComponentType.File, path, {
      version,
      bomRef: path,
      hashes: new Models.HashDictionary([
        [Enums.HashAlgorithm['SHA-256'], createHash('sha256').update(zip).digest('hex')],
      ]),
      licenses: licenseOf('Apache-2.0'),
    });
    for (const one of inside) component.dependencies.add(packages.get(purlOf(one))!.bomRef);
    project.dependencies.add(component.bomRef);
    return component;
  });
  const bom = new Models.Bom({
    metadata: new Models.Metadata({ component: project }),
    components: new ComponentRepository([...zips, ...packages.values()]),
  });
  const serializer = new Serialize.JsonSerializer(new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6));
  return `${serializer.serialize(bom, { sortLists: true, space: 2 })}\n`;
}

function libraryOf(one: Bundled): Models.Component {
  const [, group, name = one.name] = /^(@[^/]+)\/(.*)$/.exec(one.name) ?? [];
  const purl = purlOf(one);
  return new Models.Component(Enums.ComponentType.Library, name, {
    group,
    version: one.version,
    purl,
    bomRef: purl,
    licenses: licenseOf(one.license),
  });
}

function licenseOf(id: string): Models.LicenseRepository {
  return new Models.LicenseRepository([new Models.SpdxLicense(id)]);
}

/** The package URL: https://github.com/package-url/purl-spec */
function purlOf({ name, version }: Bundled): string {
  return `pkg:npm/${name.replace('@', '%40')}@${version}`;
}
