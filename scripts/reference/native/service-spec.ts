/** Of the database in @aws-cdk/aws-service-spec, what is read here. */
export interface ServiceSpec {
  schema: {
    resource: { entities: { cloudFormationType: string; properties: Properties }[] };
    typeDefinition: { entities: { $id: string; properties: Properties }[] };
  };
}

type Properties = Readonly<Record<string, { type: PropertyType }>>;

interface PropertyType {
  /** `ref`, `array`, `map`, `union`, `tag`, or a simple type. */
  type: string;
  reference?: Readonly<Record<string, string>>;
  element?: PropertyType;
  types?: readonly PropertyType[];
}

/**
 * The paths of the properties of these types, to the bottom, without what is only read: `Tags[].Key`.
 *
 * @throws Error if the database has no such type
 */
export function nativeMembers({ schema }: ServiceSpec, types: readonly string[]): Record<string, string[]> {
  const definitions = new Map(schema.typeDefinition.entities.map((each) => [each.$id, each.properties]));
  const inside = (properties: Properties, path: string): string[] =>
    Object.entries(properties).flatMap(([name, { type }]) => {
      const own = path === '' ? name : `${path}.${name}`;
      return [own, ...within(type, own)];
    });
  const within = ({ type, reference = {}, element, types: choices = [] }: PropertyType, path: string): string[] => {
    if (type === 'ref') return inside(definitions.get(Object.values(reference)[0]!)!, path);
    // The structure of a tag is not among the definitions.
    if (type === 'tag') return [`${path}.Key`, `${path}.Value`];
    if (element) return within(element, `${path}${type === 'array' ? '[]' : '{}'}`);
    return choices.flatMap((each) => within(each, path));
  };
  const found = types.map((type) => {
    const resource = schema.resource.entities.find(({ cloudFormationType }) => cloudFormationType === type);
    if (!resource) throw new Error(`Reading the members of ${type}: the database has no such type`);
    return [type, [...new Set(inside(resource.properties, ''))].sort()] as const;
  });
  return Object.fromEntries(found);
}
