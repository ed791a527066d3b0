import type { Mistake, Part, Sign } from './mistake.ts';

const parts: readonly Part[] = ['property', 'came', 'cure'];

/** Which of the three parts a message lacks. */
export function lackingIn(message: string, mistake: Mistake): Part[] {
  return parts.filter((part) => !has(message, mistake[part]));
}

/** 2 where no part is lacking, 1 where one is, else 0. */
export function ratingOf(lacking: readonly Part[]): number {
  return Math.max(0, 2 - lacking.length);
}

export function mean(ratings: readonly number[]): number {
  return ratings.reduce((sum, each) => sum + each, 0) / ratings.length;
}

function has(message: string, sign: Sign): boolean {
  return typeof sign === 'string' ? message.includes(sign) : sign.test(message);
}
