import { respond } from '@studio-resources/core';

/** Answers CloudFormation for a function that crashed, and for the waiter. No resource of templates. */
export const handler = respond;
