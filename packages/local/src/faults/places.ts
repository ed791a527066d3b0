import { modelOf } from '../protocols/model.ts';
import type { Service } from '../service.ts';
import { isLike } from './faults.ts';
import type { Rule } from './rule.ts';

/** Throws for a rule about a service, or an operation, that there is none of: it would never match. */
export function checkPlaces(rules: readonly Rule[], services: ReadonlyMap<string, Service>): void {
  for (const [index, rule] of rules.entries()) {
    if (rule.on !== 'call' || (rule.service ?? rule.operation) === undefined) continue;
    const { service = '*', operation = '*' } = rule;
    const meant = [...services.values()].filter(({ id }) => isLike(id, service));
    if (meant.length === 0) {
      throw new Error(
        `Reading faults: rules[${index}].service: "${service}" is no service of the local cloud. It has: ${[...services.keys()].sort().join(', ')}`,
      );
    }
    const isKnown = meant.some((one) => [...modelOf(one).operations.keys()].some((name) => isLike(name, operation)));
    if (!isKnown) {
      throw new Error(
        `Reading faults: rules[${index}].operation: no operation of ${meant.map(({ id }) => id).join(', ')} is called "${operation}". It is spelled as in the API, such as DescribeDomain, and * stands for any part of it`,
      );
    }
  }
}
