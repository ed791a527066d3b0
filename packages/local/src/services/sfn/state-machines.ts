import type * as SFN from '@aws-sdk/client-sfn';
import { AwsError } from '../../errors.ts';
import { findRoleTrusting } from '../../iam/trust.ts';
import { pageOf } from '../../pages.ts';
import { requestId } from '../../request-id.ts';
import type { Call } from '../../service.ts';
import { tagsFrom } from '../tag-operations.ts';
import { checkDefinition, problemOf } from './definition.ts';
import { decryptWith, newDataKey } from './encryption.ts';
import { removeIfIdle } from './ending.ts';
import { invalidArn, invalidToken } from './errors.ts';
import { pageSize } from './history.ts';
import {
  checkName,
  getStateMachine,
  type Operations,
  type StateMachineRecord,
  stateMachineArn,
  stateMachines,
} from './records.ts';

export const stateMachineOperations: Operations = {
  async CreateStateMachine(input, call) {
    const { name = '', type = 'STANDARD', definition = '', roleArn = '' } = input;
    checkName(name);
    if (type !== 'STANDARD') {
      const message = `The local cloud runs STANDARD state machines, not ${type}.`;
      throw new AwsError('StateMachineTypeNotSupported', message);
    }
    checkDefinition(definition);
    checkEncryption(input.encryptionConfiguration);
    const arn = stateMachineArn(call, name);
    const present = stateMachines(call).get(arn);
    if (present) {
      checkSame(present, input);
      return { stateMachineArn: arn, creationDate: present.created };
    }
    checkRole(roleArn, arn, call);
    const dataKey = await newDataKey(input.encryptionConfiguration, arn, call);
    const quicker = stateMachines(call).get(arn);
    if (quicker) {
      checkSame(quicker, input);
      return { stateMachineArn: arn, creationDate: quicker.created };
    }
    const now = new Date(call.clock.now());
    const { logging, tracing, encryption } = settingsOf(input);
    const tags = tagsFrom(input.tags);
    const record = {
      arn,
      name,
      definition,
      roleArn,
      type,
      created: now,
      updated: now,
      logging,
      tracing,
      encryption,
      dataKey,
      tags,
    };
    stateMachines(call).set(arn, record);
    return { stateMachineArn: arn, creationDate: now };
  },

  async UpdateStateMachine(input, call) {
    const { definition, roleArn, loggingConfiguration, tracingConfiguration, encryptionConfiguration } = input;
    const record = getStateMachine(call, input.stateMachineArn);
    if (record.deleting) throw new AwsError('StateMachineDeleting', `State Machine is being deleted: '${record.arn}'`);
    if (
      [definition, roleArn, loggingConfiguration, tracingConfiguration, encryptionConfiguration].every((one) => !one)
    ) {
      const message =
        'Either the definition, the role ARN, the LoggingConfiguration, the TracingConfiguration, or the EncryptionConfiguration must be specified';
      throw new AwsError('MissingRequiredParameter', message);
    }
    if (definition !== undefined) checkDefinition(definition);
    if (roleArn !== undefined) checkRole(roleArn, record.arn, call);
    checkEncryption(encryptionConfiguration);
    const encryption = encryptionConfiguration ?? record.encryption;
    const dataKey = await newDataKey(encryption, record.arn, call);
    Object.assign(record, {
      updated: new Date(call.clock.now()),
      revisionId: requestId(call.cloud.store),
      ...(definition !== undefined && { definition }),
      ...(roleArn !== undefined && { roleArn }),
      ...(loggingConfiguration && { logging: loggingConfiguration }),
      ...(tracingConfiguration && { tracing: tracingConfiguration }),
      encryption,
      dataKey,
    });
    return { updateDate: record.updated, revisionId: record.revisionId };
  },

  async DescribeStateMachine({ stateMachineArn, includedData }, call) {
    const record = getStateMachine(call, stateMachineArn);
    if (includedData !== 'METADATA_ONLY') await decryptWith(record.arn, call);
    return {
      stateMachineArn: record.arn,
      name: record.name,
      status: record.deleting ? 'DELETING' : 'ACTIVE',
      // What the API says it gives instead of what is encrypted.
      definition: includedData === 'METADATA_ONLY' ? '' : record.definition,
      roleArn: record.roleArn,
      type: record.type,
      creationDate: record.created,
      revisionId: record.revisionId,
      loggingConfiguration: record.logging,
      tracingConfiguration: record.tracing,
      encryptionConfiguration: record.encryption,
    };
  },

  DeleteStateMachine({ stateMachineArn: arn = '' }, call) {
    if (!arn.includes(':stateMachine:')) throw invalidArn(arn);
    const record = stateMachines(call).get(arn);
    if (!record) return {};
    record.deleting = true;
    removeIfIdle(arn, call);
    return {};
  },

  ListStateMachines({ maxResults, nextToken }, call) {
    const keyOf = ({ name }: StateMachineRecord) => name;
    const request = { token: nextToken, size: pageSize(maxResults) };
    const { items, token } = pageOf(stateMachines(call).values(), keyOf, request, invalidToken);
    const listed = items.map(({ arn, name, type, created }) => ({
      stateMachineArn: arn,
      name,
      type,
      creationDate: created,
    }));
    return { stateMachines: listed, nextToken: token };
  },

  ValidateStateMachineDefinition({ definition = '' }) {
    const problem = problemOf(definition);
    if (problem === undefined) return { result: 'OK', diagnostics: [], truncated: false };
    const [, code, message] = /^([A-Z_]+): (.*)$/s.exec(problem)!;
    return { result: 'FAIL', diagnostics: [{ severity: 'ERROR', code, message }], truncated: false };
  },
};

