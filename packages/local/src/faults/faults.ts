import { generator } from './generator.ts';
import type { FaultPlan, InjectedFault, Place, Rule, RuleOf, RuleOn } from './rule.ts';

/** A rule, and how far it has come. */
interface RuleState {
  rule: Rule;
  name: string;
  draw: () => number;
  matches: number;
  injected: number;
}

/** The members of a rule that say where its fault is injected. */
const placeMembers = ['account', 'service', 'operation', 'function', 'kind', 'during', 'quota', 'resource'] as const;

/**
 * Decides where faults are injected. Each rule has random numbers of its own, which depend on the seed and on the rule alone:
 * one that is added, or that injects first, does not change when the others do.
 */
export class Faults {
  readonly #rules: RuleState[];
  readonly #report: (fault: Omit<InjectedFault, 'time'>) => void;

  constructor({ rules, seed = 1 }: FaultPlan, tell: (fault: Omit<InjectedFault, 'time'>) => void) {
    const alike = new Map<string, number>();
    this.#rules = rules.map((rule, index) => {
      const text = rule.name ?? canonical(rule);
      const before = alike.get(text) ?? 0;
      alike.set(text, before + 1);
      const draw = generator(`${seed} ${before} ${text}`);
      return { rule, name: rule.name ?? `rules[${index}]`, draw, matches: 0, injected: 0 };
    });
    this.#report = tell;
  }

  /**
   * The first rule of the list that matches there and injects one of these faults, if any. It is reported.
   * `wanted` leaves out rules that would change nothing.
   */
  inject<const On extends Rule['on'], const Fault extends RuleOn<On>['fault']>(
    on: On,
    faults: readonly Fault[],
    where: Place,
    isEffective: (rule: RuleOf<On, Fault>) => boolean = () => true,
  ): RuleOf<On, Fault> | undefined {
    const isMeant = (rule: Rule): rule is RuleOf<On, Fault> =>
      rule.on === on && (faults as readonly string[]).includes(rule.fault) && matches(rule, where);
    let first: { watched: RuleState; rule: RuleOf<On, Fault> } | undefined;
    for (const watched of this.#rules) {
      const { rule } = watched;
      if (!isMeant(rule) || !isEffective(rule)) continue;
      watched.matches += 1;
      if (watched.matches <= (rule.after ?? 0)) continue;
      const isDrawn = watched.draw() < (rule.rate ?? 1);
      if (isDrawn && watched.injected < (rule.count ?? Number.POSITIVE_INFINITY)) first ??= { watched, rule };
    }
    if (!first) return undefined;
    first.watched.injected += 1;
    this.#report({ rule: first.watched.name, kind: `${on} ${first.rule.fault}`, where });
    return first.rule;
  }
}

function matches(rule: Rule, where: Place): boolean {
  const said: Partial<Record<(typeof placeMembers)[number], string>> = rule;
  return placeMembers.every((name) => {
    const pattern = said[name];
    return pattern === undefined || isLike(where[name], pattern);
  });
}

/** Whether a name fits a pattern in which `*` stands for any part. */
export function isLike(name: string | undefined, pattern: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[\\^$.+?()[\]{}|]/g, '\\$&'));
  return name !== undefined && new RegExp(`^${parts.join('.*')}$`, 's').test(name);
}

/** The same text whatever the order of the members. */
function canonical(rule: Rule): string {
  return JSON.stringify(Object.entries(rule).sort(([a], [b]) => (a < b ? -1 : 1)));
}
