import type * as SSM from '@aws-sdk/client-ssm';
import { AwsError } from '../../errors.ts';
import { pageOf } from '../../pages.ts';
import type { Call } from '../../service.ts';
import {
  arnOf,
  findParameter,
  getParameter,
  invalidToken,
  type Operations,
  parameters,
  type StoredParameter,
} from './state.ts';

/** What is written and known of parameters, but for their values. */
export const parameterOperations: Operations = {
  PutParameter(input, call) {
    const { Name: name = '', Value: value = '', Overwrite, Tags } = input;
    checkName(name);
    const present = parameters(call).get(name);
    if (present && !Overwrite) {
      const message =
        'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.';
      throw new AwsError('ParameterAlreadyExists', message);
    }
    if (Overwrite && Tags?.length) {
      throw invalid(
        "Invalid request: tags and overwrite can't be used together. To create a parameter with tags, please remove overwrite flag. To update tags for an existing parameter, please use AddTagsToResource or RemoveTagsFromResource.",
      );
    }
    const previous = present?.versions.at(-1);
    const type = input.Type ?? previous?.type;
    if (!type) throw invalid('A parameter type is required when you create a parameter.');
    const tier = input.Tier === 'Advanced' || previous?.tier === 'Advanced' ? 'Advanced' : 'Standard';
    checkValue(value, input.AllowedPattern ?? previous?.allowedPattern, tier);
    const parameter = present ?? { name, versions: [], tags: tagsFrom(Tags) };
    const version = (previous?.version ?? 0) + 1;
    parameter.versions.push({
      version,
      value,
      type,
      tier,
      modified: new Date(call.clock.now()),
      modifiedBy: call.principal.arn,
      dataType: input.DataType ?? previous?.dataType ?? 'text',
      description: input.Description ?? previous?.description,
      allowedPattern: input.AllowedPattern ?? previous?.allowedPattern,
      keyId: type === 'SecureString' ? (input.KeyId ?? previous?.keyId ?? 'alias/aws/ssm') : undefined,
    });
    // AWS keeps the last hundred versions.
    if (parameter.versions.length > 100) parameter.versions.shift();
    parameters(call).set(name, parameter);
    return { Version: version, Tier: tier };
  },

  DeleteParameter({ Name = '' }, call) {
    parameters(call).delete(getParameter(call, Name).name);
    return {};
  },
  DeleteParameters({ Names = [] }, call) {
    const present = Names.filter((name) => findParameter(call, name));
    for (const name of present) parameters(call).delete(getParameter(call, name).name);
    return { DeletedParameters: present, InvalidParameters: Names.filter((name) => !present.includes(name)) };
  },

  DescribeParameters({ ParameterFilters = [], MaxResults = 50, NextToken }, call) {
    const found = [...parameters(call).values()].filter((parameter) =>
      ParameterFilters.every((filter) => passes(parameter, filter)),
    );
    const request = { token: NextToken, size: MaxResults };
    const { items, token } = pageOf(found, ({ name }) => name, request, invalidToken);
    return { Parameters: items.map((parameter) => metadataOf(call, parameter)), NextToken: token };
  },

  AddTagsToResource({ ResourceId = '', Tags }, call) {
    Object.assign(taggedParameter(call, ResourceId).tags, tagsFrom(Tags));
    return {};
  },
  RemoveTagsFromResource({ ResourceId = '', TagKeys = [] }, call) {
    const { tags } = taggedParameter(call, ResourceId);
    for (const key of TagKeys) delete tags[key];
    return {};
  },
  ListTagsForResource({ ResourceId = '' }, call) {
    const { tags } = taggedParameter(call, ResourceId);
    return { TagList: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) };
  },
};

function checkName(name: string): void {
  if (!/^[\w.\-/]{1,1011}$/.test(name)) {
    throw invalid(
      'Invalid parameter name. Please use correct syntax for referencing a version/label  <name>:<version/label>. Parameter name: only a mix of letters, numbers and the following 4 symbols .-_/ is allowed.',
    );
  }
  if (/^\/?(aws|ssm)/i.test(name)) {
    throw invalid(
      `Parameter name: can't be prefixed with "${/ssm/i.test(name.slice(0, 4)) ? 'ssm' : 'aws'}" (case-insensitive).`,
    );
  }
  if (name.includes('/') && !name.startsWith('/')) {
    throw invalid('Parameter name must be a fully qualified name.');
  }
}

function checkValue(value: string, allowedPattern: string | undefined, tier: SSM.ParameterTier): void {
  const most = tier === 'Advanced' ? 8192 : 4096;
  if (Buffer.byteLength(value) > most) {
    const advice =
      tier === 'Standard'
        ? ' To create a larger parameter value, upgrade the parameter to use the advanced-parameter tier.'
        : '';
    throw invalid(`${tier} tier parameters support a maximum parameter value of ${most} characters.${advice}`);
  }
  if (allowedPattern !== undefined && !new RegExp(allowedPattern).test(value)) {
    const message = `Parameter value, cannot be validated against allowedPattern: ${allowedPattern}`;
    throw new AwsError('ParameterPatternMismatchException', message);
  }
}

function passes({ name, versions }: StoredParameter, { Key, Option, Values = [] }: SSM.ParameterStringFilter): boolean {
  const test = (value: string, wanted: string) => {
    if (Option === 'BeginsWith') return value.startsWith(wanted);
    return Option === 'Contains' ? value.includes(wanted) : value === wanted;
  };
  if (Key === 'Name') return Values.some((wanted) => test(name, wanted));
  if (Key === 'Type') return Values.some((wanted) => test(versions.at(-1)!.type, wanted));
  if (Key === 'Path') {
    return Values.some((path) => {
      const prefix = path.endsWith('/') ? path : `${path}/`;
      return name.startsWith(prefix) && (Option === 'Recursive' || !name.slice(prefix.length).includes('/'));
    });
  }
  throw new AwsError('InvalidFilterKey', `The local cloud filters parameters by Name, Type and Path, not by ${Key}.`);
}

function metadataOf(call: Call, { name, versions }: StoredParameter): SSM.ParameterMetadata {
  const latest = versions.at(-1)!;
  return {
    Name: name,
    ARN: arnOf(call, name),
    Type: latest.type,
    KeyId: latest.keyId,
    LastModifiedDate: latest.modified,
    LastModifiedUser: latest.modifiedBy,
    Description: latest.description,
    AllowedPattern: latest.allowedPattern,
    Version: latest.version,
    Tier: latest.tier,
    Policies: [],
    DataType: latest.dataType,
  };
}

function taggedParameter(call: Call, name: string): StoredParameter {
  const parameter = findParameter(call, name);
  if (!parameter) {
    const message = 'The resource ID is not valid. Verify that you entered the correct ID and try again.';
    throw new AwsError('InvalidResourceId', message);
  }
  return parameter;
}

function tagsFrom(tags: SSM.Tag[] = []): Record<string, string> {
  return Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Value]));
}

function invalid(message: string): AwsError {
  return new AwsError('ValidationException', message);
}
