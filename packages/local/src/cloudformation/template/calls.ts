import {
  BOOLEAN_FUNCTIONS,
  findBoolean,
  findIntrinsic,
  type Intrinsic,
  isMap,
  LANGUAGE_EXTENSIONS,
  RULE_FUNCTIONS,
  SUPPORTED_FUNCTIONS,
} from './intrinsics.ts';
import { SHAPES } from './shapes.ts';
import { type Source, templateError } from './source.ts';
import { subArgument, subParts } from './sub.ts';

/** Where a value stands decides which functions it may use. */
export type Place = 'value' | 'condition' | 'rule';

const NOT_IN_CONDITIONS = ['Fn::GetAtt', 'Fn::ImportValue'];

/** Checks that every function call within `value`, found at `path`, is known, in its place, and of the right shape. */
export class CallCheck {
  readonly #source: Source;
  readonly #extended: boolean;

  constructor(source: Source, transforms: readonly string[]) {
    this.#source = source;
    this.#extended = transforms.includes('AWS::LanguageExtensions');
  }

  value(value: unknown, path: string, place: Place): void {
    const call = findIntrinsic(value);
    if (call) {
      this.#call(call, `${path}/${call.name}`, place);
    } else if (Array.isArray(value)) {
      for (const [index, item] of value.entries()) this.value(item, `${path}/${index}`, place);
    } else if (isMap(value)) {
      for (const [key, member] of Object.entries(value)) {
        if (key.startsWith('Fn::')) {
          throw this.#error(
            `Template format error: [${path}] ${key} must be the only member of its map`,
            `${path}/${key}`,
          );
        }
        this.value(member, `${path}/${key}`, place);
      }
    }
  }

  /** A value that must be a boolean: a condition, or an operand of one. */
  boolean(value: unknown, path: string, place: Place): void {
    const call = findBoolean(value);
    if (!call) {
      const text =
        'Template format error: Conditions can only be boolean operations on parameters and other conditions';
      throw this.#error(text, path);
    }
    this.#call(call, `${path}/${call.name}`, place);
  }

  #call({ name, argument }: Intrinsic, path: string, place: Place): void {
    this.#known(name, path, place);
    const shape = SHAPES.get(name);
    if (!shape?.fits(argument) || (name === 'Fn::FindInMap' && !this.#fitsDefault(argument as unknown[]))) {
      throw this.#error(shape?.text ?? name, path);
    }
    if (name === 'Fn::And' || name === 'Fn::Or' || name === 'Fn::Not') {
      for (const [index, item] of (argument as unknown[]).entries()) this.boolean(item, `${path}/${index}`, place);
    } else if (name === 'Fn::Sub') {
      this.#sub(argument, path, place);
    } else {
      this.value(argument, path, place);
    }
  }

  #known(name: string, path: string, place: Place): void {
    if (!SUPPORTED_FUNCTIONS.includes(name) && !(this.#extended && LANGUAGE_EXTENSIONS.includes(name))) {
      const supported = this.#extended ? [...SUPPORTED_FUNCTIONS, ...LANGUAGE_EXTENSIONS] : SUPPORTED_FUNCTIONS;
      throw this.#error(
        `Template Error: Encountered unsupported function: ${name} Supported functions are: [${supported.join(', ')}]`,
        path,
      );
    }
    if (place === 'value' && BOOLEAN_FUNCTIONS.includes(name)) {
      throw this.#error(`Template error: ${name} cannot be partially collapsed`, path);
    }
    if (place !== 'rule' && RULE_FUNCTIONS.includes(name)) {
      throw this.#error(`Template error: ${name} can only be used in Rules`, path);
    }
    if (place !== 'value' && NOT_IN_CONDITIONS.includes(name)) {
      throw this.#error(`Template error: Cannot use ${name} in ${place === 'rule' ? 'Rules' : 'Conditions'}.`, path);
    }
  }

  /** The fourth element of `Fn::FindInMap` belongs to the language extensions. */
  #fitsDefault(argument: unknown[]): boolean {
    if (argument.length === 3) return true;
    const [, , , options] = argument;
    return this.#extended && isMap(options) && Object.keys(options).join() === 'DefaultValue';
  }

  #sub(argument: unknown, path: string, place: Place): void {
    const { text, variables } = subArgument(argument);
    for (const part of subParts(text)) {
      if ('variable' in part && !/^[A-Za-z0-9_.:]+$/.test(part.variable)) {
        const rule = 'must contain only alphanumeric characters, underscores, periods, and colons';
        throw this.#error(`Template error: variable names in Fn::Sub syntax ${rule}`, path);
      }
    }
    this.value(variables, `${path}/1`, place);
  }

  #error(text: string, path: string) {
    return templateError(text, this.#source.at(path));
  }
}
