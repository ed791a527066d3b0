import { existsSync, readFileSync } from 'node:fs';

/**
 * What AWS's service model says of the values of a shape beyond its type. Members, items, keys and values are names of
 * shapes; those without any constraint in them are left out.
 */
export interface Shape {
  /** Of a text or bytes, the length; of a list or map, the number of items; of a number, the value. */
  min?: number;
  max?: number;
  /** A regular expression in Java's syntax, which has to match the whole text. */
  pattern?: string;
  enum?: readonly string[];
  /** What kind of number it is, if it has bounds. */
  number?: 'integer' | 'float';
  /** Its value is never shown. */
  sensitive?: true;
  members?: Readonly<Record<string, string>>;
  item?: string;
  key?: string;
  value?: string;
}

/** The constraints on the input of a service's operations. */
export interface ServiceModel {
  /** The shape of each operation's input, where there is a constraint in it. */
  operations: Readonly<Record<string, string>>;
  shapes: Readonly<Record<string, Shape>>;
  /** Patterns that have no counterpart in JavaScript, and so are not checked. */
  unconverted: readonly string[];
}

/** A file a service, by its id; `npm run service-models` writes them. */
const directory = new URL('../../models/', import.meta.url);

const models = new Map<string, ServiceModel>();

const unknown: ServiceModel = { operations: {}, shapes: {}, unconverted: [] };

/** The model of a service of that id: `cloudwatch-logs`. One that is not the local cloud's own has no constraints. */
export function serviceModel(id: string): ServiceModel {
  let model = models.get(id);
  if (!model) {
    const file = new URL(`${id}.json`, directory);
    model = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as ServiceModel) : unknown;
    models.set(id, model);
  }
  return model;
}
