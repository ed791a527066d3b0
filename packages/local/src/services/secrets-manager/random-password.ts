import { between } from '../../random.ts';
import type { Store } from '../../store.ts';
import { invalidParameter, type Operations } from './records.ts';

const types = {
  lowercase: 'abcdefghijklmnopqrstuvwxyz',
  uppercase: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
  numbers: '0123456789',
  punctuation: '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~',
  space: ' ',
};

/** Passwords look random, and are the same in every equal run. */
export const passwordOperations: Operations = {
  GetRandomPassword(input, { cloud: { store } }) {
    const { PasswordLength: length = 32, ExcludeCharacters = '', RequireEachIncludedType = true } = input;
    const included = [
      !input.ExcludeLowercase && types.lowercase,
      !input.ExcludeUppercase && types.uppercase,
      !input.ExcludeNumbers && types.numbers,
      !input.ExcludePunctuation && types.punctuation,
      input.IncludeSpace && types.space,
    ]
      .filter((type) => typeof type === 'string')
      .map((type) => [...type].filter((character) => !ExcludeCharacters.includes(character)).join(''));
    const all = included.join('');
    if (all === '') throw invalidParameter('No characters are left for the password: fewer must be excluded.');
    const password = Array.from({ length }, () => oneOf(all, store));
    if (RequireEachIncludedType) putEach(password, included, store);
    return { RandomPassword: password.join('') };
  },
};

/** Puts a character of each type at a place of its own. */
function putEach(password: string[], included: readonly string[], store: Store): void {
  const required = included.filter((type) => type !== '');
  if (required.length > password.length) {
    throw invalidParameter('The password length is too short for one character of each included type.');
  }
  const places = password.map((_, place) => place);
  for (const type of required) {
    const [place] = places.splice(draw(places.length, store), 1);
    password[place!] = oneOf(type, store);
  }
}

function oneOf(characters: string, store: Store): string {
  return characters[draw(characters.length, store)]!;
}

/** A whole number from 0 to below `end`. */
function draw(end: number, store: Store): number {
  return Math.min(end - 1, Math.floor(between(store, [0, end])));
}
