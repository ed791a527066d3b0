import type { Call } from '../../service.ts';
import { invalidParameter } from './errors.ts';
import { parseReference } from './names.ts';
import { type FunctionRecord, functionsOf, getFunction, type Operations } from './records.ts';

const maxTags = 50;

export const tagOperations: Operations = {
  TagResource({ Resource, Tags }, call) {
    const record = tagged(Resource, call);
    const tags = { ...record.tags, ...Tags };
    if (Object.keys(tags).length > maxTags) throw invalidParameter(`A function can have at most ${maxTags} tags.`);
    record.tags = tags;
    return {};
  },

  UntagResource({ Resource, TagKeys = [] }, call) {
    const record = tagged(Resource, call);
    for (const key of TagKeys) delete record.tags[key];
    return {};
  },

  ListTags({ Resource }, call) {
    return { Tags: tagged(Resource, call).tags };
  },
};

/** The tags of the function of that ARN, of one of its versions or of one of its aliases. */
export function tagsOf(arn: string, call: Call): Record<string, string> | undefined {
  if (!/^arn:aws[a-zA-Z-]*:lambda:[^:]*:\d{12}:function:/.test(arn)) return undefined;
  const reference = parseReference(arn, call);
  return functionsOf(call, reference).get(reference.name)?.tags;
}

function tagged(arn: string | undefined, call: Call): FunctionRecord {
  const { record, reference } = getFunction(call, arn);
  if (reference.qualifier) {
    throw invalidParameter(
      'Tags on function aliases and versions are not supported. Please specify either a function ARN or an event source mapping ARN.',
    );
  }
  return record;
}
