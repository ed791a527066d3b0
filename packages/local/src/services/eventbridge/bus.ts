import type { ServiceEvent } from '../../cloud-events.ts';
import { requestId } from '../../request-id.ts';
import type { Cloud } from '../../service.ts';
import { deliver } from './delivery.ts';
import { matches } from './pattern.ts';
import type { BusEvent, RuleRecord } from './records.ts';

/** How long an event is under way, in seconds. */
const lag = 0.5;

/** Puts on the bus what services tell of themselves. */
export function followServices(cloud: Cloud): void {
  cloud.events.on('event', (event) => {
    put(cloud, event);
  });
}

/** Puts an event on the default bus of its account and Region, to be delivered a moment later; gives its id. */
export function put(cloud: Cloud, { detailType, ...event }: ServiceEvent, seconds = lag): string {
  const time = new Date(cloud.clock.now()).toISOString();
  const whole: BusEvent = { version: '0', id: requestId(cloud.store), 'detail-type': detailType, time, ...event };
  for (const { shown, targets } of rulesIn(cloud, whole).values()) {
    if (shown.State === 'DISABLED' || !matches(JSON.parse(shown.EventPattern!), whole)) continue;
    const bring = () => Promise.all(targets.map((target) => deliver(target, whole, shown, cloud)));
    cloud.clock.after(1000 * seconds * cloud.durations, () => void bring());
  }
  return whole.id;
}

/** The rules of an account in a Region. */
export function rulesIn({ store }: Cloud, { account, region }: { account: string; region: string }) {
  return store.table<RuleRecord>('eventbridge', { account, region }, 'rules');
}
