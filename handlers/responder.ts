import { respond } from '@studio-resources/core';

/** Responds to CloudFormation for functions that crashed, and for the waiter. It is no resource type. */
export const handler = respond;
