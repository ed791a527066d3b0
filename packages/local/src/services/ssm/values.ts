import type * as SSM from '@aws-sdk/client-ssm';
import { AwsError } from '../../errors.ts';
import { pageOf } from '../../pages.ts';
import type { Call } from '../../service.ts';
import {
  arnOf,
  findParameter,
  getParameter,
  invalidToken,
  notFound,
  type Operations,
  parameters,
  type StoredParameter,
  type StoredVersion,
} from './state.ts';

/** What is read of parameters' values. */
export const valueOperations: Operations = {
  GetParameter({ Name = '', WithDecryption }, call) {
    const parameter = findValue(call, Name, WithDecryption);
    if (!parameter) throw missing(call, Name);
    return { Parameter: parameter };
  },

  GetParameters({ Names = [], WithDecryption }, call) {
    const found = new Map(Names.map((name) => [name, findValue(call, name, WithDecryption)]));
    return {
      Parameters: [...found.values()].filter((parameter) => parameter !== undefined),
      InvalidParameters: [...found].filter(([, parameter]) => !parameter).map(([name]) => name),
    };
  },

  GetParametersByPath({ Path = '', Recursive, WithDecryption, ParameterFilters, MaxResults = 10, NextToken }, call) {
    if (!Path.startsWith('/')) {
      const message =
        'The parameter doesn\'t meet the parameter name requirements. The parameter name must begin with a forward slash "/".';
      throw new AwsError('ValidationException', message);
    }
    const types = ParameterFilters?.find(({ Key }) => Key === 'Type')?.Values;
    const prefix = Path.endsWith('/') ? Path : `${Path}/`;
    const found = [...parameters(call).values()]
      .filter(({ name }) => name.startsWith(prefix) && (Recursive || !name.slice(prefix.length).includes('/')))
      .filter(({ versions }) => !types || types.includes(versions.at(-1)!.type));
    const request = { token: NextToken, size: MaxResults };
    const { items, token } = pageOf(found, ({ name }) => name, request, invalidToken);
    return {
      Parameters: items.map((one) => shown(call, one, one.versions.at(-1)!, WithDecryption)),
      NextToken: token,
    };
  },

  GetParameterHistory({ Name = '', WithDecryption, MaxResults = 50, NextToken }, call) {
    const { name, versions } = getParameter(call, Name);
    const keyOf = ({ version }: StoredVersion) => String(version).padStart(10, '0');
    const { items, token } = pageOf(versions, keyOf, { token: NextToken, size: MaxResults }, invalidToken);
    return {
      Parameters: items.map((one) => ({
        Name: name,
        Type: one.type,
        KeyId: one.keyId,
        LastModifiedDate: one.modified,
        LastModifiedUser: one.modifiedBy,
        Description: one.description,
        Value: shownValue(one, WithDecryption),
        AllowedPattern: one.allowedPattern,
        Version: one.version,
        Labels: [],
        Tier: one.tier,
        DataType: one.dataType,
      })),
      NextToken: token,
    };
  },
};

/** The parameter that `name`, `name:version` or an ARN with or without a version names, and which version. */
function resolve(call: Call, asked: string): { parameter?: StoredParameter; version?: string } {
  const [, name = asked, version] = /^(.+):([^:/]+)$/.exec(asked) ?? [];
  return { parameter: findParameter(call, name), version };
}

function findValue(call: Call, asked: string, decrypted: boolean | undefined): SSM.Parameter | undefined {
  const { parameter, version } = resolve(call, asked);
  if (version === undefined) return parameter && shown(call, parameter, parameter.versions.at(-1)!, decrypted);
  const found = parameter?.versions.find((one) => String(one.version) === version);
  return parameter && found && { ...shown(call, parameter, found, decrypted), Selector: `:${version}` };
}

function missing(call: Call, asked: string): AwsError {
  const { parameter, version } = resolve(call, asked);
  if (!parameter) return notFound(asked);
  const message = `Systems Manager could not find version ${version} of ${parameter.name}. Verify the version and try again.`;
  return new AwsError('ParameterVersionNotFound', message);
}

function shown(
  call: Call,
  { name }: StoredParameter,
  version: StoredVersion,
  decrypted: boolean | undefined,
): SSM.Parameter {
  return {
    Name: name,
    Type: version.type,
    Value: shownValue(version, decrypted),
    Version: version.version,
    LastModifiedDate: version.modified,
    ARN: arnOf(call, name),
    DataType: version.dataType,
  };
}

/** A SecureString that is not decrypted is a ciphertext, which reveals nothing of the value. */
function shownValue({ type, value, version }: StoredVersion, decrypted: boolean | undefined): string {
  if (type !== 'SecureString' || decrypted) return value;
  return Buffer.from(`kms:alias/aws/ssm:${version}`).toString('base64');
}
