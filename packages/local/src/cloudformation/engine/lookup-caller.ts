import type { Principal } from '../../principal.ts';
import type { Home } from '../stack.ts';

/** The caller of the look-ups, and the place of the stack. */
export interface LookupCaller extends Home {
  readonly principal: Principal;
}