type Settings = Pick<
  SFN.CreateStateMachineInput,
  'loggingConfiguration' | 'tracingConfiguration' | 'encryptionConfiguration'
>;

function settingsOf(input: Settings): Pick<StateMachineRecord, 'logging' | 'tracing' | 'encryption'> {
  return {
    logging: input.loggingConfiguration ?? { level: 'OFF', includeExecutionData: false },
    tracing: input.tracingConfiguration ?? { enabled: false },
    encryption: input.encryptionConfiguration ?? { type: 'AWS_OWNED_KEY' },
  };
}

/** Creating what is already there is no mistake, unless it is another; its role and its tags do not count. */
function checkSame(present: StateMachineRecord, input: SFN.CreateStateMachineInput): void {
  const { definition, logging, tracing, encryption, deleting } = present;
  if (deleting) throw new AwsError('StateMachineDeleting', `State Machine is being deleted: '${present.arn}'`);
  const asked = { definition: input.definition, ...settingsOf(input) };
  if (JSON.stringify(asked) === JSON.stringify({ definition, logging, tracing, encryption })) return;
  throw new AwsError('StateMachineAlreadyExists', `State Machine Already Exists: '${present.arn}'`);
}

function checkRole(roleArn: string, sourceArn: string, { cloud }: Call): void {
  if (!/^arn:aws[a-zA-Z-]*:iam::\d{12}:role\/.+$/.test(roleArn)) throw invalidArn(roleArn);
  if (findRoleTrusting(cloud.store, roleArn, 'states.amazonaws.com', sourceArn)) return;
  const message =
    'Neither the global service principal states.amazonaws.com, nor the regional one is authorized to assume the provided role.';
  throw new AwsError('AccessDeniedException', message);
}

function checkEncryption(encryption: SFN.EncryptionConfiguration | undefined): void {
  if (!encryption) return;
  const { type, kmsKeyId, kmsDataKeyReusePeriodSeconds: period } = encryption;
  const isCustomers = type === 'CUSTOMER_MANAGED_KMS_KEY';
  const fits = isCustomers ? kmsKeyId !== undefined : kmsKeyId === undefined && period === undefined;
  if (fits && (period === undefined || (period >= 60 && period <= 900))) return;
  const message = isCustomers
    ? 'Invalid Encryption Configuration: a customer managed key needs a kmsKeyId, and may be reused for 60 to 900 seconds'
    : 'Invalid Encryption Configuration: kmsKeyId and kmsDataKeyReusePeriodSeconds need the type CUSTOMER_MANAGED_KMS_KEY';
  throw new AwsError('InvalidEncryptionConfiguration', message);
}
