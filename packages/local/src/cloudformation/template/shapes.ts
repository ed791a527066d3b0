import { findBoolean, findIntrinsic, isMap } from './intrinsics.ts';

/** What a function's argument must look like before it is evaluated, and CloudFormation's words when it does not. */
export interface Shape {
  fits(argument: unknown): boolean;
  text: string;
}

const isText = (value: unknown) => typeof value !== 'object' || findIntrinsic(value) !== undefined;
const isList = (value: unknown) => Array.isArray(value) || findIntrinsic(value) !== undefined;
const isTuple = (value: unknown, least: number, most = least): value is unknown[] =>
  Array.isArray(value) && value.length >= least && value.length <= most;

const booleans = (name: string): Shape => ({
  fits: (argument) => isTuple(argument, 2, 10) && argument.every((item) => findBoolean(item)),
  text: `Template error: every ${name} object requires a list of at least 2 and at most 10 boolean parameters.`,
});

/** By the function's name. */
export const SHAPES = new Map<string, Shape>([
  [
    'Ref',
    {
      fits: (name) => typeof name === 'string' && name !== '',
      text: 'Template error: every Ref object must have a single String value.',
    },
  ],
  [
    'Condition',
    {
      fits: (name) => typeof name === 'string',
      text: 'Template format error: Every Condition member must be a string.',
    },
  ],
  [
    'Fn::GetAtt',
    {
      fits: (target) =>
        typeof target === 'string'
          ? /^[^.]+\../.test(target)
          : isTuple(target, 2) &&
            typeof target[0] === 'string' &&
            target[0] !== '' &&
            isText(target[1]) &&
            target[1] !== '',
      text: 'Template error: every Fn::GetAtt object requires two non-empty parameters, the resource name and the resource attribute',
    },
  ],
  [
    'Fn::Sub',
    {
      fits: (argument) =>
        typeof argument === 'string' ||
        (isTuple(argument, 1, 2) && typeof argument[0] === 'string' && isMap(argument[1] ?? {})),
      text: "Template error: One or more Fn::Sub intrinsic functions don't specify expected arguments. Specify a string as first argument, and an optional second argument to specify a mapping of values to replace in the string",
    },
  ],
  [
    'Fn::Join',
    {
      fits: (argument) => isTuple(argument, 2) && typeof argument[0] === 'string' && isList(argument[1]),
      text: 'Template error: every Fn::Join object requires two parameters, (1) a string delimiter and (2) a list of strings to be joined or a function that returns a list of strings (such as Fn::GetAZs) to be joined.',
    },
  ],
  [
    'Fn::Split',
    {
      fits: (argument) =>
        isTuple(argument, 2) && typeof argument[0] === 'string' && argument[0] !== '' && isText(argument[1]),
      text: 'Template error: every Fn::Split object requires two parameters, (1) a string delimiter and (2) a string to be split or a function that returns a string to be split.',
    },
  ],
  [
    'Fn::Select',
    {
      fits: (argument) =>
        isTuple(argument, 2) &&
        isList(argument[1]) &&
        (findIntrinsic(argument[0]) !== undefined || /^\d+$/.test(String(argument[0]))),
      text: 'Template error: Fn::Select requires a list argument with two elements: an integer index and a list',
    },
  ],
  [
    'Fn::FindInMap',
    {
      fits: (argument) => isTuple(argument, 3, 4) && argument.slice(0, 3).every(isText),
      text: 'Template error: every Fn::FindInMap object requires three parameters, the map name, map key and the attribute for return value',
    },
  ],
  [
    'Fn::If',
    {
      fits: (argument) => isTuple(argument, 3) && typeof argument[0] === 'string',
      text: 'Template error: Fn::If requires a list argument with three elements',
    },
  ],
  [
    'Fn::Equals',
    {
      fits: (argument) => isTuple(argument, 2),
      text: 'Template error: every Fn::Equals object requires a list of 2 string parameters.',
    },
  ],
  ['Fn::And', booleans('Fn::And')],
  ['Fn::Or', booleans('Fn::Or')],
  [
    'Fn::Not',
    {
      fits: (argument) => isTuple(argument, 1) && findBoolean(argument[0]) !== undefined,
      text: 'Template error: every Fn::Not object requires a list with exactly 1 boolean parameter.',
    },
  ],
  ['Fn::Base64', { fits: isText, text: 'Template error: every Fn::Base64 object must have a String-typed value.' }],
  ['Fn::GetAZs', { fits: isText, text: 'Template error: every Fn::GetAZs object must have a String-typed value.' }],
  [
    'Fn::ImportValue',
    {
      fits: isText,
      text: 'Template error: the attribute in Fn::ImportValue must be a string or a function that returns a string',
    },
  ],
  [
    'Fn::Cidr',
    {
      fits: (argument) => isTuple(argument, 2, 3) && argument.every(isText),
      text: 'Template error: every Fn::Cidr object requires (1) an IP block, (2) the number of blocks and optionally (3) the number of subnet bits',
    },
  ],
  ['Fn::Length', { fits: isList, text: 'Template error: Fn::Length requires a list, or a function that returns one' }],
  [
    'Fn::ToJsonString',
    {
      fits: (argument) => typeof argument === 'object',
      text: 'Template error: Fn::ToJsonString requires a map or a list',
    },
  ],
  [
    'Fn::Contains',
    {
      fits: (argument) => isTuple(argument, 2) && isList(argument[0]),
      text: 'Template error: every Fn::Contains object requires a list of strings and a string',
    },
  ],
  [
    'Fn::EachMemberEquals',
    {
      fits: (argument) => isTuple(argument, 2) && isList(argument[0]),
      text: 'Template error: every Fn::EachMemberEquals object requires a list of strings and a string',
    },
  ],
  [
    'Fn::EachMemberIn',
    {
      fits: (argument) => isTuple(argument, 2) && argument.every(isList),
      text: 'Template error: every Fn::EachMemberIn object requires two lists of strings',
    },
  ],
  [
    'Fn::RefAll',
    {
      fits: (type) => typeof type === 'string',
      text: 'Template error: every Fn::RefAll object requires a parameter type',
    },
  ],
  [
    'Fn::ValueOf',
    {
      fits: (argument) => isTuple(argument, 2) && argument.every((item) => typeof item === 'string'),
      text: 'Template error: every Fn::ValueOf object requires the name of a parameter and an attribute',
    },
  ],
  [
    'Fn::ValueOfAll',
    {
      fits: (argument) => isTuple(argument, 2) && argument.every((item) => typeof item === 'string'),
      text: 'Template error: every Fn::ValueOfAll object requires a parameter type and an attribute',
    },
  ],
]);
