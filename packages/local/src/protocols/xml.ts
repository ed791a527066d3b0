import { XmlShapeDeserializer, XmlShapeSerializer } from '@aws-sdk/core/protocols';
import type { NormalizedSchema } from '@smithy/core/schema';
import type { $SchemaRef, SchemaTraits, StaticStructureSchema } from '@smithy/types';

/** A structure that no SDK knows, such as the envelope of a query's answer, in the order in which it is written. */
export function structure(
  name: string,
  members: Record<string, $SchemaRef>,
  traits: SchemaTraits = 0,
): StaticStructureSchema {
  return [3, 'envelope', name, traits, Object.keys(members), Object.values(members)];
}

function settings(xmlNamespace: string) {
  return {
    // 5: times are written as `2026-11-21T06:24:00Z` unless the schema says otherwise.
    timestampFormat: { useTrait: true, default: 5 as const },
    httpBindings: true,
    xmlNamespace,
    serviceNamespace: 'envelope',
  };
}

/** An XML document with the schema's name as its root. */
export function writeXml(schema: NormalizedSchema | StaticStructureSchema, value: unknown, xmlNamespace = ''): string {
  const serializer = new XmlShapeSerializer(settings(xmlNamespace));
  serializer.write(schema, value);
  return `<?xml version="1.0" encoding="UTF-8"?>\n${serializer.flush()}`;
}

/** Reads a document whose root stands for the schema's value. Elements that the schema lacks are ignored, as S3 does. */
export function readXml(schema: NormalizedSchema, document: Uint8Array): unknown {
  return new XmlShapeDeserializer(settings('')).read(schema, document);
}
