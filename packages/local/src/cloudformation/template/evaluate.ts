/**
 * The values of a template's functions, conditions and rules.
 *
 * @module
 */
export { evaluateConditions } from './conditions.ts';
export { checkKnownValues } from './known.ts';
export { evaluateRules, type ParameterAttributes } from './rules.ts';
export type { ConditionScope, DynamicService, Pseudo, Scope } from './scope.ts';
export { evaluate } from './value.ts';
