import { requestId } from '../../request-id.ts';
import { type ResourceContext, ResourceFailure } from '../resources/resource-type.ts';
import { awaitObject, cloudFormationBucket, putUrl } from '../resources/response-object.ts';
import { addSignal, dropSignals, findSignals } from '../resources/signals.ts';
import { nativeType } from './native-type.ts';
import { number, optional, text } from './property.ts';

/** Seconds between two polls for signals. */
const POLL_SECONDS = 2;

const handle = nativeType({
  type: 'AWS::CloudFormation::WaitConditionHandle',
  properties: {},
  async create(_, context) {
    const { cloud, region, stackId, logicalId } = context;
    const bucket = cloudFormationBucket('waitcondition', region);
    const key = `${stackId}/${logicalId}/${requestId(cloud.store)}`;
    const url = await putUrl(cloud, region, bucket, key);
    const listen = () => {
      awaitObject(cloud, bucket, key, (body) => {
        recordSignal(context, url, body);
        listen();
      });
    };
    listen();
    return { physicalId: url, attributes: {} };
  },
  async delete(url, _, context) {
    dropSignals(context, url);
  },
});

/** An object that is no signal is ignored: S3 has stored it. */
function recordSignal(context: ResourceContext, url: string, body: Uint8Array): void {
  try {
    const { Status, UniqueId, Data, Reason } = JSON.parse(new TextDecoder().decode(body)) as Record<string, string>;
    if (Status !== 'SUCCESS' && Status !== 'FAILURE') return;
    addSignal(context, url, { id: String(UniqueId), status: Status, data: String(Data ?? ''), reason: Reason });
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
}

const condition = nativeType({
  type: 'AWS::CloudFormation::WaitCondition',
  properties: { Count: optional(number), Handle: optional(text), Timeout: optional(number) },
  async create({ Handle, Count, Timeout }, context) {
    const { clock } = context.cloud;
    const { count = Count ?? 1, seconds = Timeout ?? 0 } = resourceSignal(context.creationPolicy);
    const receiver = Handle ?? `${context.stackId}/${context.logicalId}`;
    const physicalId = `${context.stackId.replace(':stack/', ':waitcondition/')}/${context.logicalId}`;
    const last = clock.now() + seconds * 1000;
    for (;;) {
      const signals = findSignals(context, receiver);
      const failed = signals.find(({ status }) => status === 'FAILURE');
      if (failed) {
        throw new ResourceFailure(
          `WaitCondition received failed message: '${failed.reason ?? ''}' for uniqueId: ${failed.id}`,
        );
      }
      if (signals.length >= count) {
        const Data = JSON.stringify(Object.fromEntries(signals.map(({ id, data }) => [id, data])));
        return { physicalId, attributes: { Data } };
      }
      if (clock.now() >= last) {
        throw new ResourceFailure(
          `WaitCondition timed out. Received ${signals.length} conditions when expecting ${count}`,
        );
      }
      await context.pause(POLL_SECONDS * 1000);
    }
  },
  async delete() {},
});

/** `CreationPolicy.ResourceSignal`: how many signals, and in how many seconds (written `PT5M`). */
function resourceSignal(policy: unknown): { count?: number; seconds?: number } {
  const { ResourceSignal: signal } = (policy ?? {}) as { ResourceSignal?: { Count?: unknown; Timeout?: unknown } };
  if (!signal) return {};
  const [, hours = '0', minutes = '0', seconds = '0'] =
    /^PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?$/.exec(String(signal.Timeout ?? 'PT5M')) ?? [];
  return { count: Number(signal.Count ?? 1), seconds: Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds) };
}

export const waitConditionTypes = [handle, condition];
